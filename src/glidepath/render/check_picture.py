"""The dose of a checked taper as a picture: in letters for a terminal, as SVG for a page; breaches are marked."""

from __future__ import annotations

from fractions import Fraction
from html import escape
from io import BytesIO
from typing import Any

from glidepath.checker.checked import Checked
from glidepath.checker.report import Report
from glidepath.render.check_words import day_words, mg, verdict_words

_ROWS = 10
_EIGHTHS = " ▁▂▃▄▅▆▇█"
FALL, RISE, GAP, PRODUCT = "x", "^", "?", "!"
LEGEND = {
    FALL: "a fall over 25 % in 14 days",
    RISE: "a rise",
    GAP: "a day that no row covers, or two do",
    PRODUCT: "a dose or product that cannot be dispensed",
}


def marks_of(report: Report) -> dict[int, str]:
    """What is marked on which day; of several things on one day the first of fall, rise, gap, product."""
    found: dict[int, str] = {}
    for item in report.unmakeable:
        found[item.day] = PRODUCT
    for first, last, _ in report.uncovered_days:
        found |= dict.fromkeys(range(first, last + 1), GAP)
    for rise in report.rises:
        found[rise.day] = RISE
    for day in report.days_first_over:
        found[day] = FALL
    return found


def picture(checked: Checked, width: int = 72) -> list[str]:
    """The lines of a picture at most `width` wide: dose upwards, days to the right, marks below."""
    report = checked.report
    if not report.course or not any(dose for *_, dose in report.course):
        return []
    days = max(report.course[-1][1], 1)
    top = max(dose for *_, dose in report.course)
    label = max(len(mg(top)), len(mg(top / 2)), 6)
    columns = max(10, min(days, width - label - 2))
    heights = [_height(report, *_bucket(n, columns, days), top) for n in range(columns)]
    lines = []
    for row in range(_ROWS, 0, -1):
        name = mg(top) if row == _ROWS else mg(top / 2) if row == _ROWS // 2 else ""
        cells = "".join(_EIGHTHS[max(0, min(8, height - 8 * (row - 1)))] for height in heights)
        lines.append(f"{name:>{label}} {cells}".rstrip())
    marks = marks_of(report)
    below = [_mark(marks, *_bucket(n, columns, days)) for n in range(columns)]
    if any(mark != " " for mark in below):
        lines.append(" " * (label + 1) + "".join(below).rstrip())
    begin, end = day_words(checked, 1), day_words(checked, days)
    lines.append(" " * (label + 1) + begin + " " * max(1, columns - len(begin) - len(end)) + end)
    lines += [f"{' ' * (label + 1)}{mark} {words}" for mark, words in LEGEND.items() if mark in below]
    return lines


def _bucket(column: int, columns: int, days: int) -> tuple[int, int]:
    return column * days // columns + 1, max(column * days // columns + 1, (column + 1) * days // columns)


def _height(report: Report, first: int, last: int, top: Fraction) -> int:
    """The highest dose of some days in eighths of a row; a dose above zero is never drawn as none."""
    doses = [dose for a, b, dose in report.course if a <= last and b >= first]
    most = max(doses, default=Fraction(0))
    return max(1, int(most * _ROWS * 8 / top)) if most else 0


def _mark(marks: dict[int, str], first: int, last: int) -> str:
    here = {mark for day in range(first, last + 1) if (mark := marks.get(day))}
    return next((mark for mark in LEGEND if mark in here), " ")


def check_svg(checked: Checked) -> bytes:
    """The same picture as SVG, with its words inside for whoever does not see it."""
    from glidepath.render.figure import INK, SOFT, drawing

    report = checked.report
    with drawing() as figure:
        axes = figure.add_axes((0.09, 0.2, 0.88, 0.66))
        _draw(axes, report, INK)
        words = verdict_words(checked)
        figure.text(0.01, 0.945, f"{', '.join(checked.taper.drugs) if checked.taper else ''}: taper as it was read")
        figure.text(0.09, 0.885, report.measure, fontsize=9.5, color=SOFT)
        used = [f"{_SIGN[mark][1]} {LEGEND[mark]}" for mark in LEGEND if mark in marks_of(report).values()]
        figure.text(0.01, 0.055, "   ".join(used), fontsize=9)
        figure.text(0.01, 0.015, "Evaluation: facts not yet reviewed by a clinician. Not a prescription.", fontsize=8)
        _dates(axes, checked)
        drawn = BytesIO()
        figure.savefig(drawn, format="svg", metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
    svg = drawn.getvalue().decode()
    opening = svg.index("<svg")
    close = svg.index(">", opening)
    names = f'<title id="t">A checked taper</title>\n <desc id="d">{escape(words)}</desc>'
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        f'{svg[opening:close]} role="img" aria-labelledby="t d">\n {names}{svg[close + 1 :]}'
    ).encode()


_SIGN = {FALL: ("x", "×"), RISE: ("^", "▲"), GAP: ("|", "|"), PRODUCT: ("D", "◆")}


def _draw(axes: Any, report: Report, ink: str) -> None:
    for index, (first, last, dose) in enumerate(report.course):
        axes.plot([first - 1, last], [float(dose)] * 2, color=ink, linewidth=2.4, solid_capstyle="butt")
        if index and report.course[index - 1][1] == first - 1:
            before = report.course[index - 1][2]
            axes.plot([first - 1] * 2, [float(before), float(dose)], color=ink, linewidth=1.2)
    for day, mark in marks_of(report).items():
        dose = next((d for a, b, d in report.course if a <= day <= b), Fraction(0))
        axes.plot([day - 1], [float(dose)], marker=_SIGN[mark][0], color=ink, markersize=8, linestyle="none", zorder=5)
    axes.set_ylim(bottom=0)
    axes.set_xlim(left=0)
    axes.yaxis.set_major_formatter(lambda value, _: f"{value:.6g}")
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)


def _dates(axes: Any, checked: Checked) -> None:
    taper = checked.taper
    last = checked.report.course[-1][1] if checked.report.course else 1
    ticks = sorted({1, *(1 + n * max(1, last // 7) for n in range(8))})
    ticks = [day for day in ticks if day <= last]
    names = [str(taper.on(day) or f"day {day}") if taper is not None else str(day) for day in ticks]
    axes.set_xticks([day - 1 for day in ticks], names, fontsize=8, rotation=20)
