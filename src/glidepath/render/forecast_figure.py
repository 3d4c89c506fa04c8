"""A forecast as a picture: dose, concentration and withdrawal drive on one time axis, a row for each scenario.

Bands are 50 % and 90 % of simulated people; plans differ by line style and hatch, so that no colour is needed. What the
picture is not stands inside it, and a description for whoever does not see it.
"""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from textwrap import wrap
from typing import Any, Literal

from glidepath.pharmacology.forecast import Forecast
from glidepath.render import forecast_words as words
from glidepath.render.figure import INK, SOFT, described, drawing

_STYLES: tuple[dict[str, Any], ...] = ({"ls": "-", "color": INK}, {"ls": (0, (5, 2)), "color": "#7a4a00"})
_FILLS: tuple[dict[str, Any], ...] = ({"color": "#333333"}, {"color": "#d98a1e"})
_ROW_IN, _HEAD_IN, _FOOT_IN, _LINE_IN, _WIDE_IN = 1.75, 1.06, 0.55, 0.125, 10.0
_LETTERS = 158  # of a line under the picture
_LOWEST_TOP = 0.02  # a drive axis never looks dramatic because nothing happens


def forecast_picture(forecasts: Mapping[str, Forecast], kind: Literal["svg", "png"] = "svg") -> bytes:
    """The picture of one plan, or of two side by side in the same axes."""
    scenarios = next(iter(forecasts.values())).courses
    rows = 2 + len(scenarios)
    with drawing() as figure:
        assumed = _assumed(forecasts)
        low = _FOOT_IN + _LINE_IN * len(assumed)
        high = _HEAD_IN + low + rows * _ROW_IN
        figure.set_size_inches(_WIDE_IN, high)
        axes = figure.subplots(rows, 1, sharex=True)
        figure.subplots_adjust(left=0.09, right=0.97, top=1 - 0.62 / high, bottom=(low + 0.56) / high, hspace=0.28)
        _dose(axes[0], forecasts)
        _levels(axes[1], forecasts)
        top = max(_LOWEST_TOP, *(float(c.drive[:, -1].max()) for f in forecasts.values() for c in f.courses))
        for row, course in enumerate(scenarios):
            _drive(axes[2 + row], forecasts, row, top)
            axes[2 + row].set_title(f"withdrawal drive: {course.scenario.title}", loc="left", fontsize=9.5)
        axes[-1].set_xlabel("day", fontsize=9)
        figure.text(
            0.012, 1 - 0.26 / high, f"Simulated: {_plain(words.title_of(forecasts))}", fontsize=13, fontweight="bold"
        )
        figure.text(
            0.97,
            1 - 0.26 / high,
            words.MARK,
            fontsize=11,
            fontweight="bold",
            ha="right",
            color="white",
            bbox={"facecolor": INK, "edgecolor": INK, "pad": 4},
        )
        _mark(figure, high, low)
        for row, line in enumerate(assumed):
            figure.text(0.012, (low - _FOOT_IN - _LINE_IN * row) / high, _plain(line), fontsize=7, color=SOFT)
        drawn = BytesIO()
        if kind == "png":
            figure.savefig(drawn, format="png", dpi=144, metadata={"Software": None})
            return drawn.getvalue()
        figure.savefig(drawn, format="svg", metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
    title = f"Simulated levels and withdrawal drive: {words.title_of(forecasts)}"
    return described(drawn.getvalue().decode(), title, description(forecasts)).encode()


def description(forecasts: Mapping[str, Forecast]) -> str:
    """The picture in words."""
    parts = [words.NOT_A_CHANCE]
    for name, one in forecasts.items():
        for course in one.courses:
            peak, day, _, _ = words.course_words(one.history, course)
            parts.append(f"{name}, scenario {course.scenario.title}: highest drive {peak}, on {day}.")
    return " ".join(parts)


def _assumed(forecasts: Mapping[str, Forecast]) -> list[str]:
    """What is taken for granted, in lines that fit under the picture."""
    said = dict.fromkeys(
        f"{name}: {line}" if line.startswith("Simulated:") and len(forecasts) > 1 else line
        for name, one in forecasts.items()
        for line in words.assumed_lines(one)
    )
    shown = [line for line in said if line not in (words.NOT_A_CHANCE, words.DRIVE, words.CURVES)]
    return ["What is assumed:", *wrap(" ".join(shown), _LETTERS)]


def _plain(name: str) -> str:
    """A name as it is, not as mathematics."""
    return name.replace("$", r"\$")


def _mark(figure: Any, high: float, low: float) -> None:
    lines = (
        "Lines: the median of simulated people; bands: 50 % and 90 % of them. " + words.DRIVE,
        words.NOT_A_CHANCE + " Evaluation: facts not yet reviewed by a clinician.",
        words.CURVES,
    )
    for row, line in enumerate(lines):
        figure.text(0.012, (low - 0.02 - 0.15 * row) / high, line, fontsize=8, color=SOFT)


def _dose(axes: Any, forecasts: Mapping[str, Forecast]) -> None:
    for (name, one), style in zip(forecasts.items(), _STYLES, strict=False):
        for index, kinetics in enumerate(one.model.drugs):
            label = kinetics.drug if len(forecasts) == 1 else f"{_plain(name)}: {kinetics.drug}"
            thin = {} if index == 0 else {"linewidth": 0.9}
            axes.step(range(one.days), one.dose_mg[index], where="post", label=label, **{**style, **thin})
    axes.set_title("dose, mg a day", loc="left", fontsize=9.5)
    axes.set_ylim(bottom=0)
    _frame(axes)


def _levels(axes: Any, forecasts: Mapping[str, Forecast]) -> None:
    for (_, one), style, fill in zip(forecasts.items(), _STYLES, _FILLS, strict=False):
        for index, substance in enumerate(one.substances):
            if substance not in {k.moiety for k in one.model.drugs}:
                continue
            band, peak = one.conc_ng_ml[index], one.conc_peak_ng_ml[index, :, words.MIDDLE]
            _band(axes, one, band, {**style, "label": f"{substance}, mean of the day"}, fill)
            if words.swings(one).get(substance, 1.0) > words.SWING:
                axes.plot(range(one.days), peak, lw=0.7, ls=":", color=style["color"], label=f"{substance}, highest")
    axes.set_title("concentration, ng/mL", loc="left", fontsize=9.5)
    axes.set_ylim(bottom=0)
    _frame(axes)


def _drive(axes: Any, forecasts: Mapping[str, Forecast], row: int, top: float) -> None:
    for (name, one), style, fill in zip(forecasts.items(), _STYLES, _FILLS, strict=False):
        _band(axes, one, one.courses[row].drive, {**style, "label": _plain(name)}, fill)
    axes.set_ylim(0, top * 1.08)
    _frame(axes, legend=len(forecasts) > 1)


def _band(axes: Any, one: Forecast, band: Any, style: dict[str, Any], fill: dict[str, Any]) -> None:
    days = range(one.days)
    axes.fill_between(days, band[:, 0], band[:, -1], alpha=0.16, lw=0, **fill)
    axes.fill_between(days, band[:, 1], band[:, -2], alpha=0.28, lw=0, **fill)
    axes.plot(days, band[:, words.MIDDLE], lw=1.4, **style)


def _frame(axes: Any, *, legend: bool = True) -> None:
    axes.tick_params(labelsize=8.5)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    axes.set_xlim(left=0)
    if legend and axes.get_legend_handles_labels()[1]:
        axes.legend(fontsize=8, frameon=False, loc="upper right", ncols=2)
