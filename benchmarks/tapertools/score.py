"""Scoring what a tool gave for a case. What can be judged on a table is judged by the checker, for every tool alike."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from fractions import Fraction
from time import perf_counter
from typing import Any

from benchmarks.tapertools.case import Case
from benchmarks.tapertools.daytable import rows_of
from benchmarks.tapertools.tool import HEADER, MOST_BYTES, Answer, Declined, Failed, Reason, Tool
from glidepath.casework.check import CheckRequest, check_bytes
from glidepath.checker.course import Course, course_of
from glidepath.checker.falls import LIMIT_14D, Measured, day_values, measure
from glidepath.checker.report import Report
from glidepath.checker.written import WrittenTaper
from glidepath.facts.formulary import load_formulary
from glidepath.quantity import exact_decimal

MADE, DECLINED, FAILED = "made", "declined", "failed"
EQUAL, DIFFERS, NOT_SHOWN = "equal", "differs", "not shown"
_BACK = 28  # days before day 1 that `day_values` begins with
_WINDOW = 14


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """How a tool did on a case. Everything from `makeable` on is None unless the outcome is `made`.

    `rises` counts days on which the day's total is above that of the day before, `rises_at_times` those at one time of
    day only. `days_over` counts days more than 25 % below some day of the 14 before, the stop left out;
    `days_unreasoned` those of them whose dose began without a reason from the tool. `worst_14d` and `last_step` (the
    last dose before the stop, of the dose at the start) are fractions as decimal texts, rounded to four places.
    """

    tool: str
    case: str
    group: str
    outcome: str
    why: str = ""
    ms: float = field(default=0.0, compare=False)
    makeable: bool | None = None
    unmakeable: int | None = None
    uncovered: int | None = None
    printed: str | None = None
    starts_right: bool | None = None
    rises: int | None = None
    rises_at_times: int | None = None
    days: int | None = None
    days_over: int | None = None
    days_unreasoned: int | None = None
    worst_14d: str | None = None
    ending: bool | None = None
    last_step: str | None = None

    def as_record(self) -> dict[str, Any]:
        return {name: value for name, value in asdict(self).items() if value is not None}


def score(tool: Tool, case: Case) -> Score:
    """Ask a tool once and judge what it gives. Whatever a tool does wrong is a score, never an error."""
    begun = perf_counter()
    try:
        answer = tool.plan(case)
    except Declined as reason:
        return _without(tool, case, DECLINED, str(reason), begun)
    except Failed as failure:
        return _without(tool, case, FAILED, str(failure), begun)
    except Exception as error:  # a tool that crashes in process is a tool that failed
        return _without(tool, case, FAILED, f"raised {type(error).__name__}", begun)
    taken = (perf_counter() - begun) * 1000
    return scored(tool.name, case, answer, taken)


def _without(tool: Tool, case: Case, outcome: str, why: str, begun: float) -> Score:
    ms = (perf_counter() - begun) * 1000
    return Score(tool=tool.name, case=case.id, group=case.group, outcome=outcome, why=why, ms=round(ms, 2))


def scored(tool: str, case: Case, answer: Answer, ms: float) -> Score:
    """The score of an answer: `failed` where the table is not one of the contract, with the first thing wrong."""
    of = {"tool": tool, "case": case.id, "group": case.group, "ms": round(ms, 2)}
    if wrong := _not_the_contract(answer.days):
        return Score(**of, outcome=FAILED, why=wrong)
    checked = check_bytes(answer.days.encode(errors="replace"), request_for(case), load_formulary(), is_table=True)
    taper, report = checked.taper, checked.report
    if taper is None or report.unreadable or taper.starts is None:
        said = report.unreadable[0].says if report.unreadable else "there are no days"
        return Score(**of, outcome=FAILED, why=f"the day table cannot be read: {said}")
    course = course_of(taper)
    by = measure(course, load_formulary(), request_for(case).table)
    over = _days_over(course, by, report)
    uncovered = sum(last - first + 1 for first, last, _ in (*report.uncovered_days, *taper.covered_twice))
    return Score(
        **of,
        outcome=MADE,
        makeable=not report.unmakeable and bool(course.takes_anything),
        unmakeable=len(report.unmakeable),
        uncovered=uncovered,
        printed=_printed(answer),
        starts_right=_starts_right(case, taper),
        rises=len({r.day for r in report.rises if not r.time}),
        rises_at_times=len({r.day for r in report.rises if r.time} - {r.day for r in report.rises if not r.time}),
        days=taper.days,
        days_over=len(over),
        days_unreasoned=len(_unreasoned(over, course, taper, answer.reasons)),
        worst_14d=_decimal(report.worst_fall_14d.fraction if report.worst_fall_14d else Fraction(0)),
        ending=_ends_as_asked(case, course),
        last_step=_last_step(course, by),
    )


def request_for(case: Case) -> CheckRequest:
    """What every table for this case is held against."""
    return CheckRequest(
        drug=case.drug,
        start_dose=(f"{case.drug} {exact_decimal(case.start_mg)} mg",),
        region=case.region,
        table=case.switch["table"] if case.switch else None,
        splits=case.confirmed_halves,
    )


def _not_the_contract(days: str) -> str:
    if len(days) > MOST_BYTES:
        return f"more than {MOST_BYTES} characters"
    if days.partition("\n")[0].rstrip("\r") != HEADER:
        return "the first line is not the header of the day table"
    return ""


def _printed(answer: Answer) -> str:
    """Whether what is printed says the same days, times, products, units and mg. Rows at zero are not compared."""
    if answer.printed is None:
        return NOT_SHOWN
    planned = rows_of(answer.days)
    return EQUAL if planned is not None and rows_of(answer.printed) == planned else DIFFERS


def _starts_right(case: Case, taper: WrittenTaper) -> bool:
    """Whether the first day is the day asked for, with the recorded dose of the drug and nothing else."""
    first = taper.spans[0]
    others = any(e.dose for e in first.entries if e.drug != case.drug)
    return taper.starts == case.starts and first.first == 1 and first.total(case.drug) == case.start_mg and not others


def _ends_as_asked(case: Case, course: Course) -> bool:
    """Whether the last day says the end: a row at zero, or the dose to stay at."""
    last = course.stretches[-1]
    if not case.end_mg:
        return course.stop is not None
    return course.mg(last.totals.get(case.drug, 0)) == case.end_mg and len(last.totals) == 1


def _days_over(course: Course, by: tuple[Measured, ...], report: Report) -> list[int]:
    """The days that the report counts as over the limit. It gives their number; here they are named."""
    if not by:
        return []
    values, _ = day_values(course, by[0].reading)
    found = []
    for here in range(_BACK, len(values)):
        most = max(values[here - _WINDOW : here])
        if values[here] >= 0 and (most - values[here]) * LIMIT_14D.denominator > most * LIMIT_14D.numerator:
            found.append(here - _BACK + 1)
    if len(found) != report.days_over:
        raise AssertionError(f"{len(found)} days over the limit, and the checker counts {report.days_over}")
    return found


def _unreasoned(over: list[int], course: Course, taper: WrittenTaper, reasons: tuple[Reason, ...]) -> list[int]:
    """Days over the limit whose dose did not begin on a day with a reason."""
    given = {r.date for r in reasons if r.reason.strip()}
    begins = _dose_begins(course)
    return [day for day in over if (on := taper.on(begins[day])) is None or on.isoformat() not in given]


def _dose_begins(course: Course) -> dict[int, int]:
    """For each day the day since which the same totals are taken."""
    begins: dict[int, int] = {}
    since, was = 1, None
    for stretch in course.planned:
        if stretch.totals != was:
            since, was = stretch.first, stretch.totals
        begins |= dict.fromkeys(range(stretch.first, stretch.last + 1), since)
    return begins


def _last_step(course: Course, by: tuple[Measured, ...]) -> str | None:
    """The dose of the day before the stop, of that at the start; None for a taper that does not stop."""
    if course.stop is None or not by:
        return None
    values, _ = day_values(course, by[0].reading)
    known = [v for v in values if v >= 0]
    return _decimal(Fraction(known[-1], known[0])) if known and known[0] else None


def _decimal(value: Fraction) -> str:
    return exact_decimal(Fraction(round(value * 10000), 10000))
