"""Published figures that the simulator is held against, read strictly from `data/validation_targets.toml`.

A target has one or more checks, each a number with a tolerance that was written before the simulator. A check that set
a parameter is calibration: it is shown, and never counted as a test.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from glidepath.facts.formulary import PACKAGED
from glidepath.facts.response import load_response
from glidepath.facts.strict_toml import Fields, no_two_alike, read_toml, wrong

GATES = ("must", "should", "info")
KINDS = ("quantitative", "timing", "ordinal", "contrast")
PROVENANCES = ("read", "recalled", "derived")
# Decided on every scenario that is shown, or without any.
EVERY, ANY = "every", "any"


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One number of a target and the bounds it must lie in; a bound that is None is open.

    `judged` is the id of the scenario that decides, `EVERY` shown one, or `ANY` where scenarios change nothing.
    `calibration` says which parameter this number set, or is None.
    """

    id: str
    says: str
    unit: str
    low: float | None
    high: float | None
    judged: str
    calibration: str | None

    def holds(self, value: float) -> bool:
        """Whether a value is within tolerance; one that is no number is not."""
        return (self.low is None or value >= self.low) and (self.high is None or value <= self.high) and value == value


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One published figure. `simulated` says what is done for it, and `not_run` why nothing is."""

    id: str
    gate: str
    kind: str
    provenance: str
    study: str
    population: str
    regimen: str
    observed: str
    published: str
    simulated: str
    source: str
    checks: tuple[Check, ...]
    not_run: str | None
    note: str | None

    @property
    def calibration(self) -> bool:
        """Whether every number of it set a parameter, so that nothing of it is a test."""
        return bool(self.checks) and all(check.calibration for check in self.checks)

    @property
    def tests(self) -> tuple[Check, ...]:
        """The checks that count."""
        return tuple(check for check in self.checks if not check.calibration)


@lru_cache(maxsize=1)
def load_targets() -> tuple[Target, ...]:
    """The targets that ship with the package, in their order. Raises `FactsError`."""
    return targets_from(PACKAGED / "validation_targets.toml", [s.id for s in load_response().scenarios])


def targets_from(path: Path, scenarios: Collection[str]) -> tuple[Target, ...]:
    """The targets of a file; `scenarios` are the ids on which a check may be judged."""
    top = Fields(read_toml(path), path.name, ())
    targets = tuple(_target(fields, (*scenarios, EVERY, ANY)) for fields in top.tables("targets"))
    top.done()
    no_two_alike([target.id for target in targets], f"{path.name}.id")
    return targets


def _target(fields: Fields, judges: Collection[str]) -> Target:
    found = Target(
        id=fields.text("id"),
        gate=fields.one_of("gate", GATES),
        kind=fields.one_of("kind", KINDS),
        provenance=fields.one_of("provenance", PROVENANCES),
        study=fields.text("study"),
        population=fields.text("population"),
        regimen=fields.text("regimen"),
        observed=fields.text("observed"),
        published=fields.text("published"),
        simulated=fields.text("simulated"),
        source=fields.text("source"),
        checks=tuple(_check(check, judges) for check in fields.tables("checks")),
        not_run=fields.text_or_none("not_run"),
        note=fields.text_or_none("note"),
    )
    fields.done()
    no_two_alike([check.id for check in found.checks], f"{fields.where}.checks")
    if bool(found.checks) == bool(found.not_run):
        raise wrong(fields.where, "has neither a check nor a reason why it is not run, or both")
    return found


def _check(fields: Fields, judges: Collection[str]) -> Check:
    found = Check(
        id=fields.text("id"),
        says=fields.text("says"),
        unit=fields.text("unit"),
        low=float(fields.decimal("low")) if fields.has("low") else None,
        high=float(fields.decimal("high")) if fields.has("high") else None,
        judged=fields.one_of("judged", judges),
        calibration=fields.text_or_none("calibration"),
    )
    fields.done()
    if found.low is None and found.high is None:
        raise wrong(fields.where, "has no bound")
    return found
