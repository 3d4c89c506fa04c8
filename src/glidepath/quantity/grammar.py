"""The strict grammar for numbers and units.

Library number parsers accept `1_0`, `5e-1` and full-width digits. A dose is read by this grammar first, or not
at all.
"""

from __future__ import annotations

import re
from fractions import Fraction

from glidepath.errors import InputError, RefusedError
from glidepath.quantity.amount import Amount, exact_decimal

# Plain ASCII digits, an optional point with digits on both sides of it.
_PLAIN = re.compile(r"(0|[1-9][0-9]{0,6})(?:\.([0-9]{1,6}))?", re.ASCII)
_EXPONENT = re.compile(r"[+-]?[0-9.,]+[eE]([+-]?[0-9]{1,9})", re.ASCII)
_NOT_FINITE = {"nan", "inf", "infinity", "+inf", "-inf", "-nan"}
_LARGEST_EXPONENT_THAT_IS_ONLY_A_STYLE = 6

_MILLIGRAM = {"mg", "mgs", "milligram", "milligrams", "milligramme", "milligrammes"}
_MICROGRAM = {"microgram", "micrograms", "microgramme", "microgrammes", "mcg", "mcgs"}
_MILLILITER = {"ml", "mls", "milliliter", "milliliters", "millilitre", "millilitres"}
_REFUSED_UNITS = {
    "drop": "drops differ between products",
    "drops": "drops differ between products",
    "gtt": "drops differ between products",
    "gtts": "drops differ between products",
    "g": "a gram is a thousand milligrams; no dose here is in grams",
    "gram": "a gram is a thousand milligrams; no dose here is in grams",
    "grams": "a gram is a thousand milligrams; no dose here is in grams",
    "spoon": "a spoon is not a measure",
    "teaspoon": "a teaspoon is not a measure",
    "teaspoons": "a teaspoon is not a measure",
    "tsp": "a teaspoon is not a measure",
    "puff": "a puff is not a measured dose here",
    "unit": "a unit is not an amount of these drugs",
    "units": "a unit is not an amount of these drugs",
}
_UNITS_READ = "mg, microgram (or mcg), mL with a concentration"


def read_number(text: str, *, comma: bool = False, field: str = "dose") -> Fraction:
    """Read one positive plain decimal number, exactly.

    `comma` declares that a comma is the decimal mark. Raises `InputError` with a `NUM_…` code otherwise.
    """
    plain = text.strip()
    if comma and plain.count(",") == 1 and "." not in plain:
        plain = plain.replace(",", ".")
    elif "," in plain and re.fullmatch(r"[0-9][0-9.,]*", plain, re.ASCII):
        raise _ambiguous(plain, field)
    if plain.casefold() in _NOT_FINITE:
        raise _range(field, text)
    if exponent := _EXPONENT.fullmatch(plain):
        if abs(int(exponent[1])) > _LARGEST_EXPONENT_THAT_IS_ONLY_A_STYLE:
            raise _range(field, text)
        raise _format(field, text)
    if re.fullmatch(r"[-+−].*", plain):
        raise _range(field, text)
    if re.fullmatch(r"\.[0-9]+", plain, re.ASCII):
        raise InputError(
            "NUM_NAKED_DECIMAL",
            f"The {field} begins with a decimal point, which is easily lost.",
            field=field,
            fix=f"Write 0{plain[:8]} instead.",
            seen=text,
        )
    match = _PLAIN.fullmatch(plain)
    if match is None:
        if re.fullmatch(r"[0-9]+(\.[0-9]+)?", plain, re.ASCII) and not re.match(r"0[0-9]", plain):
            raise _range(field, text)
        raise _format(field, text)
    value = Fraction(plain)
    if value == 0:
        raise _range(field, text)
    return value


def read_unit(text: str, *, field: str = "dose") -> str:
    """Read a unit of amount: returns ``mg``, ``microgram`` or ``mL``. Drops, grams and spoons are refused."""
    word = text.strip().casefold().rstrip(".")
    if word in _MILLIGRAM:
        return "mg"
    if word in _MICROGRAM:
        return "microgram"
    if word in _MILLILITER:
        return "mL"
    if word in _REFUSED_UNITS:
        raise RefusedError(
            "UNIT_REFUSED",
            f"The {field} is given in a unit that is not safe here: {_REFUSED_UNITS[word]}.",
            field=field,
            fix="Give milligrams, or mL together with the concentration in mg per mL.",
            seen=text,
        )
    raise InputError(
        "UNIT_UNKNOWN",
        f"The unit of the {field} is not one that is read here.",
        field=field,
        fix=f"Units that are read: {_UNITS_READ}.",
        seen=text,
    )


def read_amount(text: str, *, comma: bool = False, field: str = "dose") -> Amount:
    """Read an amount such as ``0.5 mg`` or ``500 micrograms``; a bare number is refused."""
    stripped = text.strip()
    match = re.fullmatch(r"(.*?[^A-Za-zµμ\s])\s*([A-Za-zµμ]+\.?)?", stripped, re.DOTALL)
    if stripped.casefold() in _NOT_FINITE:
        raise _range(field, text)
    if match is None:
        if re.match(r"\s*(nan|inf)", stripped, re.IGNORECASE):
            raise _range(field, text)
        raise _format(field, text)
    number, unit = match[1], match[2]
    value = read_number(number, comma=comma, field=field)
    if not unit:
        raise InputError(
            "UNIT_MISSING",
            f"The {field} has no unit.",
            field=field,
            fix=f"Write for example {exact_decimal(value)} mg. Units that are read: {_UNITS_READ}.",
            seen=text,
        )
    name = read_unit(unit, field=field)
    if name == "mL":
        raise InputError(
            "UNIT_MISSING",
            f"The {field} is given in mL without a concentration.",
            field=field,
            fix="Give milligrams, or write the concentration too, as in '2 mg/5 mL 10 mL'.",
            seen=text,
        )
    return Amount(value if name == "mg" else value / 1000)


def _ambiguous(plain: str, field: str) -> InputError:
    as_point = plain.replace(",", ".")
    as_group = plain.replace(",", "")
    return InputError(
        "NUM_AMBIGUOUS",
        f"The comma in the {field} can be read two ways: {as_point} or {as_group}. Neither was chosen.",
        field=field,
        fix=f"Write {as_point} with a point, or declare the comma with --decimal comma.",
        seen=plain,
    )


def _range(field: str, seen: str) -> InputError:
    return InputError(
        "NUM_RANGE",
        f"The {field} is not a positive number of a plausible size.",
        field=field,
        fix="Give a number above zero, in plain digits, for example 0.5 mg.",
        seen=seen,
    )


def _format(field: str, seen: str) -> InputError:
    return InputError(
        "NUM_FORMAT",
        f"The {field} is not written in plain digits.",
        field=field,
        fix="Use the digits 0 to 9 and one decimal point with a digit on both sides, for example 0.5 mg.",
        seen=seen,
    )
