"""A plan document as a written taper: one route of `plan.json`, or the signed route of `signed.json`."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from glidepath.checker.checked import Terms
from glidepath.checker.written import Entry, Span, WrittenQuantity, WrittenTaper
from glidepath.errors import InputError, OversightError
from glidepath.facts.formulary import Formulary
from glidepath.facts.model import Form, Product, Split

PLAN, SIGNED = "glidepath-plan", "glidepath-signed"
Document = Mapping[str, Any]


def read_document(document: Any, formulary: Formulary, route: str | None = None) -> tuple[WrittenTaper, Terms]:
    """The taper of a plan document, with the terms that stand in it.

    `route` names one of several; without it the signed, the recommended or the first planned route is read. Raises
    JSON_INVALID, DIGEST_MISMATCH, ROUTE_UNKNOWN.
    """
    signed = isinstance(document, dict) and document.get("format") == SIGNED
    _check_digest(document, SIGNED if signed else PLAN)
    plan = document["plan"] if signed else document
    if signed:
        _check_digest(plan, PLAN)
    try:
        options = {o["route"]: o for o in plan["options"] if "plan" in o}
        name = route or (document["signature"]["route"] if signed else plan["recommended"]) or next(iter(options), "")
        if name not in options:
            raise InputError(
                "ROUTE_UNKNOWN",
                "The document has no such route with a schedule.",
                field="option",
                fix=f"Routes with a schedule: {', '.join(options)}.",
            )
        said = (f"route {name}", *(_signed(document["signature"]) if signed else ()))
        return _taper(options[name], said, "signed plan" if signed else "plan"), terms_of(plan, formulary)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise InputError(
            "JSON_INVALID", "The document is not of the published shape.", field="file", fix="Give a file as written."
        ) from error


def terms_of(plan: Document, formulary: Formulary) -> Terms:
    """What the question of a plan says about products and tables."""
    asked = plan["request"]
    region = asked["region"]
    table = asked.get("table")
    return Terms(
        region=region,
        table=table.upper() if isinstance(table, str) and asked.get("switch") else None,
        confirmed=frozenset(formulary.product_named(text, region).name for text in asked.get("splits", ())),
        declared=tuple(_declared(p) for p in plan["products"].values() if p["compounded"]),
    )


def _declared(said: Document) -> Product:
    """A compounded product, of which the document itself is the only record; never divided."""
    return Product(
        drug=said["drug"],
        region=said["region"],
        form=Form(said["form"]),
        strength=Fraction(said["strength"]),
        halves=Split.NO,
        quarters=Split.NO,
        compounded=True,
    )


def _signed(signature: Document) -> tuple[str, ...]:
    """Who signed, and for which breaches a reason was given: they are breaches still, and somebody answers for them."""
    by = f"signed by {signature['name']}, {signature['role']}"
    return (by, *(f"reason given for {o['check']}: {o['reason']}" for o in signature["overrides"]))


def _taper(option: Document, said: tuple[str, ...], kind: str) -> WrittenTaper:
    plan = option["plan"]
    starts = date.fromisoformat(plan["starts"])
    origin = starts.toordinal() - 1
    spans = []
    seen: set[str] = set()
    for step in plan["steps"]:
        first, last = (date.fromisoformat(step[key]).toordinal() - origin for key in ("starts", "ends"))
        entries = tuple(
            Entry(
                drug=intake["drug"],
                time=intake["time"],
                dose=_made(intake, len(intake["pieces"]), n),
                product=piece["product"],
                units=Fraction(piece["units"]),
            )
            for intake in step["intakes"]
            for n, piece in enumerate(intake["pieces"])
        )
        named = {e.drug for e in entries}
        seen |= named
        gone = tuple(Entry(drug=d, time="", dose=Fraction(0)) for d in plan["drugs"] if d in seen and d not in named)
        spans.append(Span(first=first, days=last - first + 1, entries=(*entries, *gone), rows=(), step=step["number"]))
    if plan["stops_on"] is not None:
        at = date.fromisoformat(plan["stops_on"]).toordinal() - origin
        constant = tuple(e for e in spans[-1].entries if e.drug in plan["constant"])
        zeros = tuple(Entry(drug=drug, time="", dose=Fraction(0)) for drug in plan["drugs"])
        spans.append(Span(first=at, days=1, entries=(*constant, *zeros), rows=(), step=(spans[-1].step or 0) + 1))
    quantities = tuple(
        WrittenQuantity(
            product=line["product"],
            units=Fraction(line["left_before"]) + Fraction(line["from_home"]) + Fraction(line["dispensed"]),
            first=date.fromisoformat(fill["starts"]).toordinal() - origin,
            last=date.fromisoformat(fill["ends"]).toordinal() - origin,
            row=0,
        )
        for fill in option["supply"]["fills"]
        for line in fill["lines"]
    )
    return WrittenTaper(
        kind=kind,
        starts=starts,
        spans=tuple(spans),
        quantities=quantities,
        understood=said,
    )


def _made(intake: Document, pieces: int, number: int) -> Fraction:
    """Mg of one piece: the dose of the intake where it is the only one, else by the strength in its name."""
    dose = Fraction(intake["dose_mg"])
    if pieces == 1:
        return dose
    made = [_strength(piece["product"]) * Fraction(piece["units"]) for piece in intake["pieces"]]
    # What the pieces do not make of the dose is left with the first, so that a difference shows.
    return made[number] + (dose - sum(made, Fraction(0)) if number == 0 else 0)


def _strength(product: str) -> Fraction:
    return next(Fraction(word) for word in product.split() if word[:1].isdigit())


def _check_digest(document: Any, expected: str) -> None:
    if not isinstance(document, dict) or document.get("format") != expected:
        raise InputError(
            "JSON_INVALID",
            "The file is not a plan or a signed plan.",
            field="format",
            fix="Give plan.json or signed.json as Glidepath wrote it.",
        )
    rest = {key: value for key, value in document.items() if key != "digest"}
    plain = json.dumps(rest, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    if document.get("digest") != hashlib.sha256(plain).hexdigest():
        raise OversightError(
            "DIGEST_MISMATCH",
            "The document was changed after it was written: its digest does not fit.",
            field="digest",
            fix="Use the file as it was written, or plan again.",
        )
