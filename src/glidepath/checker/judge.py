"""The second opinion on a written taper: every check, and the verdict that follows from them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from glidepath.checker.checks_dose import dose_checks
from glidepath.checker.checks_end import final_step, last_doses
from glidepath.checker.checks_quantity import needed, one_regimen, quantities
from glidepath.checker.checks_supply import ceilings, far_beyond, supply_checks
from glidepath.checker.checks_switch import every_reading, switch_every_table, switch_table, written_equivalents
from glidepath.checker.course import Course, course_of
from glidepath.checker.falls import Measured, drug_rises, measure, measured_runs, start_dose
from glidepath.checker.report import Check, Report, Status, Verdict
from glidepath.checker.supply import Shop, lines_of, unmakeable
from glidepath.checker.written import WrittenTaper
from glidepath.facts.formulary import Formulary
from glidepath.facts.model import Product


def judge(
    taper: WrittenTaper,
    formulary: Formulary,
    *,
    region: str,
    table: str | None = None,
    confirmed: frozenset[str] = frozenset(),
    declared: tuple[Product, ...] = (),
    doses_only: bool = False,
) -> Report:
    """Judge a taper by its days and doses, and by what can be dispensed in a region.

    `table` names the equivalence table an exchange was made with. `confirmed` names products that a pharmacist says may
    be halved; `declared` are compounded products that may be used too. `doses_only` leaves out whatever rests on
    products, ceilings or tables.
    """
    course = course_of(taper)
    by = measure(course, formulary, table)
    if doses_only:
        return _report(course, by, dose_checks(course, by, table, ()), doses_only=True)
    shop = Shop(formulary=formulary, region=region, confirmed=confirmed, declared=declared)
    lines = lines_of(taper, shop)
    problems = unmakeable(course, lines, shop)
    totals = needed(taper, lines)
    readings = every_reading(course, formulary, table, by) if course.several else ()
    checks: list[Check | None] = [
        *dose_checks(course, by, table, far_beyond(course, shop)),
        *supply_checks(lines, problems, shop),
        ceilings(course, shop),
        switch_table(course, by, table) if course.several and table is not None else None,
        switch_every_table(readings, exchanging=table is None or course.moving_to > 0) if course.several else None,
        one_regimen(taper),
        written_equivalents(taper, formulary),
        quantities(taper, lines, totals, shop),
    ]
    found = [check for check in checks if check is not None]
    return _report(course, by, found, unmakeable=problems, needed=totals, readings=readings)


def _report(course: Course, by: tuple[Measured, ...], checks: list[Check], **more: Any) -> Report:
    seen = by[0] if by else None
    return Report(
        verdict=verdict_of(checks, course.takes_anything),
        checks=tuple(checks),
        measure=seen.reading.name if seen else "",
        worst_fall_step=seen.falls.step if seen else None,
        worst_fall_14d=seen.falls.in_14 if seen else None,
        worst_fall_28d=seen.falls.in_28 if seen else None,
        first_over_25_in_14d=seen.falls.first_over if seen else None,
        final_step=final_step(course, by),
        days_over=seen.falls.days_over if seen else 0,
        days_first_over=tuple(fall.day for fall in seen.falls.over) if seen else (),
        course=measured_runs(course, seen.reading) if seen else (),
        start_mg=start_dose(course, seen.reading) if seen else None,
        rises=seen.rises if seen else drug_rises(course),
        uncovered_days=course.uncovered,
        covered_twice=course.twice,
        unsaid=course.unsaid,
        last_doses=last_doses(course),
        **more,
    )


def verdict_of(checks: Iterable[Check], takes_anything: bool) -> Verdict:
    """Breaches if anything is breached; cannot tell if a required check could not be made or nothing is taken."""
    every = list(checks)
    if any(c.status is Status.BREACH for c in every):
        return Verdict.BREACHES
    if not takes_anything or any(c.required and c.status is Status.NOT_ASSESSABLE for c in every):
        return Verdict.CANNOT_TELL
    return Verdict.WITHIN
