"""What must be on record before a plan is made against, or beyond, what the assessment of a case says.

A named specialist with a reason where the assessment asks for one; the prescriber's name and reason where tapering is
not among the answers, where a switch is in question, and where a faster pace is wanted than the case asks for.
"""

from __future__ import annotations

from glidepath.casework.request import PlanRequest
from glidepath.errors import RefusedError
from glidepath.guidance.pace import Pace
from glidepath.guidance.rulebook import Effect
from glidepath.oversight.signature import Signer
from glidepath.patient.assessment import Assessment, Care, Met


def require_on_record(request: PlanRequest, found: Assessment, emergency: tuple[str, ...], *, is_faster: bool) -> None:
    """Raise SPECIALIST_REQUIRED or REASON_REQUIRED, saying why, and who to call where help is needed now."""
    help_now = ("This needs help now, before any plan:", *emergency) if found.emergency else ()
    if found.care in (Care.SPECIALIST, Care.INPATIENT):
        _require_specialist(request, found, help_now)
    why = {
        "case": found.why_not_now or ("The person does not want to reduce now.",) if not found.allows_a_taper else (),
        "switch": found.switch_reasons if _wants_a_switch(request) and found.switch != "yes" else (),
        "pace": ("The assessment asks for the slower interval.",) if is_faster and found.slower else (),
    }
    needed = [field for field, because in why.items() if because]
    if not needed:
        return
    if not (request.reason and request.reason.strip() and request.reason_by and request.reason_by.strip()):
        because = tuple(line for lines in why.values() for line in lines)
        raise RefusedError(
            "REASON_REQUIRED",
            f"The assessment stands against this ({', '.join(needed)}): it needs a prescriber's name and reason.",
            field=needed[0],
            fix='Answer what is not known in the case, or add --reason "why" --reason-by "Name, role, registration".',
            details=(*help_now, *because),
        )
    Signer.read(request.reason_by, field="reason_by")


def is_faster(pace: Pace, usual: Pace) -> bool:
    """Whether a pace cuts more at a step, or holds a step shorter, than the one the case would have."""
    return pace.asked_frac > usual.asked_frac or pace.usual_hold_days < usual.usual_hold_days


def _wants_a_switch(request: PlanRequest) -> bool:
    return request.switch is not None or request.table is not None


def _require_specialist(request: PlanRequest, found: Assessment, help_now: tuple[str, ...]) -> None:
    name, reason = request.specialist, request.specialist_reason
    if not (name and name.strip() and reason and reason.strip()):
        asks = [j for j in found.judged if j.rule.effect.weight >= Effect.SPECIALIST.weight]
        because = tuple(f"{j.rule.statement}." for j in asks if j.met is Met.MET or j.stands_unanswerable)
        raise RefusedError(
            "SPECIALIST_REQUIRED",
            "Nothing is planned until a specialist who agrees is named, with the reason to go on.",
            field="specialist",
            fix='Add --specialist "Name, role, registration" --specialist-reason "why".',
            details=(*help_now, *because),
        )
    Signer.read(name, field="specialist")
