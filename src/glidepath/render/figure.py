"""The plan as a picture: dose over time with the corridor and the limit, readable without colour.

Lines differ by style and bands by hatch, and each carries its name beside it. The text stays text, so that it can
be searched and read aloud; a summary of the picture is inside it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from html import escape
from io import BytesIO
from typing import Any

from glidepath.render import wording
from glidepath.render.curve import Curve, curve_of, on_day
from glidepath.render.dates import date_words, day_words, month_words
from glidepath.render.fonts import FAMILY, missing
from glidepath.render.view import PlanView
from glidepath.taper.falls import percent
from glidepath.taper.schedule import Taper

INK, SOFT, BAND = "#111111", "#555555", "#d9d9d9"
_SIZE_IN = (10.0, 4.8)
_AXES = (0.075, 0.14, 0.735, 0.71)
_HEADROOM = 1.22
_LETTER, _LINE = 5.7, 14.0  # about how wide a letter and how high a line of a dose label is, in points
_MOST_LABELS = 12
_STYLE: dict[str, Any] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "glidepath",
    "svg.id": None,
    "font.family": [FAMILY],
    "font.size": 11.0,
    "hatch.linewidth": 0.6,
    "axes.edgecolor": INK,
    "text.color": INK,
    "text.usetex": False,
    "path.simplify": False,
}


def plan_svg(view: PlanView) -> bytes:
    """The picture as SVG with a title and a description; marked as a draft while unsigned."""
    with drawing() as figure:
        _draw(figure, view, curve_of(view))
        drawn = BytesIO()
        figure.savefig(drawn, format="svg", metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
    return described(drawn.getvalue().decode(), title_text(view), description(view)).encode()


def title_text(view: PlanView) -> str:
    """One line that names the picture."""
    mark = f"{wording.DRAFT}. " if view.is_draft else ""
    return f"{mark}{view.taper.drug} taper, {view.route_title}: dose over time"


def description(view: PlanView) -> str:
    """The picture in words, for whoever does not see it."""
    taper, low_high = view.taper, _limit_words(view)
    steps = "; ".join(f"from {date_words(s.starts)} {_dose_words(view, n)}" for n, s in enumerate(taper.steps))
    over = curve_of(view).over
    beyond = (
        f"The plan falls by more than this on {', '.join(date_words(on_day(curve_of(view), d)) for d, _ in over)}."
        if over
        else "The plan is never below it."
    )
    return (
        f"Dose over time as steps: {steps}. {_end_words(taper)} "
        f"A hatched corridor shows falls of 5 to 10 % of the current dose every {view.interval_days} days. "
        f"A dash-dot line shows the lowest dose that a limit of {low_high} allows. {beyond}"
    )


@contextmanager
def drawing() -> Iterator[Any]:
    """A fresh figure under fixed settings, whatever the machine's own settings are."""
    try:
        import matplotlib
        from matplotlib.backends.backend_svg import FigureCanvasSVG
        from matplotlib.figure import Figure
    except ImportError as error:
        raise missing("matplotlib") from error
    in_force: Any = matplotlib.rcParams
    settings: dict[str, Any] = dict(matplotlib.rcParamsDefault.items())
    settings = {key: value for key, value in settings.items() if not key.startswith("backend")} | _STYLE
    with matplotlib.rc_context():
        in_force.update(settings)
        figure = Figure(figsize=_SIZE_IN, dpi=72)
        FigureCanvasSVG(figure)
        yield figure


def _draw(figure: Any, view: PlanView, curve: Curve) -> None:
    axes = figure.add_axes(_AXES)
    _draw_corridor(axes, view, curve)
    _draw_limit(axes, view, curve)
    _draw_dose(axes, view, curve)
    _frame(axes, curve)
    _move_apart(axes, curve)
    figure.text(0.01, 0.955, f"{view.taper.drug}: {view.route_title}", fontsize=13, fontweight="bold", va="center")
    figure.text(0.075, 0.885, curve.unit, fontsize=10, va="center", ha="left")
    if view.is_draft:
        figure.text(
            0.985,
            0.95,
            wording.DRAFT,
            fontsize=16,
            fontweight="bold",
            va="center",
            ha="right",
            color="white",
            bbox={"facecolor": INK, "edgecolor": INK, "pad": 5},
        )
    over = f"\u00d7 marks a fall of more than {_limit_words(view)}. " if curve.over else ""
    figure.text(0.01, 0.02, f"{over}{wording.EVALUATION}. {wording.SUPERVISED}.", fontsize=8, va="center", color=SOFT)


def _draw_corridor(axes: Any, view: PlanView, curve: Curve) -> None:
    if not curve.corridor:
        return
    days, slow, fast = zip(*curve.corridor, strict=True)
    axes.fill_between(days, fast, slow, facecolor="none", edgecolor="#9a9a9a", hatch="////", linewidth=0)
    axes.plot(days, slow, color=SOFT, linewidth=1, linestyle=(0, (1, 2)))
    axes.plot(days, fast, color=SOFT, linewidth=1, linestyle=(0, (5, 2)))
    every = f"every {view.interval_days} days"
    _name(axes, days[-1], slow[-1], f"5 % of the dose\n{every}")
    _name(axes, days[-1], fast[-1], f"10 % of the dose\n{every}")


def _draw_limit(axes: Any, view: PlanView, curve: Curve) -> None:
    days = [day for first, end, _ in curve.limit for day in (first, end)]
    doses = [dose for *_, dose in curve.limit for _ in range(2)]
    axes.plot(days, doses, color=INK, linewidth=1.3, linestyle=(0, (7, 2, 1, 2)))
    if doses:
        _name(axes, days[-1], doses[-1], f"lowest dose the limit\nof {_limit_words(view)} allows")
    for day, dose in curve.over:
        axes.plot([day], [dose], marker="x", color=INK, markersize=8, markeredgewidth=2, linestyle="none")


def _limit_words(view: PlanView) -> str:
    return f"{percent(view.ceiling_frac)} in {view.ceiling_days} days"


def _name(axes: Any, day: float, dose: float, words: str, *, bold: bool = False) -> None:
    """The name of a line, beside its end; names are moved apart afterwards."""
    axes.annotate(
        words,
        (day, dose),
        xytext=(10, 0),
        textcoords="offset points",
        fontsize=9,
        fontweight="bold" if bold else "normal",
        va="center",
        ha="left",
        gid="name",
    )


def _move_apart(axes: Any, curve: Curve) -> None:
    """Shift the names at the right edge so that none covers another, keeping their order."""
    _, per_unit = _points(curve)
    names = sorted((t for t in axes.texts if t.get_gid() == "name"), key=lambda t: t.xy[1])
    floor = 4.0
    for name in names:
        at = name.xy[1] * per_unit
        placed = max(at, floor)
        name.set_position((10, placed - at))
        name.set_gid(None)
        floor = placed + 26


def _draw_dose(axes: Any, view: PlanView, curve: Curve) -> None:
    days = [day for s in curve.stretches for day in (s.first, s.end)]
    lows = [s.low for s in curve.stretches for _ in range(2)]
    highs = [s.high for s in curve.stretches for _ in range(2)]
    if lows != highs:
        axes.fill_between(days, lows, highs, facecolor=BAND, edgecolor=INK, linewidth=1.2, hatch="..")
    stops = view.taper.ends == "stop"
    tail_days, tail_doses = ([*days, curve.days], [*highs, 0.0]) if stops else (days, highs)
    axes.plot(tail_days, tail_doses, color=INK, linewidth=2.6, solid_joinstyle="miter")
    if lows != highs:
        axes.plot(days, lows, color=INK, linewidth=1.4)
    _label_doses(axes, view, curve)
    if stops:
        axes.plot([curve.days], [0], marker="s", color=INK, markersize=8, linestyle="none", clip_on=False, zorder=5)
        _name(axes, curve.days, 0.0, f"Stop:\n{date_words(on_day(curve, curve.days))}", bold=True)
    else:
        _name(axes, curve.days, highs[-1], f"stays at\n{view.taper.last_dose} a day", bold=True)


def _label_doses(axes: Any, view: PlanView, curve: Curve) -> None:
    """The dose beside its step; of many steps only some, always the first and the last."""
    count = len(curve.stretches)
    every = -(-count // _MOST_LABELS)
    shown = {n for n in range(0, count, every) if n < count - every} | {0, count - 1}
    per_day, per_unit = _points(curve)
    placed: list[tuple[float, float, float]] = []
    for n in sorted(shown):
        stretch, words = curve.stretches[n], _dose_words(view, n)
        base, width = stretch.high * per_unit + 5, len(words) * _LETTER
        left = min(stretch.first * per_day + 3, curve.days * per_day - width)
        right = left + width
        while any(left < end - 4 and right > begin + 4 and abs(base - at) < _LINE for begin, end, at in placed):
            base += _LINE
        placed.append((left, right, base))
        axes.annotate(
            words,
            (stretch.first, stretch.high),
            xytext=(left - stretch.first * per_day, base - stretch.high * per_unit),
            textcoords="offset points",
            fontsize=9.5,
            va="bottom",
            ha="left",
            bbox={"facecolor": "white", "edgecolor": "none", "alpha": 0.85, "pad": 0.5},
        )


def _points(curve: Curve) -> tuple[float, float]:
    """Points of paper for one day and for one unit of dose."""
    across, up = _SIZE_IN[0] * 72 * _AXES[2], _SIZE_IN[1] * 72 * _AXES[3]
    return across / (curve.days * 1.005), up / (curve.top * _HEADROOM)


def _dose_words(view: PlanView, index: int) -> str:
    regimen, drugs = view.taper.steps[index].regimen, view.taper.drugs
    if len(drugs) == 1:
        return str(regimen.total(drugs[0]))
    return " + ".join(f"{regimen.total(d)} {d}" for d in drugs if regimen.total(d))


def _frame(axes: Any, curve: Curve) -> None:
    axes.set_xlim(0, curve.days * 1.005)
    axes.set_ylim(0, curve.top * _HEADROOM)
    ticks = month_ticks(curve.starts, on_day(curve, curve.days))
    axes.set_xticks([(day - curve.starts).days for day in ticks], [month_words(d).replace(" ", "\n") for d in ticks])
    # 2 and 0.5, never 2.0: a printed dose has no trailing zero.
    axes.yaxis.set_major_formatter(lambda value, _: f"{value:.6g}")
    axes.tick_params(axis="both", labelsize=9.5, color=INK)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)


def month_ticks(first: date, last: date) -> tuple[date, ...]:
    """First days of months inside a plan, spaced so that there are at most eight."""
    months = [
        date(year, month, 1)
        for year in range(first.year, last.year + 1)
        for month in range(1, 13)
        if first <= date(year, month, 1) <= last
    ]
    every = next(n for n in (1, 2, 3, 6, 12, 24, 48) if len(months) <= 8 * n)
    return tuple(months[::every]) or (first,)


def _end_words(taper: Taper) -> str:
    stops = taper.stops_on
    if stops is None:
        return f"The plan stays at {taper.last_dose} {taper.last_drug} a day."
    return f"The plan stops on {day_words(stops)}, the first day without {taper.last_drug}."


def described(svg: str, title: str, words: str) -> str:
    """The drawing with its title and description inside, and without outside references."""
    opening = svg.index("<svg")
    close = svg.index(">", opening)
    head = svg[opening:close]
    names = f'<title id="plan-title">{escape(title)}</title>\n <desc id="plan-description">{escape(words)}</desc>'
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        f'{head} role="img" aria-labelledby="plan-title plan-description">\n {names}{svg[close + 1 :]}'
    )
