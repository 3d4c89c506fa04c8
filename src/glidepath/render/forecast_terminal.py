"""A forecast in a terminal: what it is not first, then a table by scenario, then what is assumed."""

from __future__ import annotations

from collections.abc import Mapping

from rich.table import Table
from rich.text import Text

from glidepath.pharmacology.forecast import Forecast
from glidepath.pharmacology.illness import returns_in
from glidepath.render import forecast_words as words
from glidepath.render.document import EVALUATION
from glidepath.render.terminal import console, heading, say


def print_forecasts(forecasts: Mapping[str, Forecast], *, plain: bool = False) -> None:
    """Print one forecast, or two beside each other, to standard output."""
    out = console(plain=plain)
    first = next(iter(forecasts.values()))
    out.print(Text(f"{EVALUATION}.", style="italic"))
    out.print(Text(words.NOT_A_CHANCE, style="bold"))
    say(out, words.DRIVE, indent=0)
    if len(forecasts) == 2:
        out.print()
        say(out, words.which_is_gentler(forecasts), indent=0, style="bold")
        say(out, words.CURVES, indent=0)
    heading(out, "Withdrawal drive: the median of simulated people (90 % of them)")
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 2))
    for title in (
        "Scenario",
        *(["Plan"] if len(forecasts) > 1 else []),
        "Highest day",
        "When (half of them)",
        "Summed, days",
        "Days above 0.05",
    ):
        table.add_column(title, overflow="fold")
    for row, course in enumerate(first.courses):
        for name, one in forecasts.items():
            cells = words.course_words(one.history, one.courses[row])
            mark = "*" if returns_in(course.scenario) else ""
            table.add_row(course.scenario.title + mark, *([name] if len(forecasts) > 1 else []), *cells)
    out.print(table)
    for course in first.courses:
        if returns_in(course.scenario):
            say(out, f"* {course.scenario.title}: {words.RETURNED}")
    heading(out, "As to a seizure, in order only")
    for name, one in forecasts.items():
        for scenario, order in words.orders_of(one).items():
            say(out, f"{name}, {scenario}: {order}." if len(forecasts) > 1 else f"{scenario}: {order}.")
    say(out, "Earlier seizures, alcohol, other medicines and lost sleep are not in it.")
    heading(out, "Levels on the day with the highest mean")
    for name, one in forecasts.items():
        for substance, ratio in words.swings(one).items():
            day = words.fullest_day(one, substance)
            low, _, middle, _, high = one.conc_ng_ml[one.substances.index(substance), day]
            label = f"{name}, {substance}" if len(forecasts) > 1 else substance
            says = f"{label}, {words.when(one.history, day)}: {middle:.3g} ng/mL on average ({low:.3g} to {high:.3g})"
            most = f"; it swings between doses, up to {ratio - 1:.0%} above the mean of a day"
            say(out, f"{says}{most if ratio > words.SWING else ''}.")
    heading(out, "What is assumed")
    for line in words.lines_of(forecasts):
        if line not in (words.NOT_A_CHANCE, words.DRIVE, words.CURVES):
            say(out, f"- {line}")


def print_drives(forecasts: Mapping[str, Forecast], *, plain: bool = False) -> None:
    """Drive beside each route of a plan, as information: one row a route, the median of each scenario."""
    out = console(plain=plain)
    heading(out, "Withdrawal drive of each route, for information (simulated; see `glidepath simulate`)")
    first = next(iter(forecasts.values()))
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 2))
    for title in ("Route", *(f"highest, {c.scenario.title}" for c in first.courses), "hardest (central)"):
        table.add_column(title, overflow="fold")
    for name, one in forecasts.items():
        cells = [words.course_words(one.history, course) for course in one.courses]
        table.add_row(name, *(peak for peak, *_ in cells), cells[0][1])
    out.print(table)
    say(out, f"{words.NOT_A_CHANCE} {words.CURVES}")
