"""What an assessment says, in sentences: the same ones in the terminal, in the plan document and on paper."""

from __future__ import annotations

from glidepath.guidance.condition import UNKNOWN
from glidepath.patient.assessment import Assessment, Care

CARE = {
    Care.OUTPATIENT: "Outpatient care is usual for a case like this; nothing that was answered asks for more.",
    Care.NOT_ASSESSABLE: "The level of care cannot be told yet: something that is not known may ask for more.",
    Care.SPECIALIST: "A named specialist and a reason are needed before any plan can be made.",
    Care.INPATIENT: "Consider inpatient care; a named specialist and a reason are needed before any plan can be made.",
    Care.REFUSED: "No plan is made for this person here: the guidance behind it is not meant for them.",
}
_READY = {
    "ready": "nothing that was answered speaks against it",
    "arrange first": "when this is arranged",
    "not yet": "not yet",
    "cannot tell": "cannot be told yet",
}
_DEPENDENCE = {
    "rare": "rare by the guideline's table (3 days a week or fewer)",
    "possible": "possible by the guideline's table",
    "likely": "likely by the guideline's table; expected after regular use, and not a disorder of use",
    UNKNOWN: "cannot be told: it was stopped, or duration, days a week or dose band is not known",
}
SWITCH = {"no": "not planned", "ask": "only with a stated reason", "yes": "possible, never by default"}


def assessment_lines(found: Assessment) -> tuple[str, ...]:
    """Everything but the rules one by one: care, dependence, tier, signs, answers, readiness, for and against."""
    return (
        CARE[found.care],
        *care_lines(found),
        *short_lines(found),
        *(f"For a reduction: {line}." for line in found.favours),
        *(f"For staying: {line}." for line in found.against),
        f"Switch to a longer-acting drug: {SWITCH[found.switch]}.",
        *(f"About a switch: {reason}." for reason in found.switch_reasons),
        review_line(found),
    )


def care_lines(found: Assessment) -> tuple[str, ...]:
    """What the level of care could still be, and what is not known."""
    lines = []
    if found.care_could_be is not found.care and found.care is not Care.REFUSED:
        lines.append(f"Depending on what is not known it could be: {found.care_could_be.value}.")
    if found.missing:
        lines.append(f"Unknown or not asked, which is never no: {_named(found.missing)}.")
    return tuple(lines)


def short_lines(found: Assessment) -> tuple[str, ...]:
    """Dependence, the tier of severe withdrawal with its reasons, signs to talk about, answers, readiness."""
    could = "" if found.tier_could_be == found.tier else f", and could be {found.tier_could_be}"
    lines = [
        f"Physical dependence: {_DEPENDENCE[found.dependence]}.",
        f"Severe or complicated withdrawal: {found.tier}{could} (of lower, raised, high; no probability).",
        *(f"Why: {reason}." for reason in found.tier_reasons),
        *(f"Why, not known yet: {reason}." for reason in found.tier_open),
    ]
    if found.use_signs:
        signs = _named(found.use_signs)
        lines.append(
            f"Apart from that, to talk about with care: {signs}. They lead to an offer of help, never to blame."
        )
    lines.append(f"Answers that are valid: {'; '.join(found.answers)}. The person and the prescriber choose.")
    if found.care is not Care.REFUSED:
        lines.append(_ready(found))
    return tuple(lines)


def review_line(found: Assessment) -> str:
    """How often somebody looks, during a reduction."""
    return f"Review before every reduction, and at least every {found.review_days} days."


def _ready(found: Assessment) -> str:
    """Whether the person is ready to begin, with why; the person and the prescriber decide."""
    ready = found.readiness
    why = [*ready.reasons, *([f"not known: {_named(ready.missing)}"] if ready.missing else [])]
    return f"Ready to begin: {_READY[ready.state]}{': ' + '; '.join(why) if why else ''}."


def _named(fields: tuple[str, ...]) -> str:
    return ", ".join(field.replace("_", " ") for field in fields)
