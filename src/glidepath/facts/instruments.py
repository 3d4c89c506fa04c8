"""The instruments that are loaded, read strictly from `data/instruments.toml`.

Where the licence does not allow the words of an instrument, only its total has a place there.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from glidepath.facts.formulary import PACKAGED, load_formulary
from glidepath.facts.instrument import (
    Asks,
    Band,
    Bands,
    Instrument,
    Item,
    Licence,
    Loinc,
    MissingRule,
    SafetyRule,
    Scoring,
)
from glidepath.facts.model import Source
from glidepath.facts.strict_toml import Fields, no_two_alike, read_toml, wrong


@dataclass(frozen=True, slots=True, kw_only=True)
class Instruments:
    """All instruments by their id, and the sources they name, with those of the formulary."""

    by_id: Mapping[str, Instrument]
    sources: Mapping[str, Source]

    def __getitem__(self, instrument_id: str) -> Instrument:
        return self.by_id[instrument_id]


@lru_cache(maxsize=1)
def load_instruments() -> Instruments:
    """The instruments that ship with the package. Raises `FactsError`."""
    return instruments_from(PACKAGED / "instruments.toml", load_formulary().sources)


def instruments_from(path: Path, known: Mapping[str, Source]) -> Instruments:
    """The instruments of a file, which may name its own sources and those in `known`."""
    raw = read_toml(path)
    own = _sources(raw.pop("sources", {}), path.name, known)
    sources = MappingProxyType({**known, **own})
    top = Fields(raw, path.name, sources)
    found = tuple(_instrument(fields) for fields in top.tables("instruments"))
    top.done()
    no_two_alike([i.id for i in found], f"{path.name}.id")
    return Instruments(by_id=MappingProxyType({i.id: i for i in found}), sources=sources)


def _sources(raw: Any, where: str, known: Collection[str]) -> dict[str, Source]:
    if not isinstance(raw, dict):
        raise wrong(f"{where}.sources", "is not a table")
    found = {}
    for key, value in raw.items():
        fields = Fields(value, f"{where}.sources.{key}", ())
        if key in known:
            raise wrong(fields.where, "hides a source of the formulary")
        found[key] = Source(
            id=key,
            citation=fields.text("citation"),
            looked_up=fields.flag("looked_up"),
            address=fields.text_or_none("address"),
            note=fields.text_or_none("note"),
        )
        fields.done()
    return found


def _instrument(fields: Fields) -> Instrument:
    scoring = Scoring(fields.one_of("scoring", tuple(Scoring)))
    choices = fields.texts("choices") if fields.has("choices") else ()
    instrument = Instrument(
        id=fields.text("id"),
        name=fields.text("name"),
        measures=fields.text("measures"),
        scoring=scoring,
        own=fields.flag("own"),
        stem=fields.text_or_none("stem"),
        choices=choices,
        items=tuple(_item(i, choices) for i in fields.tables("items")),
        bands=_bands(fields.table("bands")) if fields.has("bands") else None,
        missing=_missing(fields.table("missing")) if fields.has("missing") else None,
        safety=tuple(_safety(s) for s in fields.tables("safety")),
        licence=_licence(fields.table("licence")),
        loinc=_loinc(fields.table("loinc")) if fields.has("loinc") else None,
        sources=fields.source_ids(),
        status=fields.status(),
        verified=fields.flag("verified"),
        note=fields.text_or_none("note"),
    )
    fields.done()
    _check(instrument, fields.where)
    return instrument


def _check(instrument: Instrument, where: str) -> None:
    ids = [item.id for item in instrument.items]
    no_two_alike(ids, f"{where}.items")
    never = () if instrument.missing is None else instrument.missing.never
    named = {*never, *(i for rule in instrument.safety for i in rule.items)}
    if not ids or not named <= set(ids):
        raise wrong(where, "names an item that it does not have, or has none")
    if not {rule.after for rule in instrument.safety} - {None} <= {rule.id for rule in instrument.safety}:
        raise wrong(f"{where}.safety", "comes after a rule that is not there")
    if instrument.scoring is Scoring.SUM and instrument.missing is None:
        raise wrong(where, "is summed and does not say what a missing item does")
    if instrument.scoring is Scoring.TOTAL_ONLY and (len(ids) != 1 or instrument.licence.item_text):
        raise wrong(where, "has a place for a total only, and says more")
    least = [] if instrument.bands is None else [b.least for b in instrument.bands.rows]
    if least and (least[0] != 0 or least != sorted(set(least))):
        raise wrong(f"{where}.bands", "does not rise from zero")


def _item(fields: Fields, choices: tuple[str, ...]) -> Item:
    asks = Asks(fields.one_of("asks", tuple(Asks)))
    from_choices = asks is Asks.CHOICE
    yes_no = asks is Asks.YES_NO
    item = Item(
        id=fields.text("id"),
        text=fields.text("text"),
        asks=asks,
        lowest=0 if from_choices or yes_no else fields.whole("lowest"),
        highest=len(choices) - 1 if from_choices else 1 if yes_no else fields.whole("highest"),
        low_end=fields.text_or_none("low_end"),
        high_end=fields.text_or_none("high_end"),
    )
    fields.done()
    if item.lowest >= item.highest:
        raise wrong(fields.where, "has no range")
    return item


def _bands(fields: Fields) -> Bands:
    rows = []
    for row in fields.tables("rows"):
        rows.append(Band(least=row.whole("least"), name=row.text("name")))
        row.done()
    bands = Bands(rows=tuple(rows), sources=fields.source_ids(), status=fields.status())
    fields.done()
    return bands


def _missing(fields: Fields) -> MissingRule:
    rule = MissingRule(
        at_most=fields.whole("at_most"),
        never=fields.texts("never") if fields.has("never") else (),
        says=fields.text("says"),
        sources=fields.source_ids(),
        status=fields.status(),
    )
    fields.done()
    return rule


def _safety(fields: Fields) -> SafetyRule:
    rule = SafetyRule(
        id=fields.text("id"),
        name=fields.text("name"),
        items=fields.texts("items"),
        at_least=fields.whole("at_least"),
        flag=fields.text("flag"),
        severity=fields.one_of("severity", ("specialist", "inpatient")),
        says=fields.text("says"),
        refusal_counts=fields.has("refusal_counts") and fields.flag("refusal_counts"),
        after=fields.text_or_none("after"),
        sources=fields.source_ids(),
        status=fields.status(),
    )
    fields.done()
    return rule


def _licence(fields: Fields) -> Licence:
    licence = Licence(
        note=fields.text("note"),
        item_text=fields.flag("item_text"),
        verified=fields.flag("verified"),
        sources=fields.source_ids(),
    )
    fields.done()
    return licence


def _loinc(fields: Fields) -> Loinc:
    loinc = Loinc(code=fields.text("code"), names=fields.text("names"), sources=fields.source_ids())
    fields.done()
    return loinc
