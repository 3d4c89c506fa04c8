"""An assessment in a terminal: what it asks for first, then what follows, then every rule with its source."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

from glidepath.dosing.read_sig import Reading
from glidepath.guidance.condition import UNKNOWN
from glidepath.guidance.pace import Pace
from glidepath.guidance.rulebook import Effect
from glidepath.patient.assessment import Assessment, Care, Judged, Met
from glidepath.patient.case import BY_NAME, Case
from glidepath.render.document import EVALUATION
from glidepath.render.terminal import console, heading, say, say_tasks
from glidepath.taper.falls import percent

_CARE = {
    Care.OUTPATIENT: "Outpatient care is usual for a case like this; nothing that was answered asks for more.",
    Care.NOT_ASSESSABLE: "The level of care cannot be told yet: something that is not known may ask for more.",
    Care.SPECIALIST: "A named specialist and a reason are needed before any plan can be signed.",
    Care.INPATIENT: "Consider inpatient care; a named specialist and a reason are needed before a plan is signed.",
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
    UNKNOWN: "cannot be told: duration, days a week or dose band is not known",
}


def print_assessment(
    case: Case,
    reading: Reading,
    assessment: Assessment,
    pace: Pace,
    falls_first: tuple[str, ...],
    emergency: tuple[str, ...],
    *,
    plain: bool = False,
) -> None:
    """Print an assessment to standard output; `emergency` says who to call, first of all where help is needed now."""
    out = console(plain=plain)
    if assessment.emergency:
        out.print(Text("This needs help now, before anything else:", style="bold red"))
        for line in emergency:
            say(out, line, style="bold")
        out.print()
    out.print(Text(f"{EVALUATION}. Every rule here is a draft.", style="italic"))
    out.print()
    out.print(Text(_CARE[assessment.care], style="bold"))
    if assessment.care_could_be is not assessment.care and assessment.care is not Care.REFUSED:
        say(out, f"Depending on what is not known it could be: {assessment.care_could_be.value}.", indent=0)
    if assessment.missing:
        names = ", ".join(name.replace("_", " ") for name in assessment.missing)
        say(out, f"Unknown or not asked, which is never no: {names}.", indent=0, style="yellow")
    heading(out, "Understood")
    say(out, f"{reading.echo}; region {case.region}")
    heading(out, "In short")
    say(out, f"Physical dependence: {_DEPENDENCE[assessment.dependence]}.")
    could = "" if assessment.tier_could_be == assessment.tier else f", and could be {assessment.tier_could_be}"
    say(out, f"Severe or complicated withdrawal: {assessment.tier}{could} (of lower, raised, high; no probability).")
    for reason in assessment.tier_reasons:
        say(out, f"- {reason}", indent=4)
    if assessment.use_signs:
        signs = ", ".join(sign.replace("_", " ") for sign in assessment.use_signs)
        say(
            out,
            f"Apart from that, to talk about with care: {signs}. They lead to an offer of help, never to blame.",
        )
    say(out, f"Answers that are valid: {'; '.join(assessment.answers)}. The person and the prescriber choose.")
    say(out, _ready(assessment))
    if assessment.allows_a_taper:
        _plan(out, assessment, pace, falls_first)
    _weigh(out, assessment)
    _rules(out, assessment)


def _ready(assessment: Assessment) -> str:
    """Whether the person is ready to begin, with why; the person and the prescriber decide."""
    found = assessment.readiness
    missing = [name.replace("_", " ") for name in found.missing]
    why = [*found.reasons, *([f"not known: {', '.join(missing)}"] if missing else [])]
    return f"Ready to begin: {_READY[found.state]}{': ' + '; '.join(why) if why else ''}."


def _plan(out: Console, assessment: Assessment, pace: Pace, falls_first: tuple[str, ...]) -> None:
    heading(out, "If a plan is made")
    which = "the slower interval" if assessment.slower else "the usual interval"
    rate = "fixed steps by band" if pace.bands else f"at most {percent(pace.asked_frac)} of the current dose at a step"
    say(
        out,
        f"Pace: {pace.name}, {rate}, each held {pace.usual_hold_days} days ({which}). A larger fall, where the "
        f"tablets force one, is held longer, up to {pace.max_hold_days} days, and above the guideline's ceiling it "
        "needs a reason.",
    )
    if len(falls_first) > 1:
        order = ", ".join(falls_first)
        say(
            out,
            f"Times of day: each keeps its share of the day; of two that are equal the earlier in this order falls: "
            f"{order}.",
        )
    switch = {"no": "not planned", "ask": "only with a stated reason", "yes": "possible, never by default"}
    say(out, f"Switch to a longer-acting drug: {switch[assessment.switch]}.")
    for reason in assessment.switch_reasons:
        say(out, f"- {reason}", indent=4)
    say(out, f"Review at least every {assessment.review_days} days.")
    say_tasks(out, assessment)


def _weigh(out: Console, assessment: Assessment) -> None:
    """What speaks for a taper and what against it, side by side; the weighing is the prescriber's and the person's."""
    if not assessment.favours and not assessment.against:
        return
    heading(out, "For and against, to weigh together")
    for line in assessment.favours:
        say(out, f"for: {line}.")
    for line in assessment.against:
        say(out, f"against: {line}.")


def _rules(out: Console, assessment: Assessment) -> None:
    for title, met in (("What applies", Met.MET), ("What cannot be told", Met.NOT_ASSESSABLE)):
        shown = [j for j in assessment.judged if j.met is met and j.rule.effect is not Effect.NOTE]
        if not shown:
            continue
        heading(out, title)
        for judged in sorted(shown, key=lambda j: -j.rule.effect.weight):
            say(out, _line(judged), style="bold" if judged.rule.effect.weight >= Effect.SPECIALIST.weight else "")
    notes = [j for j in assessment.judged if j.met is not Met.NOT_MET and j.rule.effect is Effect.NOTE]
    if notes:
        heading(out, "Also")
        for judged in notes:
            say(out, _line(judged))
    count = sum(j.met is Met.NOT_MET for j in assessment.judged)
    say(out, f"{count} other rules do not apply; all are in --format json.", indent=0)


def _line(judged: Judged) -> str:
    rule = judged.rule
    asks = ", ".join(BY_NAME[m].asks if m in BY_NAME else m.replace("_", " ") for m in judged.missing)
    missing = f" Missing: {asks}" if asks else ""
    source = f"{rule.id}; {', '.join(rule.sources)}, {rule.where}; {rule.status.replace('_', ' ')}"
    return f"{rule.effect.value}: {rule.statement}.{missing} [{source}]"
