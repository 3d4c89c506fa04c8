"""An exact amount of a drug, and how exact numbers are written down."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache


@lru_cache(maxsize=65536)
def exact_decimal(value: Fraction) -> str:
    """Write an exact rational as a decimal: no trailing zero, no naked point, no rounding.

    Raises `ValueError` when the value has no finite decimal (a third, say): such a number is no dose.
    """
    numerator, denominator = value.numerator, value.denominator
    twos = fives = 0
    rest = denominator
    while rest % 2 == 0:
        rest //= 2
        twos += 1
    while rest % 5 == 0:
        rest //= 5
        fives += 1
    if rest != 1:
        raise ValueError("not a finite decimal")
    places = max(twos, fives)
    scaled = numerator * 10**places // denominator
    sign, digits = ("-", str(-scaled)) if scaled < 0 else ("", str(scaled))
    if places == 0:
        return sign + digits
    digits = digits.rjust(places + 1, "0")
    return f"{sign}{digits[:-places]}.{digits[-places:]}"


def rounded_down(value: Fraction, places: int) -> str:
    """Write `value` (not negative) with exactly `places` decimals, never above the true value."""
    return _fixed(value.numerator * 10**places // value.denominator, places)


def rounded_up(value: Fraction, places: int) -> str:
    """Write `value` (not negative) with exactly `places` decimals, never below the true value."""
    return _fixed(-(-value.numerator * 10**places // value.denominator), places)


def trimmed(text: str) -> str:
    """A decimal text without trailing zeros or a naked point, as it may be printed: `40.00` becomes `40`."""
    return text.rstrip("0").rstrip(".") if "." in text else text


def _fixed(scaled: int, places: int) -> str:
    if places == 0:
        return str(scaled)
    digits = str(scaled).rjust(places + 1, "0")
    return f"{digits[:-places]}.{digits[-places:]}"


@dataclass(frozen=True, slots=True, order=True)
class Amount:
    """An exact, non-negative amount of one drug in milligrams.

    `==` is meaningful: there is no float behind it. `str()` gives what may be printed, for example
    ``0.125 mg``; a value without a finite decimal cannot be printed and raises `ValueError`.
    """

    mg: Fraction

    def __post_init__(self) -> None:
        if not isinstance(self.mg, Fraction):
            raise TypeError("an amount is made from a Fraction; floats and decimals are not doses")
        if self.mg < 0:
            raise ValueError("an amount is never negative")

    @classmethod
    def of(cls, mg: int | str | Fraction) -> Amount:
        """Make an amount from an integer, a plain decimal text or a Fraction (for code and tests)."""
        return cls(Fraction(mg))

    @property
    def decimal(self) -> str:
        """Milligrams as an exact decimal without its unit."""
        return exact_decimal(self.mg)

    def __str__(self) -> str:
        return f"{self.decimal} mg"

    def __bool__(self) -> bool:
        return self.mg != 0

    def __add__(self, other: Amount) -> Amount:
        return Amount(self.mg + other.mg)

    def __sub__(self, other: Amount) -> Amount:
        return Amount(self.mg - other.mg)

    def __mul__(self, times: int | Fraction) -> Amount:
        return Amount(self.mg * times)

    __rmul__ = __mul__


ZERO = Amount(Fraction(0))
