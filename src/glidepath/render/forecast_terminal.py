"""A forecast in a terminal: what it is not first, then a table by scenario, then what is assumed."""

from __future__ import annotations

from collections.abc import Mapping

from rich.table import Table
from rich.text import Text

from glidepath.pharmacology.forecast import Forecast
from glidepath.pharmacology.seizure_order import seizure_order
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
    for title in ("Scenario", *(["Plan"] if len(forecasts) > 1 else []), "Highest", "When", "Summed, days", "Days above 0.05"):
        table.add_column(title)
    for row, course in enumerate(first.courses):
        for name, one in forecasts.items():
            cells = words.course_words(one.history, one.courses[row])
            table.add_row(course.scenario.title, *([name] if len(forecasts) > 1 else []), *cells)
    out.print(table)
    heading(out, "As to a seizure, in order only")
    for name, one in forecasts.items():
        for course in one.courses:
            order = words.order_words(seizure_order(one.model, one.history, course.scenario))
            who = f"{name}, {course.scenario.title}" if len(forecasts) > 1 else course.scenario.title
            say(out, f"{who}: {order}.")
    say(out, "Earlier seizures, alcohol, other medicines and lost sleep are not in it.")
    heading(out, "Levels on the first day")
    for name, one in forecasts.items():
        for substance, ratio in words.swings(one).items():
            index = one.substances.index(substance)
            low, _, middle, _, high = one.conc_ng_ml[index, 0]
            label = f"{name}, {substance}" if len(forecasts) > 1 else substance
            says = f"{label}: {middle:.3g} ng/mL on average ({low:.3g} to {high:.3g}), highest {ratio - 1:.0%} above it"
            say(out, f"{says}{'; it swings between doses' if ratio > words.SWING else ''}.")
    heading(out, "What is assumed")
    for line in dict.fromkeys(line for one in forecasts.values() for line in words.assumed_lines(one)):
        say(out, f"- {line}")
