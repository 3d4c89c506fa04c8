"""Whether a dose can be made at all of what is on the shelves, the nearest that can, and one simple way to make it.

A dose is made of counted units, with the parts that a unit may be divided into, and at most one liquid measured on its
grid. IR (with ODT and film), XR and SL are never put together in one dose.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from math import gcd, lcm

from glidepath.checker.units import Shelf, shelves_of
from glidepath.facts.formulary import Formulary
from glidepath.facts.model import Product

MOST_UNITS = 12  # in one intake
TENTHS_LOW, TENTHS_HIGH = 5, 200  # of a mL: 0.5 to 20 mL, in steps of 0.1
WHOLE_DAY_INTAKES = 4  # a line without a time may be as many doses

Way = tuple[tuple[Product, Fraction], ...]


@lru_cache(maxsize=1024)
def _fewest(parts: tuple[tuple[int, int], ...], upto: int) -> tuple[int, ...]:
    """For each amount up to `upto`: the fewest quarter-units that make it (-1: cannot be made).

    `parts` has, for each product, the amount of its smallest part and the quarter-units that part takes.
    """
    fewest = [0] + [-1] * upto
    for amount in range(1, upto + 1):
        best = -1
        for size, quarters in parts:
            if size <= amount and fewest[amount - size] >= 0:
                total = fewest[amount - size] + quarters
                if best < 0 or total < best:
                    best = total
        fewest[amount] = best
    return tuple(fewest)


@dataclass(frozen=True, slots=True)
class _Grid:
    """A shelf in whole numbers for one dose: amounts in multiples of `unit` mg, coarse enough to count through."""

    unit: Fraction
    fewest: tuple[int, ...]
    most_quarters: int

    def makes(self, place: int) -> bool:
        return 0 <= self.fewest[place] <= self.most_quarters


@lru_cache(maxsize=4096)
def _grid(shelf_parts: tuple[tuple[Fraction, int], ...], upto: Fraction, intakes: int) -> _Grid:
    if not shelf_parts:
        return _Grid(Fraction(1), (0,), 0)
    common = lcm(*(size.denominator for size, _ in shelf_parts))
    whole = [(size.numerator * (common // size.denominator), quarters) for size, quarters in shelf_parts]
    step = gcd(*(size for size, _ in whole))
    parts = tuple((size // step, quarters) for size, quarters in whole)
    unit = Fraction(step, common)
    # Rounded up to a power of two, so that a whole taper shares a few tables.
    most = max(size * 4 / quarters for size, quarters in shelf_parts) * MOST_UNITS * intakes
    places = 1 << max(4, int(min(upto, most) / unit).bit_length())
    return _Grid(unit, _fewest(parts, places), MOST_UNITS * 4 * intakes)


def _parts(shelf: Shelf) -> tuple[tuple[Fraction, int], ...]:
    return tuple((p.strength * part, int(part * 4)) for p, part in shelf.counted)


def on_grid(volume: Fraction, intakes: int = 1) -> bool:
    """Whether a volume in mL can be measured: a multiple of 0.1 mL, from 0.5 to 20 mL for each intake."""
    tenths = volume * 10
    return tenths.denominator == 1 and TENTHS_LOW <= tenths <= TENTHS_HIGH * intakes


@lru_cache(maxsize=8192)
def can_be_made(
    dose: Fraction,
    drug: str,
    formulary: Formulary,
    region: str,
    confirmed: frozenset[str] = frozenset(),
    declared: tuple[Product, ...] = (),
    intakes: int = 1,
    release: str = "",
) -> bool:
    """Whether a dose (mg, above zero) can be made of the region's products of its drug."""
    shelves = shelves_of(drug, formulary, region, confirmed, declared, release)
    return any(_made_from(shelf, dose, intakes) for shelf in shelves)


def _made_from(shelf: Shelf, dose: Fraction, intakes: int) -> bool:
    grid = _grid(_parts(shelf), dose, intakes)
    return _counted(grid, dose) or any(
        True for liquid in shelf.liquids for _ in _topped_up(grid, liquid, dose, intakes)
    )


def _counted(grid: _Grid, dose: Fraction) -> bool:
    """Whether counted units alone make the dose."""
    place = dose / grid.unit
    return place.denominator == 1 and place < len(grid.fewest) and grid.makes(int(place))


def _topped_up(grid: _Grid, liquid: Product, dose: Fraction, intakes: int) -> Iterator[tuple[int, int]]:
    """Places of the grid that a measured volume tops up to the dose, each with the tenths of a mL."""
    whole, step, common = _in_tenths(grid, liquid, dose)
    for k in range(min(len(grid.fewest), whole // step + 1)):
        tenths, odd = divmod(whole - k * step, common)
        if not odd and TENTHS_LOW <= tenths <= TENTHS_HIGH * intakes and grid.makes(k):
            yield k, tenths


def _in_tenths(grid: _Grid, liquid: Product, dose: Fraction) -> tuple[int, int, int]:
    """The dose and a place of the grid as whole numbers of which the third returned make 0.1 mL."""
    tenth = liquid.strength / 10
    wanted, step = dose / tenth, grid.unit / tenth
    common = lcm(wanted.denominator, step.denominator)
    return int(wanted * common), int(step * common), common


@lru_cache(maxsize=4096)
def nearest(
    dose: Fraction,
    drug: str,
    formulary: Formulary,
    region: str,
    confirmed: frozenset[str] = frozenset(),
    declared: tuple[Product, ...] = (),
    intakes: int = 1,
    liquids: bool = True,
    release: str = "",
) -> tuple[Fraction | None, Fraction | None]:
    """The nearest dose below and the nearest above that can be made (None: there is none), with liquids or without."""
    below: list[Fraction] = []
    above: list[Fraction] = []
    for shelf in shelves_of(drug, formulary, region, confirmed, declared, release):
        largest = max((p.strength for p, _ in shelf.counted), default=Fraction(0))
        grid = _grid(_parts(shelf), 2 * dose + largest, intakes)
        made = [k for k in range(len(grid.fewest)) if grid.makes(k)]
        place = dose / grid.unit
        below += [k * grid.unit for k in made if 0 < k < place][-1:]
        above += [k * grid.unit for k in made if k > place][:1]
        for liquid in shelf.liquids if liquids else ():
            whole, step, common = _in_tenths(grid, liquid, dose)
            mg = liquid.strength / 10 / common
            under: list[int] = []
            over: list[int] = []
            for k in made:
                room = whole - k * step
                if room < 0:
                    break
                up_to = min(-(-room // common) - 1, TENTHS_HIGH * intakes)
                if up_to >= TENTHS_LOW:
                    under.append(k * step + up_to * common)
                beyond = max(TENTHS_LOW, room // common + 1)
                if beyond <= TENTHS_HIGH * intakes:
                    over.append(k * step + beyond * common)
            below += [max(under) * mg] if under else []
            above += [min(over) * mg] if over else []
    return max(below, default=None), min(above, default=None)


@lru_cache(maxsize=4096)
def lowest_counted(
    low: Fraction,
    high: Fraction,
    drug: str,
    formulary: Formulary,
    region: str,
    confirmed: frozenset[str] = frozenset(),
    declared: tuple[Product, ...] = (),
    intakes: int = 1,
    release: str = "",
) -> Fraction | None:
    """The lowest dose from `low` (included) to `high` (not included) that tablets or capsules alone make, or None."""
    found: list[Fraction] = []
    for shelf in shelves_of(drug, formulary, region, confirmed, declared, release):
        grid = _grid(_parts(shelf), high, intakes)
        first = -(-low // grid.unit)
        places = range(max(1, int(first)), min(len(grid.fewest), int(-(-high // grid.unit))))
        found += [place * grid.unit for place in places if grid.makes(place)][:1]
    return min(found, default=None)


@lru_cache(maxsize=4096)
def ways(
    dose: Fraction,
    drug: str,
    formulary: Formulary,
    region: str,
    confirmed: frozenset[str] = frozenset(),
    declared: tuple[Product, ...] = (),
    intakes: int = 1,
    release: str = "",
) -> Way | None:
    """One simple way to make a dose, as products and units (mL of a liquid), or None.

    No liquid where possible; then few strengths, few divided units, few units.
    """
    shelves = shelves_of(drug, formulary, region, confirmed, declared, release)
    found = [way for shelf in shelves for way in _ways(shelf, dose, intakes)]
    return min(found, key=_plainness, default=None)


def _plainness(way: Way) -> tuple[int, int, int, Fraction]:
    counted = [(p, units) for p, units in way if not p.form.is_liquid]
    divided = sum(1 for _, units in counted if units.denominator > 1)
    total = sum((units for _, units in way), Fraction(0))
    return (len(way) - len(counted), len(way), divided, total)


def _ways(shelf: Shelf, dose: Fraction, intakes: int) -> list[Way]:
    grid = _grid(_parts(shelf), dose, intakes)
    if _counted(grid, dose):
        return _counted_ways(shelf, dose, intakes)
    found: list[Way] = []
    for liquid in shelf.liquids:
        for k, tenths in _topped_up(grid, liquid, dose, intakes):
            rest = min(_counted_ways(shelf, k * grid.unit, intakes), key=_plainness) if k else ()
            found.append((*rest, (liquid, Fraction(tenths, 10))))
            if not rest:
                break
    return found


def _counted_ways(shelf: Shelf, dose: Fraction, intakes: int) -> list[Way]:
    """Ways with one strength, else with two, else one with as few units as can be."""
    most = MOST_UNITS * intakes
    single: list[Way] = []
    for product, part in shelf.counted:
        units = dose / product.strength
        if units <= most and (units / part).denominator == 1:
            single.append(((product, units),))
    if single:
        return single
    return _paired(shelf, dose, most) or _any_number(shelf, dose, intakes)


def _paired(shelf: Shelf, dose: Fraction, most: int) -> list[Way]:
    pairs: list[Way] = []
    for place, (one, part) in enumerate(shelf.counted):
        for other, other_part in shelf.counted[place + 1 :]:
            common = lcm((one.strength * part).denominator, (other.strength * other_part).denominator, dose.denominator)
            size, other_size = int(one.strength * part * common), int(other.strength * other_part * common)
            whole = int(dose * common)
            for count in range(1, min((whole - 1) // size, int(most / part)) + 1):
                rest, odd = divmod(whole - count * size, other_size)
                if not odd and count * part + rest * other_part <= most:
                    pairs.append(((one, count * part), (other, rest * other_part)))
    return pairs


def _any_number(shelf: Shelf, dose: Fraction, intakes: int) -> list[Way]:
    grid = _grid(_parts(shelf), dose, intakes)
    left, units = int(dose / grid.unit), dict.fromkeys(range(len(shelf.counted)), Fraction(0))
    while left:
        for index, (product, part) in enumerate(shelf.counted):
            size = int(product.strength * part / grid.unit)
            rest = grid.fewest[left - size] if size <= left else -1
            if rest >= 0 and rest + int(part * 4) == grid.fewest[left]:
                units[index] += part
                left -= size
                break
    return [tuple((shelf.counted[i][0], amount) for i, amount in units.items() if amount)]
