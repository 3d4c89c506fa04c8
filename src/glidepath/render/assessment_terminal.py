"""An assessment in a terminal: what it asks for first, then what follows, then every rule with its source."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

from glidepath.dosing.read_sig import Reading
from glidepath.guidance.pace import Pace
from glidepath.guidance.rulebook import Effect
from glidepath.patient.assessment import Assessment, Care, Judged, Met
from glidepath.patient.case import BY_NAME, Case
from glidepath.render.assessment_words import CARE, SWITCH, care_lines, review_line, short_lines
from glidepath.render.document import EVALUATION
from glidepath.render.terminal import console, heading, say, say_tasks
from glidepath.taper.falls import percent


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
    out.print(Text(CARE[assessment.care], style="bold"))
    for line in care_lines(assessment):
        say(out, line, indent=0, style="yellow")
    heading(out, "Understood")
    say(out, f"{reading.echo}; region {case.region}")
    heading(out, "In short")
    for line in short_lines(assessment):
        say(out, line, indent=4 if line.startswith("Why") else 2)
    if assessment.care is not Care.REFUSED:
        _plan(out, assessment, pace, falls_first)
    heading(out, "To do, and never to do")
    say(out, review_line(assessment))
    say_tasks(out, assessment)
    _weigh(out, assessment)
    _rules(out, assessment)


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
    say(out, f"Switch to a longer-acting drug: {SWITCH[assessment.switch]}.")
    for reason in assessment.switch_reasons:
        say(out, f"- {reason}", indent=4)


def _weigh(out: Console, assessment: Assessment) -> None:
    """What speaks for a taper and what against it, side by side; the weighing is the prescriber's and the person's."""
    if not assessment.favours and not assessment.against:
        return
    heading(out, "For and against, to weigh together")
    for line in assessment.favours:
        say(out, f"For a reduction: {line}.")
    for line in assessment.against:
        say(out, f"For staying: {line}.")


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
    strength = f" {rule.strength};" if rule.strength else ""
    source = f"{rule.id}; {', '.join(rule.sources)}, {rule.where}; {rule.jurisdiction};{strength} {rule.status}"
    return f"{rule.effect.value}: {rule.statement}.{missing} [{source.replace('_', ' ')}]"
