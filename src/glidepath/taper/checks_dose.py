"""Checks on the doses themselves: start, units, rises, falls, dates and the end."""

from __future__ import annotations

import itertools
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise

from glidepath.dosing.regimen import Regimen
from glidepath.taper.falls import (
    Row,
    asked_in_window,
    falls_over,
    is_above_pace,
    measured,
    mg_text,
    percent,
    rolling_fall,
)
from glidepath.taper.proof import Check, Limits, Status
from glidepath.taper.schedule import StepKind, Taper


def start_as_recorded(taper: Taper, recorded: Regimen) -> Check:
    def intakes(regimen: Regimen) -> list[tuple[str, str, Fraction]]:
        return sorted((i.slot.value, i.drug, i.dose.mg) for i in regimen.intakes)

    first = taper.steps[0]
    same = first.kind is StepKind.RECORDED and intakes(first.regimen) == intakes(recorded)
    return Check(
        id="start-as-recorded",
        title="Start dose as recorded",
        status=Status.PASS if same else Status.BREACH,
        value=f"{taper.start_dose} {taper.drug} a day",
        bound=f"{recorded.total(taper.drug)} {taper.drug} a day",
        on=first.starts,
        sources=(),
        says="The plan begins with exactly what is taken now."
        if same
        else "The plan does not begin with what is taken.",
    )


def doses_equal_pieces(taper: Taper) -> Check:
    wrong = None
    for step in taper.steps:
        for intake in step.regimen.intakes:
            made = sum((p.product.strength * p.units for p in intake.pieces), Fraction(0))
            drugs = {p.product.drug for p in intake.pieces}
            if made != intake.dose.mg or drugs != {intake.drug}:
                wrong = wrong or step
    return Check(
        id="doses-equal-pieces",
        title="Each dose equals its units exactly",
        status=Status.BREACH if wrong else Status.PASS,
        value="a dose differs from its units" if wrong else f"{taper.days} days, no difference",
        bound="no difference on any day",
        on=wrong.starts if wrong else None,
        sources=(),
        says="A dose is not what the units listed for it make."
        if wrong
        else "Every dose is made exactly by the tablets, capsules or mL listed for it.",
    )


def never_rises(taper: Taper, limits: Limits) -> Check:
    rows, unit = measured(taper, limits)
    rise: tuple[date, Fraction, Fraction] | None = None
    for (_, _, before), (starts, _, after) in itertools.pairwise(rows):
        if after > before and rise is None:
            rise = (starts, before, after)
    rise = rise or _slot_rise(taper)
    return Check(
        id="never-rises",
        title="The dose never rises",
        status=Status.BREACH if rise else Status.PASS,
        value=f"{mg_text(rise[1])} to {mg_text(rise[2])} {unit}"
        if rise
        else "no rise on any day or at any time of day",
        bound="no rise",
        on=rise[0] if rise else None,
        sources=(),
        says="No day, and no time of day, has more than the one before." if not rise else "The dose rises.",
    )


def _slot_rise(taper: Taper) -> tuple[date, Fraction, Fraction] | None:
    """The first time of day at which any drug rises; a switch is left to its own checks while it moves doses."""
    for before, after in pairwise(taper.steps):
        drugs = after.regimen.drugs if after.kind is not StepKind.SWITCH else taper.constant
        for drug in drugs:
            earlier = {i.slot: i.dose.mg for i in before.regimen.of_drug(drug)}
            for intake in after.regimen.of_drug(drug):
                was = earlier.get(intake.slot, Fraction(0))
                if intake.dose.mg > was:
                    return (after.starts, was, intake.dose.mg)
    return None


def fall_per_step(taper: Taper, limits: Limits) -> Check:
    rows, unit = measured(taper, limits)
    worst = (Fraction(0), rows[0][0], rows[0][2], rows[0][2])
    above = 0
    for (_, _, before), (starts, _, after) in itertools.pairwise(rows):
        fall = (before - after) / before if before else Fraction(0)
        above += fall > limits.pace.asked_at(before)
        if fall > worst[0]:
            worst = (fall, starts, before, after)
    asked = percent(limits.pace.asked_frac)
    return Check(
        id="fall-per-step",
        title="Fall per step",
        status=Status.CAUTION if above else Status.PASS,
        value=f"{percent(worst[0])} ({mg_text(worst[2])} to {mg_text(worst[3])} {unit})",
        bound=f"{'the band' if limits.pace.bands else asked} asked for",
        on=worst[1] if worst[0] else None,
        sources=limits.pace.sources,
        doses=(worst[2], worst[3]) if worst[0] else None,
        says=(
            f"{above} of the falls {'is' if above == 1 else 'are'} larger than asked, because no better one can be "
            "made with these products and times of day; each is held longer."
            if above
            else "No fall is larger than asked."
        ),
    )


def fall_in_window(taper: Taper, limits: Limits, days: int, check_id: str, *, with_limit: bool) -> Check:
    rows, unit = measured(taper, limits)
    fall, on, before, after = rolling_fall(rows, days)
    asked = asked_in_window(limits.pace, before, days)
    if with_limit and fall > limits.ceiling_frac:
        status = Status.BREACH
    elif is_above_pace(rows, limits.pace, days):
        status = Status.CAUTION
    else:
        status = Status.PASS
    bound = f"{percent(asked)} at the asked pace"
    if with_limit:
        bound = f"{percent(limits.ceiling_frac)}; {bound}"
    return Check(
        id=check_id,
        title=f"Fall in any {days} days",
        status=status,
        value=f"{percent(fall)} ({mg_text(before)} to {mg_text(after)} {unit})",
        bound=bound,
        on=on if fall else None,
        sources=limits.ceiling_sources if with_limit else limits.pace.sources,
        doses=(before, after) if fall else None,
        says={
            Status.BREACH: (
                f"Over {percent(limits.ceiling_frac)} in {days} days, for which the prescriber must give a reason: "
                f"{_listed(rows, limits, days, unit)}."
            ),
            Status.CAUTION: "Above the asked pace; the larger falls are held longer.",
        }.get(status, "Within the limit on every day."),
    )


def _listed(rows: list[Row], limits: Limits, days: int, unit: str) -> str:
    """Every fall over the limit, so that one reason is given with all of them in sight."""
    return "; ".join(
        f"{percent(fall)} on {on.isoformat()} ({mg_text(before)} to {mg_text(after)} {unit})"
        for fall, on, before, after in falls_over(rows, days, limits.ceiling_frac)
    )


def last_dose(taper: Taper, limits: Limits) -> Check:
    last = taper.steps[-1]
    before = taper.steps[-2] if len(taper.steps) > 1 else None
    held = before is None or before.kind is StepKind.RECORDED or last.days >= before.days
    chosen = f" Chosen by the prescriber: {limits.last_dose_reason}" if limits.last_dose_reason else ""
    return Check(
        id="last-dose",
        title="The last dose is stated and held",
        status=Status.PASS if held else Status.BREACH,
        value=f"{taper.last_dose} {taper.last_drug} a day for {last.days} days",
        bound="at least as long as the step before",
        on=last.starts,
        sources=(),
        says=("The plan stays at this dose." if taper.ends == "maintain" else "The last dose before the stop.")
        + chosen,
    )


def stop(taper: Taper) -> Check:
    if taper.ends == "maintain":
        return Check(
            id="stop",
            title="The stop",
            status=Status.PASS,
            value="the plan does not stop",
            bound="",
            on=None,
            sources=(),
            says="A plan may end above zero.",
        )
    return Check(
        id="stop",
        title="The stop",
        status=Status.CAUTION,
        value=f"{taper.last_dose} {taper.last_drug} a day to nothing",
        bound="the size is stated; it is always the whole of what is left",
        on=taper.stops_on,
        sources=(),
        says=f"The last jump is {taper.last_dose} a day. How it ends says what else could be done.",
    )


def dates(taper: Taper) -> Check:
    wrong: date | None = None
    for before, after in zip(taper.steps, taper.steps[1:], strict=False):
        if after.starts != before.ends + timedelta(days=1):
            wrong = wrong or after.starts
    return Check(
        id="dates",
        title="Dates without gap or overlap",
        status=Status.BREACH if wrong else Status.PASS,
        value=f"{taper.starts.isoformat()} to {taper.ends_on.isoformat()}, {taper.days} days",
        bound="each day covered once",
        on=wrong,
        sources=(),
        says="Each day belongs to exactly one step." if not wrong else "A day is missing or covered twice.",
    )
