"""The pictures of a virtual trial, narrow enough for a phone: dose, drive with bands, and differences by scenario.

Made from the document alone, readable without colour: lines differ by style, bands by grey and by hatch.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape
from io import BytesIO
from typing import Any

from glidepath.facts.response import ILLNESS
from glidepath.render.document import DRAFT, Document
from glidepath.render.figure import INK, SOFT, drawing
from glidepath.render.trial_words import MEASURE_TITLES

_WIDTH_IN, _PANEL_IN, _HEAD_IN, _FOOT_IN = 4.7, 1.45, 0.45, 0.8
_LEFT, _RIGHT = 0.13, 0.97
_STYLES: tuple[Any, ...] = ("solid", (0, (5, 2)), (0, (1, 1.5)), (0, (7, 2, 1, 2)))
_MARKERS = "osD^vPX<"
_ID = re.compile(r'\bid="([^"]+)"')
_USED = re.compile(r'(url\(#|href="#)([^")]+)')


def dose_svg(document: Document) -> str:
    """One panel for each arm: mg a day, each drug with a line style of its own."""
    days, arms = document["asked"]["days"], document["arms"]
    drugs = list(dict.fromkeys(drug["drug"] for arm in arms for drug in arm["doses"]))
    tops = [max(row["mg_a_day"] for drug in arm["doses"] for row in drug["stretches"]) for arm in arms]

    def draw(figure: Any) -> None:
        for index, arm in enumerate(arms):
            axes = _panel(figure, index, len(arms), arm["name"])
            for drug in arm["doses"]:
                at = [day for row in drug["stretches"] for day in (row["first_day"] - 1, row["last_day"])]
                mg = [row["mg_a_day"] for row in drug["stretches"] for _ in range(2)]
                style = _STYLES[drugs.index(drug["drug"]) % len(_STYLES)]
                axes.plot(at, mg, color=INK, linewidth=1.5, linestyle=style)
            # Milligrams of one drug are those of no other: panels share a scale only where they share the drug.
            top = max(tops) if len(drugs) == 1 else tops[index]
            axes.set_ylim(0, top * 1.1 or 1)
            _frame(axes, days, is_last=index == len(arms) - 1)
        # One legend above the panels, where it hides no line.
        lines = [axes.plot([], [], color=INK, lw=1.5, ls=_STYLES[k % len(_STYLES)])[0] for k in range(len(drugs))]
        figure.legend(
            lines, drugs, fontsize=8, frameon=False, loc="upper right", handlelength=2.4, ncols=min(3, len(drugs)),
            bbox_to_anchor=(1.0, 1.0), borderaxespad=0.3,
        )  # fmt: skip
        figure.text(0.01, 1 - 0.2 / figure.get_figheight(), "Dose, mg a day", fontsize=10, fontweight="bold")

    return _svg(draw, _height(len(arms)), "dose", "Dose over time in each arm", dose_words(document))


def drive_svg(document: Document, index: int) -> str:
    """One panel for each arm in one scenario: median drive with its bands.

    All scenarios have one scale, but for one with a returning illness, which is no withdrawal.
    """
    result = document["results"][index]
    adds = [s["scenario"] for s in document["assumed"]["scenario_changes"] if ILLNESS in s["change"]]
    is_more = result["scenario"] in adds
    shown = [r for r in document["results"] if r["shown"] and (r["scenario"] in adds) == is_more]
    top = max((row[-1] for r in shown for arm in r["arms"] for row in arm["drive"]), default=0.0)

    def draw(figure: Any) -> None:
        for place, arm in enumerate(result["arms"]):
            axes = _panel(figure, place, len(result["arms"]), arm["name"])
            at, *lines = (list(column) for column in zip(*arm["drive"], strict=True))
            lowest, low, middle, high, highest = lines
            axes.fill_between(at, lowest, highest, facecolor="#e4e4e4", edgecolor="#9a9a9a", linewidth=0.5)
            axes.fill_between(at, low, high, facecolor="#bdbdbd", edgecolor=SOFT, linewidth=0.5, hatch="////")
            axes.plot(at, middle, color=INK, linewidth=1.8)
            axes.set_ylim(0, top * 1.1 or 1)
            _frame(axes, document["asked"]["days"], is_last=place == len(result["arms"]) - 1)
        foot = "line: median; dark band: 50 % of people; light band: 90 %"
        figure.text(0.01, 0.24 / figure.get_figheight(), foot, fontsize=7.5)
        words = f"{'Drive with' if is_more else 'Withdrawal drive, no unit:'} {result['title']}"
        figure.text(0.01, 1 - 0.2 / figure.get_figheight(), words, fontsize=10, fontweight="bold")

    title = f"Withdrawal drive over time, scenario {result['title']}"
    return _svg(draw, _height(len(result["arms"])), f"drive{index}", title, drive_words(document, index))


def difference_svg(document: Document, measure: str) -> str:
    """A row for each scenario: mean difference of each arm from the first, with two Monte-Carlo errors."""
    results = document["results"]

    def draw(figure: Any) -> None:
        height = figure.get_figheight()
        axes = figure.add_axes((0.34, _FOOT_IN / height, _RIGHT - 0.34, 1 - (_FOOT_IN + _HEAD_IN) / height))
        axes.axvline(0, color=INK, linewidth=1)
        for row, result in enumerate(results):
            for place, difference in enumerate(result["differences"]):
                found = difference["measures"][measure]
                if found["mean"] is None:
                    continue
                at = row + 0.5 * (place + 0.5) / len(result["differences"]) - 0.25
                axes.errorbar(
                    [found["mean"]],
                    [at],
                    xerr=[2 * (found["mc_error"] or 0.0)],
                    marker=_MARKERS[place % len(_MARKERS)],
                    color=INK,
                    markersize=5,
                    markerfacecolor="white" if place % 2 else INK,
                    linewidth=1,
                    capsize=2,
                    label=difference["arm"] if row == 0 else None,
                )
        axes.set_yticks(range(len(results)), [r["title"].replace(" to ", "\nto ") for r in results], fontsize=8)
        axes.set_ylim(len(results) - 0.5, -0.5)
        axes.tick_params(axis="x", labelsize=8)
        axes.locator_params(axis="x", nbins=5)
        axes.set_xlabel(f"minus “{document['arms'][0]['name']}”", fontsize=8)
        for side in ("top", "right"):
            axes.spines[side].set_visible(False)
        if len(document["arms"]) > 2:
            axes.legend(fontsize=7.5, frameon=False, loc="best")
        words = f"Difference in {MEASURE_TITLES[measure]}"
        figure.text(0.01, 1 - 0.2 / height, words, fontsize=10, fontweight="bold")

    title = f"Difference in {MEASURE_TITLES[measure]} by scenario"
    height = _HEAD_IN + _FOOT_IN + 0.42 * len(results)
    return _svg(draw, height, f"difference-{measure}", title, difference_words(document, measure))


def dose_words(document: Document) -> str:
    """The picture of doses in words."""
    parts = []
    for arm in document["arms"]:
        doses = " and ".join(f"{drug['drug']} from {_mg(drug['before_mg'])} mg a day" for drug in arm["doses"])
        parts.append(f"{arm['name']}: {doses}; last dose on day {arm['last_dose_day']} of {document['asked']['days']}")
    return f"Steps of dose over days. {'. '.join(parts)}."


def drive_words(document: Document, index: int) -> str:
    """The picture of drive in words."""
    parts = []
    for arm in document["results"][index]["arms"]:
        best = max(arm["drive"], key=lambda row: row[3])
        parts.append(f"{arm['name']}: the median of the day's mean is highest, {best[3]}, on day {best[0]}")
    return f"Median of simulated people with bands that hold 50 and 90 percent of them. {'. '.join(parts)}."


def difference_words(document: Document, measure: str) -> str:
    """The picture of differences in words."""
    parts = [f"{a['arm']}: {a['says']}" for a in document["agreement"] if a["measure"] == measure]
    first = document["arms"][0]["name"]
    return f"Mean difference from {first} in each scenario, with two Monte-Carlo errors. {'. '.join(parts)}."


def _mg(value: float) -> str:
    return f"{value:.6g}"


def _height(panels: int) -> float:
    return _HEAD_IN + _FOOT_IN + _PANEL_IN * panels


def _panel(figure: Any, index: int, count: int, name: str) -> Any:
    height = figure.get_figheight()
    bottom = _FOOT_IN + _PANEL_IN * (count - 1 - index)
    axes = figure.add_axes((_LEFT, bottom / height, _RIGHT - _LEFT, (_PANEL_IN - 0.4) / height))
    axes.set_title(name if len(name) <= 56 else f"{name[:55]}…", fontsize=9, loc="left", pad=3)
    return axes


def _frame(axes: Any, days: int, *, is_last: bool) -> None:
    axes.set_xlim(0, days)
    axes.locator_params(axis="y", nbins=4)
    axes.locator_params(axis="x", nbins=6)
    axes.yaxis.set_major_formatter(lambda value, _: f"{value:.6g}")
    axes.tick_params(axis="both", labelsize=8, color=INK)
    if is_last:
        axes.set_xlabel("days", fontsize=8)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)


def _svg(draw: Callable[[Any], None], height_in: float, key: str, title: str, words: str) -> str:
    """The drawing as a piece of a page: no header, no metadata, ids of its own, and its words inside."""
    with drawing() as figure:
        import matplotlib

        # A name of an arm is a name, also with a dollar in it.
        matplotlib.rcParams["text.parse_math"] = False
        figure.set_size_inches(_WIDTH_IN, height_in)
        draw(figure)
        mark = f"{DRAFT}. Simulated people: shape and timing only."
        figure.text(0.01, 0.08 / height_in, mark, fontsize=7.5, color=SOFT)
        drawn = BytesIO()
        figure.savefig(drawn, format="svg", metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
    svg = drawn.getvalue().decode()
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<metadata>.*?</metadata>\s*", "", svg, flags=re.DOTALL)
    svg = _ID.sub(rf'id="{key}-\1"', svg)
    svg = _USED.sub(rf"\g<1>{key}-\2", svg)
    close = svg.index(">")
    names = f'<title id="{key}-title">{escape(title)}</title>\n <desc id="{key}-words">{escape(words)}</desc>'
    return f'{svg[:close]} role="img" aria-labelledby="{key}-title {key}-words">\n {names}{svg[close + 1 :]}'
