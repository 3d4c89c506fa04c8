"""One case: what is taken, what may be used and what is asked. It is what a tool reads as JSON."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

CASES = Path(__file__).parent / "cases.jsonl"


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """Units of one product at one time of day, as they are taken now. `units` are mL for a liquid."""

    time: str
    drug: str
    dose_mg: str
    product: str
    units: str

    @property
    def mg(self) -> Fraction:
        return Fraction(self.dose_mg)


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """A product that may be used: `unit` is tablet, capsule or mL, `mg` what one of these holds.

    `halves` and `quarters` are yes, no, varies or unknown, as the facts have them.
    """

    name: str
    drug: str
    form: str
    unit: str
    mg: str
    release: str
    halves: str
    quarters: str

    @property
    def strength(self) -> Fraction:
        return Fraction(self.mg)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One question for a taper tool. Every dose is a decimal text.

    `line` says in words what `taken` says in rows. `stay_at_mg` is the daily dose to stay at, or None for a stop.
    `confirmed_halves` names products of which a pharmacist has confirmed that they may be halved. `pace` and `switch`
    are wishes that the case fixes, or None. `published` is the id of a published taper with this start, or None.
    """

    id: str
    group: str
    region: str
    drug: str
    line: str
    start: str
    taken: tuple[Taken, ...]
    stay_at_mg: str | None
    age: int | None
    since: str | None
    answers: dict[str, str]
    products: tuple[Offered, ...]
    confirmed_halves: tuple[str, ...]
    pace: dict[str, Any] | None
    switch: dict[str, str] | None
    published: str | None
    notes: str

    @property
    def starts(self) -> date:
        return date.fromisoformat(self.start)

    @property
    def start_mg(self) -> Fraction:
        """The recorded dose of a whole day."""
        return sum((t.mg for t in self.taken), Fraction(0))

    @property
    def end_mg(self) -> Fraction:
        """The daily dose that is to be reached: 0 for a stop."""
        return Fraction(self.stay_at_mg or 0)

    def as_json(self) -> str:
        """The case on one line, as it stands in the file and as a tool reads it."""
        return json.dumps(asdict(self), ensure_ascii=False, separators=(",", ":"))


def case_of(values: dict[str, Any]) -> Case:
    """The case that `as_json` wrote down."""
    return Case(
        **{
            **values,
            "taken": tuple(Taken(**t) for t in values["taken"]),
            "products": tuple(Offered(**p) for p in values["products"]),
            "confirmed_halves": tuple(values["confirmed_halves"]),
        }
    )


def load_cases(path: Path = CASES) -> tuple[Case, ...]:
    """Every case of the file, in its order."""
    return tuple(case_of(json.loads(line)) for line in path.read_text(encoding="utf-8").splitlines())
