"""The end of a taper: how long the last dose is held, and the step to zero."""

from __future__ import annotations

from fractions import Fraction

from glidepath.checker.course import Course, Reading, Stretch, say_day, say_mg
from glidepath.checker.falls import Measured, percent
from glidepath.checker.report import Check, Fall, Status

GUIDE = ("ASAM2025",)


def last_doses(course: Course) -> tuple[tuple[str, Fraction], ...]:
    """Mg a day of each drug that counts, on the last day on which any of it is taken."""
    if not _taken_last(course):
        return ()
    last = _taken_last(course)[-1]
    return tuple((d, course.mg(last.totals[d])) for d in _left(course))


def final_step(course: Course, by: tuple[Measured, ...]) -> Fall | None:
    """The step to zero at the end: in mg of the drug that remains, or in the measure where several do.

    None when zero is not reached, when nothing was taken before it, or when several drugs remain without a measure.
    """
    if course.stop is None or not _taken_last(course):
        return None
    last, left = _taken_last(course)[-1], _left(course)
    if len(left) == 1:
        remains = course.mg(last.totals[left[0]])
    elif by:
        remains = amount(course, last, by[0].reading)
    else:
        return None
    at = next(s for s in course.planned if s.first == course.stop)
    return Fall(fraction=Fraction(1), day=at.first, from_day=last.last, from_mg=remains, to_mg=Fraction(0), row=at.row)


def last_dose_check(course: Course) -> Check:
    title, bound = "Time on the last dose", "at least as long as on the dose before"
    runs: list[tuple[tuple[int, ...], int, Stretch]] = []
    for stretch in (s for s in course.live if s.first):
        doses = tuple(stretch.totals.get(d, 0) for d in course.measured_drugs)
        if runs and runs[-1][0] == doses:
            runs[-1] = (doses, runs[-1][1] + stretch.days, runs[-1][2])
        else:
            runs.append((doses, stretch.days, stretch))
    said: list[str] = []
    value, short = "", False
    if not runs or not any(runs[-1][0]):
        said.append("No dose is taken before the stop.")
    else:
        value = f"{runs[-1][1]} {'day' if runs[-1][1] == 1 else 'days'}"
        # Where nothing is stated apart, the first row is what was taken already: its days say nothing of its length.
        if len(runs) > (1 if course.before else 2):
            earlier = runs[-2][1]
            short = runs[-1][1] < earlier
            said.append(f"The last dose is taken for {value}, the one before it for {earlier}.")
            if short:
                said.append("The last dose is often the hardest to leave; give it at least as long.")
        else:
            said.append(f"The last dose is taken for {value}.")
    status = Status.CAUTION if short else Status.PASS
    last = runs[-1][2] if runs else None
    return finding(
        "last-dose",
        title,
        status,
        value,
        bound,
        " ".join(said),
        day=last.first if last else None,
        row=last.row if last else 0,
    )


def final_step_check(course: Course, by: tuple[Measured, ...]) -> Check:
    title, bound = "Step to zero", "the smaller the kinder; no fixed limit"
    if not _taken_last(course):
        return finding("final-step", title, Status.PASS, "", bound, "No dose is taken.")
    if course.stop is None:
        says = "The taper does not come down to zero: what follows is not stated."
        return finding("final-step", title, Status.CAUTION, "no end stated", bound, says)
    last = _taken_last(course)[-1]
    at = next(s for s in course.planned if s.first == course.stop)
    size = " and ".join(f"{say_mg(course.mg(last.totals[d]))} mg of {d}" for d in _left(course))
    says = f"The last step is from {size} to zero on {say_day(at.first, at.row)}."
    value = size
    start = amount(course, course.stretches[0], by[0].reading) if by else Fraction(0)
    if start:
        share = amount(course, last, by[0].reading) / start
        half = Fraction(1, 2)
        value = f"{size}, {percent(share, half)} of the start dose"
        says = f"{says[:-1]}, {percent(share, half)} of the start dose."
        if share > half:
            says += (
                " This is an abrupt stop, which is never right after regular use: it can bring on dangerous withdrawal."
            )
        else:
            says += " It is left out of every other fall; please judge whether it is small enough."
    return finding("final-step", title, Status.CAUTION, value, bound, says, day=at.first, row=at.row, sources=GUIDE)


def _taken_last(course: Course) -> list[Stretch]:
    """The known days with a dose above zero."""
    return [s for s in course.live if any(s.totals.get(d, 0) for d in course.measured_drugs)]


def _left(course: Course) -> list[str]:
    """The measured drugs that are still taken on the last day before the stop."""
    last = _taken_last(course)[-1]
    return [d for d in course.measured_drugs if last.totals.get(d, 0)]


def amount(course: Course, stretch: Stretch, reading: Reading) -> Fraction:
    return sum((w * stretch.totals.get(d, 0) for d, w in reading.weights.items()), Fraction(0)) / course.scale


def finding(
    name: str,
    title: str,
    status: Status,
    value: str,
    bound: str,
    says: str,
    *,
    day: int | None = None,
    row: int = 0,
    sources: tuple[str, ...] = (),
) -> Check:
    return Check(
        id=name, title=title, status=status, value=value, bound=bound, says=says, day=day, row=row, sources=sources
    )
