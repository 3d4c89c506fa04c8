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
from glidepath.pharmacology.illness import returns_in
from glidepath.render import forecast_words as words
from glidepath.render.figure import INK, SOFT, described, drawing

# Of each plan: its line, and its colour, which says nothing that the line does not.
_LINES: tuple[Any, ...] = ("-", (0, (5, 2)))
_COLOURS, _FILLS = (INK, "#7a4a00"), ("#333333", "#d98a1e")
_ROW_IN, _HEAD_IN, _FOOT_IN, _LINE_IN, _WIDE_IN = 1.75, 1.06, 0.55, 0.125, 10.0
_LEGEND_LETTERS, _NAMES_LETTERS = 22, 34
_LETTERS = 158  # of a line under the picture
_MATTERS = 0.25  # a metabolite below this part of its drug only fills the picture; the table has it
_LOWEST_TOP = 0.02  # a drive axis never looks dramatic because nothing happens


def forecast_picture(forecasts: Mapping[str, Forecast], kind: Literal["svg", "png"] = "svg") -> bytes:
    """The picture of one plan, or of two side by side in the same axes."""
    scenarios = next(iter(forecasts.values())).courses
    taken, drugs = _taken(forecasts), _drugs(forecasts)
    rows = len(drugs) + len(taken) + len(scenarios)
    with drawing() as figure:
        assumed = _assumed(forecasts)
        low = _FOOT_IN + _LINE_IN * len(assumed)
        high = _HEAD_IN + low + rows * _ROW_IN
        figure.set_size_inches(_WIDE_IN, high)
        axes = figure.subplots(rows, 1, sharex=True)
        shows_a_day = any(_swings(forecasts, substance) for substance in taken)
        figure.subplots_adjust(
            left=0.09, right=0.80 if shows_a_day else 0.97, top=1 - 0.62 / high, bottom=(low + 0.56) / high, hspace=0.32
        )
        for row, drug in enumerate(drugs):
            _dose(axes[row], forecasts, drug, is_alone=len(drugs) == 1)
        for row, substance in enumerate(taken, start=len(drugs)):
            _level(axes[row], forecasts, substance)
            if _swings(forecasts, substance):
                _first_day(axes[row], forecasts, substance)
        for row, course in enumerate(scenarios):
            below = axes[len(drugs) + len(taken) + row]
            alike = [r for r, c in enumerate(scenarios) if returns_in(c.scenario) == returns_in(course.scenario)]
            _drive(below, forecasts, row, max(_highest(forecasts, r) for r in alike))
            below.set_title(words.drive_title(course), loc="left", fontsize=9.5)
        axes[-1].set_xlim(1, max(one.days for one in forecasts.values()) + 1)
        axes[-1].set_xlabel(_day_words(forecasts), fontsize=9)
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
            parts.append(f"{name}, scenario {course.scenario.title}: highest drive {peak}, {day}.")
            if returns_in(course.scenario):
                parts.append(f"Scenario {course.scenario.title}: {words.RETURNED}")
    return " ".join(parts)


def _assumed(forecasts: Mapping[str, Forecast]) -> list[str]:
    """What is taken for granted, in lines that fit under the picture."""
    said = words.lines_of(forecasts)
    shown = [line for line in said if line not in (words.NOT_A_CHANCE, words.DRIVE, words.CURVES)]
    return ["What is assumed:", *wrap(" ".join(shown), _LETTERS)]


def _plain(name: str) -> str:
    """A name as it is, not as mathematics."""
    return name.replace("$", r"\$")


def _short(name: str) -> str:
    """A name for a legend; the title has the whole."""
    return _plain(name if len(name) <= _LEGEND_LETTERS else f"{name[: _LEGEND_LETTERS - 1]}\u2026")


def _mark(figure: Any, high: float, low: float) -> None:
    lines = (
        "Lines: the median of simulated people; bands: 50 % and 90 % of them. " + words.DRIVE,
        words.NOT_A_CHANCE + " Evaluation: facts not yet reviewed by a clinician.",
        words.CURVES,
    )
    for row, line in enumerate(lines):
        figure.text(0.012, (low - 0.02 - 0.15 * row) / high, line, fontsize=8, color=SOFT)


def _dose(axes: Any, forecasts: Mapping[str, Forecast], drug: str, *, is_alone: bool) -> None:
    for plan, (name, one) in enumerate(forecasts.items()):
        drugs = [k.drug for k in one.model.drugs]
        if drug in drugs:
            days, mg = range(1, one.days + 2), one.dose_mg[drugs.index(drug)]  # the last day is drawn to its end
            axes.step(days, [*mg, mg[-1]], where="post", label=_short(name), color=_COLOURS[plan], ls=_LINES[plan])
    axes.set_title("dose, mg a day" if is_alone else f"dose of {drug}, mg a day", loc="left", fontsize=9.5)
    axes.set_ylim(bottom=0)
    _frame(axes, legend=len(forecasts) > 1)


def _level(axes: Any, forecasts: Mapping[str, Forecast], substance: str) -> None:
    """One substance of what is taken, with what is made of it where there is one plan."""
    for plan, (name, one) in enumerate(forecasts.items()):
        if substance not in one.substances:
            continue
        index, days = one.substances.index(substance), range(1, one.days + 1)
        _band(axes, one, one.conc_ng_ml[index], plan, "mean of the day" if len(forecasts) == 1 else _short(name))
        if words.swings(one).get(substance, 1.0) > words.SWING:
            extremes = None if plan else "highest, lowest"
            for levels, label in ((one.conc_peak_ng_ml, extremes), (one.conc_trough_ng_ml, None)):
                axes.plot(days, levels[index, :, words.MIDDLE], lw=0.8, ls=":", color=_COLOURS[plan], label=label)
        if len(forecasts) == 1:
            for made, line in zip(_made_from(one, substance), ("-.", (0, (1, 3))), strict=False):
                level = one.conc_ng_ml[one.substances.index(made), :, words.MIDDLE]
                axes.plot(days, level, lw=0.9, ls=line, color=SOFT, label=f"\u2192 {made}")
    axes.set_title(f"concentration of {substance}, ng/mL", loc="left", fontsize=9.5)
    axes.set_ylim(bottom=0)
    _frame(axes)


def _swings(forecasts: Mapping[str, Forecast], substance: str) -> bool:
    """Whether the level of a substance rises and falls much between doses."""
    return any(
        words.swings(one).get(substance, 1.0) > words.SWING
        and one.first_day_ng_ml[one.substances.index(substance)].max() > 0
        for one in forecasts.values()
    )


def _first_day(axes: Any, forecasts: Mapping[str, Forecast], substance: str) -> None:
    """Beside the days: the first of them hour by hour, once where all plans begin alike."""
    beside = axes.inset_axes((1.06, 0.0, 0.2, 1.0))
    for plan, one in enumerate(forecasts.values()):
        if substance not in one.substances or (plan and words.same_start(forecasts)):
            continue
        level = one.first_day_ng_ml[one.substances.index(substance)]
        beside.plot(range(25), level, lw=1.2, color=_COLOURS[plan], ls=_LINES[plan])
    beside.set_title("day 1, typical person", loc="left", fontsize=8.5)
    beside.set_xlim(0, 24)
    beside.set_xticks((0, 8, 16, 24), ("0", "8", "16", "24 h"))
    beside.set_ylim(bottom=0)
    beside.tick_params(labelsize=8)
    for side in ("top", "right"):
        beside.spines[side].set_visible(False)


def _drugs(forecasts: Mapping[str, Forecast]) -> list[str]:
    """What is swallowed, in the order of the plans: milligrams of one drug are those of no other."""
    return list(dict.fromkeys(k.drug for one in forecasts.values() for k in one.model.drugs))


def _taken(forecasts: Mapping[str, Forecast]) -> list[str]:
    """What is in the blood of what is taken, in the order of the plans."""
    return list(dict.fromkeys(k.moiety for one in forecasts.values() for k in one.model.drugs))


def _made_from(one: Forecast, substance: str) -> list[str]:
    """Its active metabolites that are not themselves taken, the two with the highest levels where they matter."""

    def highest(name: str) -> float:
        return float(one.conc_ng_ml[one.substances.index(name), :, words.MIDDLE].max())

    made = dict.fromkeys(m.name for k in one.model.drugs if k.moiety == substance for m in k.metabolites)
    drawn = [name for name in made if name not in {k.moiety for k in one.model.drugs}]
    shown = sorted((n for n in drawn if highest(n) > _MATTERS * highest(substance)), key=highest, reverse=True)[:2]
    # The legend lies beside the title, and long names leave room for one.
    return shown if len(substance) + sum(map(len, shown)) <= _NAMES_LETTERS else shown[:1]


def _highest(forecasts: Mapping[str, Forecast], row: int) -> float:
    return max(_LOWEST_TOP, *(float(one.courses[row].drive[:, -1].max()) for one in forecasts.values()))


def _drive(axes: Any, forecasts: Mapping[str, Forecast], row: int, top: float) -> None:
    for plan, (name, one) in enumerate(forecasts.items()):
        _band(axes, one, one.courses[row].drive, plan, _short(name))
    axes.set_ylim(0, top * 1.08)
    _frame(axes, legend=len(forecasts) > 1)


def _band(axes: Any, one: Forecast, band: Any, plan: int, label: str) -> None:
    days = range(1, one.days + 1)
    axes.fill_between(days, band[:, 0], band[:, -1], alpha=0.16, lw=0, color=_FILLS[plan])
    axes.fill_between(days, band[:, 1], band[:, -2], alpha=0.28, lw=0, color=_FILLS[plan])
    axes.plot(days, band[:, words.MIDDLE], lw=1.4, color=_COLOURS[plan], ls=_LINES[plan], label=label)


def _frame(axes: Any, *, legend: bool = True) -> None:
    axes.tick_params(labelsize=8.5)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    if legend and axes.get_legend_handles_labels()[1]:
        # Beside the title, where it hides no curve.
        axes.legend(
            fontsize=8, frameon=False, loc="lower right", bbox_to_anchor=(1.0, 0.97), ncols=4, borderaxespad=0.0,
            columnspacing=1.2,
        )  # fmt: skip


def _day_words(forecasts: Mapping[str, Forecast]) -> str:
    starts = {one.history.starts for one in forecasts.values()}
    first = starts.pop() if len(starts) == 1 else None
    return "day of the plan" if first is None else f"day of the plan (day 1 is {first.isoformat()})"
