"""Signing a plan: a named clinician accepts one route, with a reason for every breach. It proposes nothing new."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from glidepath import __version__
from glidepath.casework.plan import propose
from glidepath.casework.request import PlanRequest, read_date
from glidepath.errors import InputError, OversightError, RefusedError
from glidepath.facts.formulary import Formulary, load_formulary
from glidepath.oversight.signature import ATTESTATION, Override, Signer
from glidepath.patient.case import BY_NAME
from glidepath.patient.person import ASKS
from glidepath.render.document import FORMAT, Document, canonical, digest_of, to_document
from glidepath.render.reading import check_digest, only_documents_of_ours, option_of, signature_of
from glidepath.render.route_view import view_of
from glidepath.render.view import PlanView

SIGNED_FORMAT = "glidepath-signed"
_NEEDS_SPECIALIST = ("specialist", "inpatient")
_LONGEST_REASON = 500
_LONGEST_BEFORE_START_DAYS = 366


def sign(
    document: Document,
    *,
    option: str,
    by: str,
    at: str,
    override: Mapping[str, str] | None = None,
    specialist: str | None = None,
    specialist_reason: str | None = None,
    formulary: Formulary | None = None,
) -> Document:
    """The signed document for one route of a plan document.

    The plan is made again from its own question and must come out the same, proof and all. Raises DIGEST_MISMATCH or
    PROOF_MISMATCH (exit 6), ANSWER_REQUIRED, BREACH_NOT_OVERRIDDEN, ROUTE_UNKNOWN, SIGNER_INVALID. `at` is the
    signing time as ISO text; it comes from the door.
    """
    signer = Signer.read(by)
    with only_documents_of_ours():
        chosen = option_of(document, option)
        _prove_again(document, formulary or load_formulary())
        _require_answers(document)
        # Who was named when the plan was made need not be named again.
        specialist = specialist or document["request"].get("specialist")
        specialist_reason = specialist_reason or document["request"].get("specialist_reason")
        _require_specialist(document, specialist, specialist_reason)
        overrides = _overrides(chosen, override or {})
        _check_signing_time(at, date.fromisoformat(document["request"]["start"]))
    signed: Document = {
        "format": SIGNED_FORMAT,
        "format_version": "1.0",
        "evaluation": document["evaluation"],
        "attestation": ATTESTATION,
        "signature": {
            "name": signer.name,
            "role": signer.role,
            "registration": signer.registration,
            "at": at,
            "plan_digest": document["digest"],
            "route": option,
            "overrides": [{"check": o.check, "reason": o.reason} for o in overrides],
            "specialist": str(Signer.read(specialist, field="specialist")) if specialist else None,
            "specialist_reason": _plain("specialist_reason", specialist_reason) if specialist_reason else None,
        },
        "plan": document,
    }
    signed["digest"] = digest_of(signed)
    return signed


def signed_view(document: Any, formulary: Formulary | None = None) -> PlanView:
    """The signed route, ready to be drawn; only from a signed document, unchanged (NOT_APPROVED otherwise).

    A digest shows that a file was not changed by accident; anyone can write a new one. So the plan is made and proven
    again here too, and what signing asked for must still be in the signature.
    """
    if isinstance(document, dict) and document.get("format") != SIGNED_FORMAT:
        raise OversightError(
            "NOT_APPROVED",
            "The plan is not signed: patient and pharmacy sheets are only made from a signed plan.",
            field="file",
            fix='Sign it first: glidepath sign plan.json --option ROUTE --by "Name, role, registration".',
        )
    signed = check_digest(document, SIGNED_FORMAT)
    with only_documents_of_ours():
        plan = check_digest(signed["plan"], FORMAT)
        signature = signature_of(signed["signature"])
        if signature.plan_digest != plan["digest"]:
            raise OversightError(
                "DIGEST_MISMATCH", "The signature belongs to another plan.", field="plan_digest", fix="Sign again."
            )
        _prove_again(plan, formulary or load_formulary())
        _require_answers(plan)
        _require_specialist(plan, signature.specialist, signature.specialist_reason)
        _overrides(option_of(plan, signature.route), {o.check: o.reason for o in signature.overrides})
        Signer.read(str(signature.by))
        return view_of(plan, signature.route, signature, signed["digest"])


def for_fill(view: PlanView, number: int, check_in: str | None) -> PlanView:
    """The view of one fill of a signed plan; a later one only after a check-in on a stated day.

    The check-in is on or after the first day of the fill before it, and not after this fill begins.
    """
    fills = view.ledger.fills
    if number > len(fills):
        raise InputError(
            "OPTION_INVALID", "The plan has no such fill.", field="fill", fix=f"Give a fill from 1 to {len(fills)}."
        )
    if number == 1:
        return view
    if check_in is None:
        raise RefusedError(
            "ANSWER_REQUIRED",
            "A later fill is printed only after a check-in.",
            field="check_in",
            fix="Add --check-in with the day on which the clinician agreed to go on, for example 2027-01-02.",
        )
    day = read_date(check_in, field="check-in")
    if not fills[number - 2].starts <= day <= fills[number - 1].starts:
        raise InputError(
            "DATE_IMPLAUSIBLE",
            "The check-in is not in the fill before the one that is to be printed.",
            field="check_in",
            fix="Give the day of the check-in just before this fill; after a pause, plan again and sign that.",
        )
    return replace(view, fill_number=number, check_in=day.isoformat())


def _prove_again(document: Document, formulary: Formulary) -> None:
    if document["facts"]["digest"] != formulary.digest or document["engine_version"] != __version__:
        raise OversightError(
            "DIGEST_MISMATCH",
            "The plan was made with other facts or another version, so its proof cannot be run again here.",
            field="facts",
            fix="Plan again with this version, then sign.",
        )
    request = PlanRequest.of(document["request"], today=date.fromisoformat(document["request"]["start"]))
    again = to_document(propose(request, formulary))
    if canonical(again) != canonical(document):
        raise OversightError(
            "PROOF_MISMATCH",
            "The plan does not come out the same when it is made and proven again.",
            field="proof",
            fix="Do not use this file; plan again.",
        )


def _require_answers(document: Document) -> None:
    missing = document["person"]["unanswered"]
    if missing:
        words = {**{name: field.asks for name, field in BY_NAME.items()}, **ASKS}
        words |= {"age": "Age", "since": "Since when it is taken"}
        how = (
            "Answer these in the case and plan again: " if document["assessment"] else "Plan again with these answers: "
        )
        mark = "" if document["assessment"] else "--"
        raise RefusedError(
            "ANSWER_REQUIRED",
            "The plan cannot be signed while a question is unanswered; unknown is never no.",
            field=missing[0],
            fix=how + ", ".join(mark + (m if not mark else m.replace("_", "-")) for m in missing) + ".",
            details=tuple(words[m] for m in missing),
        )


def _require_specialist(document: Document, specialist: str | None, reason: str | None) -> None:
    asks = [f["says"] for f in document["findings"] if f["severity"] in _NEEDS_SPECIALIST]
    if asks and not (specialist and specialist.strip() and reason and reason.strip()):
        raise RefusedError(
            "ANSWER_REQUIRED",
            "A finding asks for a specialist: name the specialist who agrees, and the reason to go on.",
            field="specialist",
            fix='Add --specialist "Name, role, registration" --specialist-reason "why".',
            details=tuple(asks),
        )


def _overrides(option: Document, given: Mapping[str, str]) -> tuple[Override, ...]:
    breached = [c for c in option["proof"] if c["status"] == "breach"]
    ids = [c["id"] for c in breached]
    stray = [check for check in given if check not in ids]
    if stray:
        raise RefusedError(
            "BREACH_NOT_OVERRIDDEN",
            "An override names a check that is not a breach of this route.",
            field="override",
            fix=f"Breaches of this route: {', '.join(ids) or 'none'}.",
        )
    missing = [c for c in breached if not given.get(c["id"], "").strip()]
    if missing:
        raise RefusedError(
            "BREACH_NOT_OVERRIDDEN",
            "A breach has no override with a reason.",
            field="override",
            fix="Add " + " ".join(f'--override {c["id"]}="reason"' for c in missing) + ", or choose another route.",
            details=tuple(f"{c['title']}: {c['value']} (bound {c['bound']}). {c['says']}" for c in missing),
        )
    return tuple(Override(check=c["id"], reason=_plain("override", given[c["id"]])) for c in breached)


def _plain(field: str, text: str) -> str:
    """A reason as it may be printed: one line, no control or direction marks, not endless."""
    plain = text.strip()
    if not plain.isprintable() or len(plain) > _LONGEST_REASON:
        raise InputError(
            "OPTION_INVALID",
            "A reason holds marks that cannot be printed, or is too long.",
            field=field,
            fix=f"Write one plain line of at most {_LONGEST_REASON} characters.",
        )
    return plain


def _check_signing_time(at: str, start: date) -> None:
    """A signing time more than a year from the start of the plan is a typing error."""
    signed_on = datetime.fromisoformat(at).date()
    if abs((signed_on - start).days) > _LONGEST_BEFORE_START_DAYS:
        raise InputError(
            "DATE_IMPLAUSIBLE",
            "The signing time is more than a year from the start of the plan.",
            field="at",
            fix="Check the year, or plan again.",
        )
