"""Which product units make a dose, exactly.

Work is done in whole numbers of a quantum: the largest amount that divides every unit, part and start dose.
A day is made with as few strengths as possible, then as few divided tablets, then as few pieces; equal doses
on one day are made of equal pieces. A liquid beside whole units is given in whole mL (a proposal of this project):
where it must be combined the dose is large, and tenths of a mL would only be harder to measure.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from math import gcd

from glidepath.dosing.regimen import Piece
from glidepath.dosing.supply import Supply


@dataclass(frozen=True, slots=True)
class Makeup:
    """One way to make one intake. `mask` has a bit per product of the supply; `parts` counts divided units."""

    mask: int
    parts: int
    count: int
    units: tuple[tuple[int, Fraction], ...]  # (index of product in the supply, units)
    ml: Fraction = Fraction(0)


@dataclass(frozen=True, slots=True)
class DayMakeup:
    """How the intakes of one day are made: one `Makeup` per distinct dose, and the day's cost."""

    strengths: int
    parts: int
    count: int
    by_dose: tuple[tuple[int, Makeup], ...]

    def of(self, quanta: int) -> Makeup:
        return next(makeup for dose, makeup in self.by_dose if dose == quanta)


def quantum_of(supply: Supply, doses: Iterable[Fraction]) -> Fraction:
    """The largest amount in mg that every unit, part, syringe step and given dose is a multiple of."""
    amounts = [*doses]
    amounts += [p.strength * supply.smallest_part(p) for p in supply.counted]
    if supply.liquid is not None:
        amounts.append(supply.liquid.strength * supply.syringe.step)
    denominator = 1
    for amount in amounts:
        denominator = denominator * amount.denominator // gcd(denominator, amount.denominator)
    whole = 0
    for amount in amounts:
        whole = gcd(whole, int(amount * denominator))
    return Fraction(whole, denominator)


class Bench:
    """Every way to make one intake from a supply, up to a largest dose, in quanta.

    Built once per supply and reused for every day of every pace; holds no patient.
    """

    def __init__(self, supply: Supply, quantum: Fraction, largest: int) -> None:
        self.supply = supply
        self.quantum = quantum
        self.largest = largest
        self._solid = _counted_makeups(supply, quantum, largest)
        self._made: dict[int, tuple[Makeup, ...]] = {}
        self._days: dict[tuple[int, ...], DayMakeup | None] = {}
        self._doses: tuple[int, ...] | None = None

    def makeups(self, dose: int) -> tuple[Makeup, ...]:
        """The undominated ways to make one intake of `dose` quanta (none when it cannot be made)."""
        made = self._made.get(dose)
        if made is None:
            made = self._made[dose] = self._make(dose)
        return made

    def _make(self, dose: int) -> tuple[Makeup, ...]:
        found = list(self._solid.get(dose, ()))
        liquid = self.supply.liquid
        if liquid is not None:
            bit = len(self.supply.counted)
            syringe = self.supply.syringe
            step = int(liquid.strength * syringe.step / self.quantum)
            least, most = int(syringe.least / syringe.step), int(syringe.most / syringe.step)
            for solid, ways in ((0, (Makeup(0, 0, 0, ()),)), *self._solid.items()):
                steps, rest = divmod(dose - solid, step)
                volume = steps * syringe.step
                if rest or not least <= steps <= most or (solid and volume.denominator != 1):
                    continue
                found.extend(
                    Makeup(w.mask | 1 << bit, w.parts, w.count + 1, (*w.units, (bit, volume)), volume)
                    for w in ways
                    if w.count < self.supply.max_pieces
                )
        return _undominated(m for m in found if m.mask.bit_count() <= self.supply.max_strengths)

    def admit(self, dose: int, units: Iterable[tuple[int, Fraction]]) -> None:
        """Let a dose that this supply cannot make be made of these units: (index of product, units)."""
        chosen = tuple(units)
        mask = 0
        for index, _ in chosen:
            mask |= 1 << index
        parts = sum(_part_pieces(n) for _, n in chosen)
        count = sum(int(n) for _, n in chosen) + parts
        self._made[dose] = (Makeup(mask, parts, count, chosen),)

    def doses(self) -> tuple[int, ...]:
        """Every single intake that can be made, ascending, in quanta."""
        if self._doses is None:
            found = set(self._solid)
            liquid = self.supply.liquid
            if liquid is not None:
                syringe = self.supply.syringe
                step = int(liquid.strength * syringe.step / self.quantum)
                volumes = range(int(syringe.least / syringe.step), int(syringe.most / syringe.step) + 1)
                found.update(v * step for v in volumes)
                whole = [v for v in volumes if (v * syringe.step).denominator == 1]
                for solid in self._solid:
                    found.update(solid + v * step for v in whole)
            self._doses = tuple(sorted(d for d in found if d <= self.largest and self.makeups(d)))
        return self._doses

    def name(self, index: int) -> str:
        """The name of the product at an index of the supply."""
        return self.supply.products[index].name

    def day(self, doses: tuple[int, ...], prefer: int = 0) -> DayMakeup | None:
        """The best way to make a day's intakes together, or None when it needs too many strengths.

        `prefer` is a mask of products at home: the day that takes most from these goes before any other.
        """
        key = (prefer, *sorted(doses))
        if key not in self._days:
            self._days[key] = self._make_day(tuple(sorted(set(doses))), doses, prefer)
        return self._days[key]

    def _make_day(self, distinct: tuple[int, ...], doses: tuple[int, ...], prefer: int) -> DayMakeup | None:
        # (products, quanta not from home, divided units, pieces, makeups)
        states: list[tuple[int, int, int, int, tuple[tuple[int, Makeup], ...]]] = [(0, 0, 0, 0, ())]
        for dose in distinct:
            times = doses.count(dose)
            best: dict[int, tuple[int, int, int, tuple[tuple[int, Makeup], ...]]] = {}
            for mask, away, parts, count, chosen in states:
                for way in self.makeups(dose):
                    union = mask | way.mask
                    if union.bit_count() > self.supply.max_strengths:
                        continue
                    bought = times * self._bought(way, prefer) if prefer else 0
                    cost = (away + bought, parts + times * way.parts, count + times * way.count)
                    old = best.get(union)
                    if old is None or cost < old[:3]:
                        best[union] = (*cost, (*chosen, (dose, way)))
            states = [(mask, *rest) for mask, rest in best.items()]
            if not states:
                return None
        mask, _, parts, count, chosen = min(states, key=lambda s: (s[1], s[0].bit_count(), s[2], s[3], s[0]))
        return DayMakeup(mask.bit_count(), parts, count, chosen)

    def _bought(self, way: Makeup, at_home: int) -> int:
        """Quanta of one intake that do not come from the products at home."""
        products = self.supply.products
        return sum(
            int(products[index].strength * units / self.quantum)
            for index, units in way.units
            if not at_home >> index & 1
        )

    def pieces(self, makeup: Makeup) -> tuple[Piece, ...]:
        """The pieces of one intake as product units, the largest strength first."""
        products = self.supply.products
        pieces = [Piece(products[index], units) for index, units in makeup.units]
        return tuple(sorted(pieces, key=lambda p: (p.product.form.is_liquid, -p.product.strength)))


def _counted_makeups(supply: Supply, quantum: Fraction, largest: int) -> dict[int, tuple[Makeup, ...]]:
    """Every dose up to `largest` made of counted units alone, with its undominated makeups."""
    order = sorted(range(len(supply.counted)), key=lambda i: -supply.counted[i].strength)
    found: dict[int, list[Makeup]] = {}
    # Only the strongest product may go beyond the ordinary number of pieces (a recorded 60 mg of 10 mg tablets).
    ordinary = min(supply.max_pieces, 4)

    def extend(position: int, dose: int, pieces: int, others: int, makeup: Makeup) -> None:
        if position == len(order):
            if makeup.units:
                found.setdefault(dose, []).append(makeup)
            return
        index = order[position]
        product = supply.counted[index]
        strength = int(product.strength / quantum)
        for units, used in _unit_choices(supply.smallest_part(product), supply.max_pieces):
            amount = dose + int(strength * units)
            if amount > largest:
                break
            # A later choice may need fewer pieces (one whole after three quarters), so look on.
            if pieces + used > supply.max_pieces or (position > 0 and others + used > ordinary):
                continue
            if units == 0:
                extend(position + 1, dose, pieces, others, makeup)
                continue
            extend(
                position + 1,
                amount,
                pieces + used,
                others + (used if position else 0),
                Makeup(
                    makeup.mask | 1 << index,
                    makeup.parts + _part_pieces(units),
                    makeup.count + used,
                    (*makeup.units, (index, units)),
                ),
            )

    extend(0, 0, 0, 0, Makeup(0, 0, 0, ()))
    return {dose: _undominated(ways) for dose, ways in found.items()}


@lru_cache(maxsize=64)
def _unit_choices(smallest: Fraction, most: int) -> tuple[tuple[Fraction, int], ...]:
    """Units of one product that an intake may have, with the pieces each counts as, fewest units first."""
    choices = []
    for parts in range(int(most / smallest) + 1):
        units = parts * smallest
        used = int(units) + _part_pieces(units)
        if used <= most:
            choices.append((units, used))
    return tuple(choices)


def _part_pieces(units: Fraction) -> int:
    """Divided pieces in `units`: a half or a quarter is one, three quarters are two (a half and a quarter)."""
    part = units - int(units)
    return 0 if part == 0 else 2 if part == Fraction(3, 4) else 1


def _undominated(ways: Iterable[Makeup]) -> tuple[Makeup, ...]:
    kept: list[Makeup] = []
    # Of equally simple ways the one with the least mL: there is less to pour and to measure.
    for way in sorted(ways, key=lambda w: (w.mask.bit_count(), w.parts, w.count, w.ml, w.mask, w.units)):
        if not any(
            other.mask & way.mask == other.mask and other.parts <= way.parts and other.count <= way.count
            for other in kept
        ):
            kept.append(way)
    return tuple(kept)


def fewest_pieces(supply: Supply, dose: Fraction) -> int | None:
    """The fewest whole or divided units that make `dose` when their number is not limited (None: impossible).

    Used to let a recorded regimen keep the number of tablets it already has.
    """
    quantum = quantum_of(supply, (dose,))
    target = int(dose / quantum)
    coins = set()
    for product in supply.counted:
        smallest = supply.smallest_part(product)
        coins |= {int(product.strength * part / quantum) for part in (Fraction(1), smallest)}
        if smallest == Fraction(1, 4):
            coins.add(int(product.strength / 2 / quantum))
    if not coins:
        return None
    fewest: list[int | None] = [0] + [None] * target
    for amount in range(1, target + 1):
        reachable = [n for coin in coins if coin <= amount and (n := fewest[amount - coin]) is not None]
        fewest[amount] = min(reachable) + 1 if reachable else None
    return fewest[target]
