"""Checks of the doses alone: days, falls, rises, slips, the last dose and the step to zero."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

from glidepath.checker.checks_end import GUIDE, amount, final_step_check, finding, last_dose_check
from glidepath.checker.course import Course, Reading, say_day, say_days, say_mg, some_of
from glidepath.checker.falls import LIMIT_14D, LIMIT_28D, USUAL, Measured, percent
from glidepath.checker.report import Check, Fall, Rise, Status
from glidepath.checker.written import TIMES

_SLIP, _UNIT_SLIP = 10, 1000
_WHEN = {"morning": "in the morning", "noon": "at noon", "evening": "in the evening", "night": "at night"}


def dose_checks(
    course: Course, by: tuple[Measured, ...], chosen: str | None, out_of_range: tuple[str, ...]
) -> list[Check]:
    """Every check that needs no product. `by` is empty when several drugs are in play and no table covers them all.

    `out_of_range` are daily totals far beyond any stated ceiling, in words.
    """
    return [
        _start(course, by),
        _dates(course),
        _never_rises(course, by, chosen),
        _per_step(course, by, chosen),
        _in_14(course, by, chosen),
        _in_28(course, by, chosen),
        _dose_slip(course, out_of_range),
        last_dose_check(course),
        final_step_check(course, by),
    ]


def _start(course: Course, by: tuple[Measured, ...]) -> Check:
    title = "Start dose"
    if not course.stretches:
        return finding("start", title, Status.PASS, "", "", "No dose is written.")
    first = course.stretches[0]
    drugs = [d for d in course.drugs if first.totals.get(d)] or list(course.drugs[:1])
    taken = " and ".join(f"{say_mg(course.mg(first.totals.get(d, 0)))} mg of {d}" for d in drugs)
    if course.several and by:
        taken += f" ({say_mg(amount(course, first, by[0].reading))} {by[0].reading.name})"
    if first.first == 0:
        says = f"Before day 1 the dose is {taken} a day; it was stated apart."
        return finding("start", title, Status.PASS, taken, "", says)
    says = f"The dose at the start is {taken} a day; it is that of the first row, as nothing was stated apart."
    return finding("start", title, Status.PASS, taken, "", says, day=first.first, row=first.row)


def _dates(course: Course) -> Check:
    gaps = [say_days(a, b) for a, b, _ in course.uncovered]
    twice = [f"{say_days(a, b)} (row {row})" if row else say_days(a, b) for a, b, row in course.twice]
    said = []
    if gaps:
        said.append(f"No row says what is taken on {some_of(gaps)}.")
    if twice:
        said.append(f"More than one row says what is taken on {some_of(twice)}.")
    for drug, first_day, last_day, row in course.unsaid[:8]:
        at = f" (row {row})" if row else ""
        said.append(f"No row says what is taken of {drug} on {say_days(first_day, last_day)}{at}; write 0 if it ended.")
    unclear = (*course.uncovered, *course.twice, *((a, b, row) for _, a, b, row in course.unsaid))
    days = len({day for a, b, _ in unclear for day in range(a, b + 1)})
    if not said:
        says = "Every day from the first to the last has exactly one dose."
        return finding("dates", "Every day once", Status.PASS, "every day", "each day once", says)
    first = min(unclear)
    if gaps or twice:
        said.append("These days were left out; they were not read as zero.")
    value = f"{days} {'day' if days == 1 else 'days'} unclear"
    return finding(
        "dates", "Every day once", Status.BREACH, value, "each day once", " ".join(said), day=first[0], row=first[2]
    )


def _never_rises(course: Course, by: tuple[Measured, ...], chosen: str | None) -> Check:
    title, bound = "Never rises", "no day above the day before"
    if not by:
        return _no_measure("never-rises", title, bound, course, chosen)
    rising = [m.reading.table for m in by if m.rises]
    if rising and len(rising) < len(by):
        return _tables_differ("never-rises", title, bound, "a rise", by, rising)
    rises = by[0].rises
    if not rises:
        says = "No dose is above that of the day before, neither of the day nor at any time of day."
        if course.moving_to:
            says = (
                "The total never rises while one drug takes the place of another, and no single dose rises after that."
            )
        return finding("never-rises", title, Status.PASS, "no rise", bound, says)
    says = f"The dose rises on {some_of([_say_rise(r, by[0].reading) for r in rises])}."
    value = f"{len(rises)} {'rise' if len(rises) == 1 else 'rises'}"
    return finding("never-rises", title, Status.BREACH, value, bound, says, day=rises[0].day, row=rises[0].row)


def _say_rise(rise: Rise, reading: Reading) -> str:
    what = f"{rise.drug} " if rise.drug else ""
    when = f"{rise.time} dose " if rise.time else "daily total "
    unit = "mg" if rise.drug else reading.name
    return f"{say_day(rise.day, rise.row)}: {what}{when}from {say_mg(rise.from_mg)} to {say_mg(rise.to_mg)} {unit}"


def _per_step(course: Course, by: tuple[Measured, ...], chosen: str | None) -> Check:
    title, bound = "Fall per step", "10 % usual"
    if not by:
        return _no_measure("fall-per-step", title, bound, course, chosen)
    fall = by[0].falls.step
    if fall is None:
        return finding("fall-per-step", title, Status.PASS, "no fall", bound, "No step goes down before the last one.")
    status = Status.CAUTION if fall.fraction > USUAL else Status.PASS
    says = f"The largest single step is {_say_fall(fall, by[0].reading, USUAL)}."
    if status is Status.CAUTION:
        says += " Usual steps at the start are 5 to 10 %."
    return _of_fall("fall-per-step", title, status, fall, bound, says, USUAL)


def _in_14(course: Course, by: tuple[Measured, ...], chosen: str | None) -> Check:
    title, bound = "Fall in 14 days", "25 % in any 14 days"
    if not by:
        return _no_measure("fall-in-14-days", title, bound, course, chosen)
    above = [m.reading.table for m in by if m.falls.in_14 and m.falls.in_14.fraction > LIMIT_14D]
    if above and len(above) < len(by):
        return _tables_differ("fall-in-14-days", title, bound, "a fall of more than 25 % in 14 days", by, above)
    fall, falls = by[0].falls.in_14, by[0].falls
    if fall is None:
        return finding("fall-in-14-days", title, Status.PASS, "no fall", bound, "No fall before the last step.")
    reading = by[0].reading
    if not above:
        says = f"The largest fall in any 14 days is {_say_fall(fall, reading, USUAL, LIMIT_14D)}."
        status = Status.CAUTION if fall.fraction > USUAL else Status.PASS
        if status is Status.CAUTION:
            says += " That is within the limit, but above the usual first pace of 5 to 10 % every 2 to 4 weeks."
        return _of_fall("fall-in-14-days", title, status, fall, bound, says, USUAL, LIMIT_14D)
    each = some_of([_say_fall(f, reading, LIMIT_14D) for f in falls.over])
    says = (
        f"The dose falls by more than 25 % within 14 days: {each}. "
        f"On {falls.days_over} {'day' if falls.days_over == 1 else 'days'} it is that far below a day of the 14 before."
    )
    if len(by) > 1:
        says += f" All tables agree on this ({', '.join(m.reading.table for m in by)})."
    return _of_fall("fall-in-14-days", title, Status.BREACH, fall, bound, says, LIMIT_14D)


def _in_28(course: Course, by: tuple[Measured, ...], chosen: str | None) -> Check:
    title, bound = "Fall in 28 days", f"{percent(LIMIT_28D)} (25 % twice)"
    if not by:
        return _no_measure("fall-in-28-days", title, bound, course, chosen)
    fall = by[0].falls.in_28
    if fall is None:
        return finding("fall-in-28-days", title, Status.PASS, "no fall", bound, "No fall before the last step.")
    status = Status.CAUTION if fall.fraction > LIMIT_28D else Status.PASS
    says = f"The largest fall in any 28 days is {_say_fall(fall, by[0].reading, LIMIT_28D)}."
    if status is Status.CAUTION:
        says += " That is more than 25 % twice in a row."
    return _of_fall("fall-in-28-days", title, status, fall, bound, says, LIMIT_28D)


def _say_fall(fall: Fall, reading: Reading, *limits: Fraction) -> str:
    unit = reading.name if reading.table else "mg"
    since = "before day 1" if fall.from_day < 1 else f"day {fall.from_day}"
    return (
        f"{percent(fall.fraction, *limits)} on {say_day(fall.day, fall.row)}, "
        f"from {say_mg(fall.from_mg)} {unit} ({since}) to {say_mg(fall.to_mg)} mg"
    )


def _of_fall(name: str, title: str, status: Status, fall: Fall, bound: str, says: str, *limits: Fraction) -> Check:
    value = percent(fall.fraction, *limits)
    return finding(name, title, status, value, bound, says, day=fall.day, row=fall.row, sources=GUIDE)


def _no_measure(name: str, title: str, bound: str, course: Course, chosen: str | None) -> Check:
    drugs = ", ".join(course.in_play)
    if chosen is None:
        says = (
            f"Several drugs change ({drugs}), and no equivalence table has all of them: their total cannot be judged."
        )
    else:
        says = (
            f"Several drugs change ({drugs}), and the table {chosen} does not have all of them: "
            "their total cannot be judged. Name a table that has them."
        )
    return finding(name, title, Status.NOT_ASSESSABLE, "", bound, says)


def _tables_differ(name: str, title: str, bound: str, what: str, by: tuple[Measured, ...], those: list[str]) -> Check:
    others = [m.reading.table for m in by if m.reading.table not in those]
    says = (
        f"The equivalence tables do not agree: there is {what} by {', '.join(those)}, but not by {', '.join(others)}. "
        "Please name the table that the exchange was made with (--table)."
    )
    return finding(name, title, Status.NOT_ASSESSABLE, "tables differ", bound, says)


def _dose_slip(course: Course, out_of_range: tuple[str, ...]) -> Check:
    title, bound = "Slip of a decimal or unit", "no change by a factor of 10 or more"
    slips: list[tuple[int, int, str]] = []
    for was, now in pairwise(course.stretches):
        if now.first <= course.moving_to:
            continue
        for drug in course.drugs:
            day_was, day_now = was.totals.get(drug, 0), now.totals.get(drug, 0)
            pairs = [("a day", day_was, day_now)]
            # A time of day may go from 1.25 to 0.125 mg in an ordinary step of a large dose; the day tells.
            if not (1 - LIMIT_14D) * day_was <= day_now <= day_was:
                pairs += [(t, was.times.get((drug, t), 0), now.times.get((drug, t), 0)) for t in TIMES]
            for when, before, after in pairs:
                low, high = sorted((before, after))
                if low and high >= _SLIP * low:
                    text = (
                        f"{drug} from {say_mg(course.mg(before))} to {say_mg(course.mg(after))} mg "
                        f"{_WHEN.get(when, when)} "
                        f"on {say_day(now.first, now.row)}"
                    )
                    if high >= _UNIT_SLIP * low:
                        text += " (mg and microgram may be confused)"
                    slips.append((now.first, now.row, text))
                    break
    if not slips and not out_of_range:
        says = "No dose changes by a factor of 10 or more from one day to the next, and none is beyond all measure."
        return finding("dose-slip", title, Status.PASS, "no slip", bound, says)
    says = "Please look again at the decimal point and the unit: " + some_of(
        [s for _, _, s in slips] + list(out_of_range)
    )
    day, row = (slips[0][0], slips[0][1]) if slips else (None, 0)
    count = len(slips) + len(out_of_range)
    value = f"{count} possible {'slip' if count == 1 else 'slips'}"
    return finding("dose-slip", title, Status.BREACH, value, bound, says + ".", day=day, row=row)
