"""Reading a written plan back: strict JSON, digest, and the taper, proof and fills as they were."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from enum import Enum
from fractions import Fraction
from typing import Any

from glidepath.dosing.ledger import Fill, SupplyLedger, SupplyLine
from glidepath.dosing.regimen import Intake, Piece, Regimen, Slot
from glidepath.errors import InputError, OversightError
from glidepath.facts.model import Form, Product, ProductRecord, Split
from glidepath.oversight.signature import Override, Signature, Signer
from glidepath.quantity import Amount
from glidepath.render.day_table import mismatch
from glidepath.render.document import FORMAT, Document, digest_of, plan_values, supply_values
from glidepath.taper.proof import Check, Status
from glidepath.taper.proposal import Option
from glidepath.taper.schedule import Step, StepKind, Taper

MOST_BYTES = 32 * 1024 * 1024


_MOST_DIGITS, _LONGEST_KEY = 18, 60


class _NotANumber(Enum):
    """A number that is not read, kept until the field is known in which it stands."""

    NOT_WHOLE = "NUM_MUST_BE_STRING"
    TOO_LONG = "NUM_RANGE"


def parse_json(data: bytes) -> Any:
    """Parse JSON strictly: UTF-8, no duplicate keys, no NaN or infinity, no floats, no endless whole numbers.

    An error names the field it stands in, where that is a plain name.
    """

    def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, value in items:
            if key in found:
                raise InputError(
                    "JSON_DUPLICATE_KEY",
                    "The document has the same key twice in one object.",
                    field=_shown(key),
                    fix="Write each key once.",
                )
            _refuse_numbers(value, _shown(key))
            found[key] = value
        return found

    def whole(text: str) -> int | _NotANumber:
        return _NotANumber.TOO_LONG if len(text.lstrip("-")) > _MOST_DIGITS else int(text)

    def refuse(_: str) -> _NotANumber:
        return _NotANumber.NOT_WHOLE

    try:
        document = json.loads(
            data.decode("utf-8"), object_pairs_hook=pairs, parse_int=whole, parse_float=refuse, parse_constant=refuse
        )
        _refuse_numbers(document, "document")
        return document
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        position = getattr(error, "pos", None)
        where = f" at character {position}" if position is not None else ""
        raise InputError(
            "JSON_INVALID", f"The file is not a JSON document{where}.", field="file", fix="Give a file as written."
        ) from error


def _shown(key: str) -> str:
    return key if key.isidentifier() and len(key) <= _LONGEST_KEY else "document"


def _refuse_numbers(value: Any, field: str) -> None:
    """Refuse a number that is not read; objects inside were looked at when they were made."""
    if isinstance(value, list):
        for each in value:
            _refuse_numbers(each, field)
    if value is _NotANumber.NOT_WHOLE:
        says = f"The document holds a number that is not a whole number, in {field}."
        raise InputError("NUM_MUST_BE_STRING", says, field=field, fix="Write decimals as texts.")
    if value is _NotANumber.TOO_LONG:
        says = f"The document holds a number with more than {_MOST_DIGITS} digits, in {field}."
        raise InputError("NUM_RANGE", says, field=field, fix="Check the number.")


def check_digest(document: Any, expected_format: str) -> Document:
    """The document when it is of the format and unchanged since it was written, else an error."""
    if not isinstance(document, dict) or document.get("format") != expected_format:
        raise InputError(
            "JSON_INVALID",
            f"The file is not a {expected_format} document.",
            field="format",
            fix="Give a file that Glidepath wrote.",
        )
    if document.get("digest") != digest_of(document):
        raise OversightError(
            "DIGEST_MISMATCH",
            "The document was changed after it was written: its digest does not fit.",
            field="digest",
            fix="Use the file as it was written, or plan again.",
        )
    return document


def option_of(document: Document, route: str) -> Document:
    """The planned option of a route, or ROUTE_UNKNOWN."""
    planned = [o for o in document["options"] if "plan" in o]
    for option in planned:
        if option["route"] == route:
            return dict(option)
    raise InputError(
        "ROUTE_UNKNOWN",
        "The plan has no such route with a schedule.",
        field="option",
        fix=f"Routes with a schedule: {', '.join(o['route'] for o in planned)}.",
        seen=route,
    )


def products_of(document: Document) -> dict[str, Product]:
    """The products as they were written."""
    return {
        name: Product(
            drug=p["drug"],
            region=p["region"],
            form=Form(p["form"]),
            strength=Fraction(p["strength"]),
            halves=Split(p["halves"]),
            quarters=Split(p["quarters"]),
            compounded=p["compounded"],
            records=tuple(
                ProductRecord(
                    maker=None,
                    scored="",
                    halves=Split(p["halves"]),
                    quarters=Split(p["quarters"]),
                    source=source,
                    verified=p["verified"],
                )
                for source in p["sources"]
            ),
        )
        for name, p in document["products"].items()
    }


def taper_of(plan: Document, products: dict[str, Product]) -> Taper:
    """The taper as it was written."""
    return Taper(
        drug=plan["drug"],
        drugs=tuple(plan["drugs"]),
        constant=tuple(plan["constant"]),
        ends="stop" if plan["ends"] == "stop" else "maintain",
        steps=tuple(
            Step(
                number=s["number"],
                starts=date.fromisoformat(s["starts"]),
                days=s["days"],
                kind=StepKind(s["kind"]),
                reduction_frac=Fraction(s["reduction"]),
                because=s["because"],
                regimen=Regimen(
                    tuple(
                        Intake(
                            slot=Slot(i["time"]),
                            drug=i["drug"],
                            dose=Amount(Fraction(i["dose_mg"])),
                            pieces=tuple(Piece(products[p["product"]], Fraction(p["units"])) for p in i["pieces"]),
                        )
                        for i in s["intakes"]
                    )
                ),
            )
            for s in plan["steps"]
        ),
    )


def ledger_of(supply: Document, products: dict[str, Product]) -> SupplyLedger:
    """The fills as they were written."""
    return SupplyLedger(
        fills=tuple(
            Fill(
                number=f["number"],
                starts=date.fromisoformat(f["starts"]),
                days=f["days"],
                not_before=date.fromisoformat(f["not_before"]),
                lines=tuple(
                    SupplyLine(
                        product=products[x["product"]],
                        **{k: Fraction(x[k]) for k in ("taken", "left_before", "from_home", "dispensed", "left_after")},
                    )
                    for x in f["lines"]
                ),
            )
            for f in supply["fills"]
        ),
        left_for_return={name: Fraction(units) for name, units in supply["left_for_return"].items()},
    )


def check_of(values: Document) -> Check:
    return Check(
        id=values["id"],
        title=values["title"],
        status=Status(values["status"]),
        value=values["value"],
        bound=values["bound"],
        on=None if values["on"] is None else date.fromisoformat(values["on"]),
        sources=tuple(values["sources"]),
        says=values["says"],
        by=values["by"],
        why=values["why"],
    )


def check_read_back(document: Document, options: tuple[Option, ...]) -> None:
    """Read the plans of a document back and compare them with the plans it was made from."""
    products = products_of(document)
    for option in options:
        if option.taper is None or option.ledger is None:
            continue
        values = option_of(document, option.route.value)
        taper, ledger = taper_of(values["plan"], products), ledger_of(values["supply"], products)
        if plan_values(taper) != plan_values(option.taper) or supply_values(ledger) != supply_values(option.ledger):
            raise mismatch("plan.json")


def signature_of(values: Document) -> Signature:
    """The signature of a signed document."""
    return Signature(
        by=Signer(name=values["name"], role=values["role"], registration=values["registration"]),
        at=values["at"],
        plan_digest=values["plan_digest"],
        route=values["route"],
        overrides=tuple(Override(check=o["check"], reason=o["reason"]) for o in values["overrides"]),
        specialist=values["specialist"],
        specialist_reason=values["specialist_reason"],
    )


def read_plan(data: bytes) -> Document:
    """A plan document from its file, unchanged since it was written."""
    return check_digest(parse_json(data), FORMAT)


@contextmanager
def only_documents_of_ours() -> Iterator[None]:
    """Turn what a document with missing or misplaced fields would raise into one error for a person."""
    try:
        yield
    except (KeyError, IndexError, TypeError, ValueError, AttributeError) as error:
        raise InputError(
            "JSON_INVALID",
            "The document lacks a field that it should have, or has one of another kind.",
            field="file",
            fix="Use the file as Glidepath wrote it, or plan again.",
        ) from error
