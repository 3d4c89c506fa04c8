"""The verdict of a second opinion in plain words, and its numbers as a pharmacist writes them."""

from __future__ import annotations

from fractions import Fraction

from glidepath.checker.checked import Checked
from glidepath.checker.report import Check, Fall, Status, Verdict
from glidepath.quantity import exact_decimal

_HALF = Fraction(1, 2)


def verdict_words(checked: Checked) -> str:
    """One short paragraph: the verdict, what it rests on, and how it ends. Never that a taper is safe."""
    report = checked.report
    if report.unreadable:
        count = len(report.unreadable)
        return (
            f"Cannot tell: {count} {'place' if count == 1 else 'places'} could not be read, so nothing was judged. "
            "A verdict on the rest would be no verdict on the taper."
        )
    scope = " of the doses and dates alone (products and maxima were not looked at)" if report.doses_only else ""
    if report.verdict is Verdict.WITHIN:
        but = ", but it ends in an abrupt stop" if _is_abrupt(checked) else ""
        said = f"Within the limits{scope}{but}: no fall over 25 % in 14 days, no rise, no day uncovered"
        said += "." if report.doses_only else ", and every dose can be dispensed."
    elif report.verdict is Verdict.BREACHES:
        titles = [c.title[0].lower() + c.title[1:] for c in report.checks if c.status is Status.BREACH]
        said = f"Breaches{scope}: {'; '.join(titles)}."
    else:
        titles = [c.title[0].lower() + c.title[1:] for c in _open(checked)]
        what = "; ".join(titles) if titles else "nothing is taken on any day of it"
        said = f"Cannot tell{scope}: no breach was found, but this could not be assessed: {what}."
    return " ".join(part for part in (said, _fall_words(report.worst_fall_14d, checked), _end_words(checked)) if part)


def _open(checked: Checked) -> list[Check]:
    return [c for c in checked.report.checks if c.required and c.status is Status.NOT_ASSESSABLE]


def _fall_words(fall: Fall | None, checked: Checked) -> str:
    if fall is None:
        return ""
    unit = checked.report.measure.removeprefix("mg ") if _is_equivalent(checked) else ""
    return (
        f"The largest fall in any 14 days is {percent(fall.fraction)}, from {mg(fall.from_mg)} to {mg(fall.to_mg)}"
        f"{' ' + unit if unit else ''} on {day_words(checked, fall.day)}."
    )


def _end_words(checked: Checked) -> str:
    report = checked.report
    if not report.last_doses:
        return ""
    last = " and ".join(
        f"{mg(dose)} {drug}" if len(report.last_doses) > 1 else mg(dose) for drug, dose in report.last_doses
    )
    if report.course and report.course[-1][2]:
        return f"It does not say how it ends: the last dose is {last} a day."
    if _is_abrupt(checked):
        return (
            f"It ends by stopping from {last} a day, {percent(_end_share(checked))} of the start: an abrupt stop, "
            "which after regular use can bring seizures. Ask the prescriber before anything is supplied."
        )
    return f"It ends with a step from {last} a day to nothing."


def _end_share(checked: Checked) -> Fraction:
    """What is taken before the stop as a share of the start, both in the measure; 0 where there is no stop."""
    report = checked.report
    if not report.course or report.course[-1][2] or not report.start_mg:
        return Fraction(0)
    last = next((dose for _, _, dose in reversed(report.course) if dose), Fraction(0))
    return last / report.start_mg


def _is_abrupt(checked: Checked) -> bool:
    """Whether the last step is from more than half of what was taken at the start."""
    return _end_share(checked) > _HALF


def _is_equivalent(checked: Checked) -> bool:
    return checked.report.measure.startswith("mg diazepam-equivalent")


def day_words(checked: Checked, day: int) -> str:
    """A day as it stands in a sentence."""
    found = checked.day(day)
    return f"day {found}" if isinstance(found, int) else found


def mg(value: Fraction) -> str:
    """Mg with their unit; "about" where no decimal is exact."""
    try:
        return f"{exact_decimal(value)} mg"
    except ValueError:
        return f"about {float(value):.2f} mg"


def percent(fraction: Fraction) -> str:
    """A fraction as percent: one decimal, two where one would hide on which side of a limit it is."""
    tenths = int(fraction * 1000 + _HALF)
    if tenths % 10:
        return f"{tenths // 10}.{tenths % 10} %"
    return f"{tenths // 10} %" if fraction * 1000 == tenths else f"{float(fraction) * 100:.2f} %"
