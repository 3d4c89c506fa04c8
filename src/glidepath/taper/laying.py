"""From a chosen reduction to dated steps laid end to end, each with its reason."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

from glidepath.dosing.regimen import Intake, Regimen
from glidepath.taper.direct import Leg
from glidepath.taper.goal import Goal
from glidepath.taper.schedule import Step, StepKind


class Laid:
    """Steps laid end to end; lives while one taper is put together."""

    def __init__(self, starts: date) -> None:
        self.next_day = starts
        self.steps: list[Step] = []

    def add(self, kind: StepKind, days: int, intakes: tuple[Intake, ...], fall: Fraction, because: str) -> None:
        if days < 1:
            return
        self.steps.append(
            Step(
                number=len(self.steps),
                starts=self.next_day,
                days=days,
                regimen=Regimen.of(intakes),
                kind=kind,
                reduction_frac=fall,
                because=because,
            )
        )
        self.next_day += timedelta(days=days)


def add_leg(steps: Laid, leg: Leg, constant: tuple[Intake, ...], *, maintain: bool, goal: Goal) -> None:
    for index, (intakes, days) in enumerate(zip(leg.days, leg.holds, strict=True)):
        before, after = leg.totals[index], leg.totals[index + 1]
        fall = 1 - after / before
        last = index == len(leg.days) - 1
        kind = StepKind.MAINTENANCE if last and maintain else StepKind.REDUCTION
        steps.add(kind, days, (*intakes, *constant), fall, _because(goal, before, fall, last, maintain))


def _because(goal: Goal, before: Fraction, fall: Fraction, last: bool, maintain: bool) -> str:
    if fall <= goal.pace.asked_at(before):
        text = "Within the asked pace."
    elif fall <= goal.ceiling_frac:
        text = "Larger than asked, because no better step can be made with these products and times; held longer."
    else:
        text = "Over 25 %, because no better step can be made with these products and times; held longer."
    if last:
        text += " The dose to stay at, as asked." if maintain else " The last dose before the stop."
    return text
