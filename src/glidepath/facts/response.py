"""What the simulator takes for granted after the concentration, read strictly from `data/response.toml`.

Effect, adaptation, withdrawal drive and how a daily rating follows it; and the scenarios, which change a few of these.
Every value says whether it was measured, calibrated or assumed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from glidepath.facts.formulary import PACKAGED
from glidepath.facts.model import Source
from glidepath.facts.strict_toml import Fields, no_two_alike, read_toml, wrong

STATUSES = ("measured", "calibrated", "assumption")
SPREADS = ("log_sd", "logit_sd", "sd")
# What a scenario may change beside a parameter: the binding at the same concentration, as a factor.
OCCUPANCY = "occupancy"
# And a return of the treated illness, as a factor of its size.
ILLNESS = "returning_illness"
_SHIPPED = PACKAGED / "response.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponseParameter:
    """One value with its unit, the spread between people (`spread_kind` and `spread`), and where it comes from."""

    name: str
    says: str
    value: float
    unit: str
    spread_kind: str | None
    spread: float
    status: str
    source: str
    note: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """One answer to the questions that are open: `change` replaces values by name; `shown` is on every picture."""

    id: str
    title: str
    says: str
    shown: bool
    change: Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """All parameters by name and all scenarios; the first scenario comes first on every picture.

    `molar_mass` is in g/mol, of what is swallowed or made.
    """

    parameters: Mapping[str, ResponseParameter]
    molar_mass: Mapping[str, float]
    scenarios: tuple[Scenario, ...]
    sources: Mapping[str, Source]

    def value(self, name: str, scenario: Scenario | None = None) -> float:
        """The value of a parameter, as the scenario has it."""
        if scenario is not None and name in scenario.change:
            return scenario.change[name]
        return self.parameters[name].value

    @property
    def shown(self) -> tuple[Scenario, ...]:
        return tuple(scenario for scenario in self.scenarios if scenario.shown)

    def scenario(self, scenario_id: str) -> Scenario:
        return next(s for s in self.scenarios if s.id == scenario_id)


@lru_cache(maxsize=1)
def load_response() -> Response:
    """The response that ships with the package. Raises `FactsError`."""
    return response_from(_SHIPPED)


@lru_cache(maxsize=1)
def response_digest() -> str:
    """SHA-256 of the response that ships with the package."""
    return hashlib.sha256(_SHIPPED.read_bytes()).hexdigest()


def response_from(path: Path) -> Response:
    """The response of a file, with its own sources."""
    top = Fields(read_toml(path), path.name, ())
    sources = {name: _source(name, fields) for name, fields in _named(top.table("sources"))}
    parameters = {name: _parameter(name, fields, sources) for name, fields in _named(top.table("parameters"))}
    scenarios = tuple(_scenario(fields, parameters) for fields in top.tables("scenarios"))
    masses = top.table("molar_mass")
    masses.one_of("source", sources)
    molar_mass = {name: float(masses.decimal(name)) for name in masses.keys()}  # noqa: SIM118 - Fields is no mapping
    top.done()
    no_two_alike([s.id for s in scenarios], f"{path.name}.id")
    return Response(
        parameters=MappingProxyType(parameters),
        molar_mass=MappingProxyType(molar_mass),
        scenarios=scenarios,
        sources=MappingProxyType(sources),
    )


def _named(fields: Fields) -> list[tuple[str, Fields]]:
    return [(name, fields.table(name)) for name in fields.keys()]  # noqa: SIM118 - Fields is no mapping


def _source(name: str, fields: Fields) -> Source:
    found = Source(
        id=name, citation=fields.text("citation"), looked_up=fields.flag("looked_up"), address=None, note=None
    )
    fields.done()
    return found


def _parameter(name: str, fields: Fields, sources: Mapping[str, Source]) -> ResponseParameter:
    kind = fields.one_of("spread", SPREADS) if fields.has("spread") else None
    found = ResponseParameter(
        name=name,
        says=fields.text("says"),
        value=float(fields.decimal("value")),
        unit=fields.text("unit"),
        spread_kind=kind,
        spread=float(fields.decimal("spread_value")) if kind is not None else 0.0,
        status=fields.one_of("status", STATUSES),
        source=fields.one_of("source", sources),
        note=fields.text_or_none("note"),
    )
    fields.done()
    return found


def _scenario(fields: Fields, parameters: Mapping[str, ResponseParameter]) -> Scenario:
    changed = fields.table("change") if fields.has("change") else None
    change = {} if changed is None else {name: float(changed.decimal(name)) for name in changed.keys()}  # noqa: SIM118
    for name in change:
        if name not in parameters and name not in (OCCUPANCY, ILLNESS):
            raise wrong(f"{fields.where}.change.{name}", "is no parameter")
    found = Scenario(
        id=fields.text("id"),
        title=fields.text("title"),
        says=fields.text("says"),
        shown=fields.flag("shown"),
        change=MappingProxyType(change),
    )
    fields.done()
    return found
