"""The report on a virtual trial as one page of its own: the limits first, no scripts, nothing fetched from outside.

Every number of the document stands on the page, marked with its place in the document (`data-at`), and is read back
from there before the page is written.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from glidepath.render.document import Document
from glidepath.render.trial_assumed import assumed
from glidepath.render.trial_cells import Path, headings, number, pointer, td, text, wide
from glidepath.render.trial_picture import (
    difference_svg,
    difference_words,
    dose_svg,
    dose_words,
    drive_svg,
    drive_words,
)
from glidepath.render.trial_words import FALL_NOT_MEASURED, MEASURE_TITLES, OVER_LIMIT

_STYLE = """
:root{color-scheme:light}
body{font:1rem/1.5 "DejaVu Sans",Verdana,sans-serif;color:#111;background:#fff;max-width:46rem;margin:0 auto;
 padding:0 .8rem 3rem}
h1{font-size:1.4rem;line-height:1.25}h2{font-size:1.15rem;margin-top:2.2rem;border-top:2px solid #111;padding-top:.6rem}
h3{font-size:1rem;margin-bottom:.3rem}
.mark{background:#111;color:#fff;font-weight:bold;padding:.35rem .6rem;margin:.8rem 0 0}
.limits{border:3px solid #111;padding:.2rem 1rem;margin:1rem 0}.limits h2{border:0;margin-top:.4rem}
figure{margin:.8rem 0}figure svg{width:100%;height:auto;max-width:36rem;display:block}
figcaption{font-size:.85rem;color:#444}
.wide{overflow-x:auto}table{border-collapse:collapse;font-size:.85rem;margin:.5rem 0}
caption{text-align:left;font-weight:bold;padding:.3rem 0}
th,td{border:1px solid #999;padding:.2rem .4rem;text-align:left;vertical-align:top}
td.n{text-align:right;white-space:nowrap}
summary{cursor:pointer;padding:.3rem 0}code{font-size:.8rem;overflow-wrap:anywhere}
@media print{details{display:block}}
"""


def trial_page(document: Document) -> str:
    """The whole page."""
    asked = document["asked"]
    body = "\n".join(
        [
            f'<p class="mark">{escape(document["status"])}</p>',
            f"<p><strong>{escape(document['evaluation'])}.</strong> A virtual trial: simulated people only.</p>",
            f"<h1>{escape(asked['title'])}</h1>",
            _limits(document),
            _asked(document),
            _arms(document),
            _drive(document),
            _differences(document),
            _sensitivity(document),
            assumed(document),
            _versions(document),
        ]
    )
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(document['status'])}: {escape(asked['title'])}</title>\n<style>{_STYLE}</style>\n</head>\n"
        f"<body>\n{body}\n</body>\n</html>\n"
    )


def _limits(document: Document) -> str:
    lines = "".join(f"<li>{escape(line)}</li>" for line in document["limits"])
    return f'<section class="limits" id="limits"><h2>What this cannot say</h2><ul>{lines}</ul></section>'


def _asked(document: Document) -> str:
    asked = document["asked"]
    person = asked["population"]
    known = [
        f"age {number(document, 'asked', 'population', 'age')}" if person["age"] is not None else "age not known",
        person["sex"] or "sex not known",
        f"liver impairment {person['liver']}" if person["liver"] else "liver not known",
        f"medicines: {escape(', '.join(person['medicines']))}" if person["medicines"] else "no other medicines named",
    ]
    quantiles = ", ".join(number(document, "asked", "quantiles", k) for k in range(len(asked["quantiles"])))
    rows = [
        ("simulated people in each arm, the same in all", number(document, "asked", "n")),
        ("seed", number(document, "asked", "seed")),
        ("population", "; ".join(known)),
        ("region", escape(asked["region"] or "none named")),
        ("scenarios shown", escape(", ".join(asked["scenarios"]))),
        ("days simulated", number(document, "asked", "days")),
        ("of these after the longest arm", number(document, "asked", "follow_days")),
        ("level that counts as drive", number(document, "asked", "level")),
        ("quantiles", quantiles),
        (
            "limit that arms are held beside",
            f"a fall of {number(document, 'asked', 'limit', 'percent')} % "
            f"in {number(document, 'asked', 'limit', 'days')} days",
        ),
    ]
    listed = "".join(f'<tr><th scope="row">{name}</th><td>{value}</td></tr>' for name, value in rows)
    measures = "".join(
        f"<li><strong>{MEASURE_TITLES[m['name']]}</strong>: {escape(m['says'])}</li>" for m in document["measures"]
    )
    return f"<section><h2>What was asked</h2>{wide(listed)}<h3>What is measured</h3><ul>{measures}</ul></section>"


def _arms(document: Document) -> str:
    rows, listed = [], []
    for k, arm in enumerate(document["arms"]):
        at: Path = ("arms", k)
        fall = arm["largest_fall_percent"]
        says = FALL_NOT_MEASURED if fall is None else f"{number(document, *at, 'largest_fall_percent')} %"
        over = f"; <strong>{OVER_LIMIT}</strong>" if arm["passes_limit"] else ""
        rows.append(
            f'<tr><th scope="row">{escape(arm["name"])}</th><td>{escape(arm["says"])}<br>{escape(arm["note"])}</td>'
            f'<td class="n">{number(document, *at, "last_dose_day")}</td><td>{says}{over}</td></tr>'
        )
        for j, drug in enumerate(arm["doses"]):
            steps = "".join(
                f'<tr data-at="{pointer((*at, "doses", j, "stretches", i))}"><td class="n">{row["first_day"]}</td>'
                f'<td class="n">{row["last_day"]}</td><td class="n">{text(row["mg_a_day"])}</td></tr>'
                for i, row in enumerate(drug["stretches"])
            )
            before = f"mg a day; before day 1: {number(document, *at, 'doses', j, 'before_mg')}"
            head = headings("from day", "to day", "mg a day")
            listed.append(wide(head + steps, f"{arm['name']}, {drug['drug']}: ", before))
    head = headings("arm", "what is taken", "last dose on day", "largest fall before the end")
    return (
        f"<section><h2>The arms</h2>{wide(head + ''.join(rows))}"
        f"{_figure(dose_svg(document), dose_words(document))}"
        f"<details><summary>Every dose as a table</summary>{''.join(listed)}</details></section>"
    )


def _drive(document: Document) -> str:
    parts = ["<section><h2>Withdrawal drive, scenario by scenario</h2>"]
    for index, result in enumerate(document["results"]):
        if not result["shown"]:
            continue
        parts.append(f"<h3>{escape(result['title'])}</h3><p>{escape(result['says'])}.</p>")
        parts.append(_figure(drive_svg(document, index), drive_words(document, index)))
        parts.append(_measures(document, index))
        tables = "".join(_series(document, index, k) for k in range(len(result["arms"])))
        parts.append(f"<details><summary>Drive day by day as tables</summary>{tables}</details>")
    return "".join(parts) + "</section>"


def _measures(document: Document, index: int) -> str:
    result = document["results"][index]
    levels = [f"{level:.0%} are below" for level in document["asked"]["quantiles"]]
    head = headings("arm", "measure", "people", "mean", "its Monte-Carlo error", *levels)
    rows = []
    for k, arm in enumerate(result["arms"]):
        for name, found in arm["measures"].items():
            at: Path = ("results", index, "arms", k, "measures", name)
            cells = _found(document, at) + "".join(
                td(document, *at, "quantiles", q) for q in range(len(found["quantiles"]))
            )
            rows.append(f'<tr><th scope="row">{escape(arm["name"])}</th><td>{MEASURE_TITLES[name]}</td>{cells}</tr>')
    caption = f"{result['title']}, of {{}} people: the measures in each arm"
    before, after = caption.split("{}")
    return wide(head + "".join(rows), before, number(document, "results", index, "n") + escape(after))


def _series(document: Document, index: int, k: int) -> str:
    arm = document["results"][index]["arms"][k]
    head = headings("day", *(f"{level:.0%} are below" for level in document["asked"]["quantiles"]))
    rows = "".join(
        f'<tr data-at="{pointer(("results", index, "arms", k, "drive", d))}">'
        + "".join(f'<td class="n">{text(value)}</td>' for value in row)
        + "</tr>"
        for d, row in enumerate(arm["drive"])
    )
    return wide(head + rows, f"{arm['name']}: drive, mean of the day")


def _differences(document: Document) -> str:
    first = document["arms"][0]["name"]
    if len(document["arms"]) < 2:
        return "<section><h2>Effect of pace and route</h2><p>There is one arm: nothing to compare.</p></section>"
    told = "".join(
        f'<tr><th scope="row">{escape(a["arm"])}</th><td>{MEASURE_TITLES[a["measure"]]}</td>'
        f"<td>{escape(a['says'])}</td></tr>"
        for a in document["agreement"]
    )
    shown = [i for i, result in enumerate(document["results"]) if result["shown"]]
    return (
        "<section><h2>Effect of pace and route</h2>"
        f"<p>Differences are taken within each simulated person: the arm minus “{escape(first)}”. "
        "They say how the arms order in this model, and nothing about who does well. "
        "Over all scenarios of withdrawal together (a difference counts when it is more than twice its Monte-Carlo "
        "error):</p>"
        f"{wide(headings('arm', 'measure', 'beside the first arm') + told)}"
        f"{_table_of_differences(document, shown)}</section>"
    )


def _sensitivity(document: Document) -> str:
    hidden = [i for i, result in enumerate(document["results"]) if not result["shown"]]
    says = "The open questions of the model are its scenarios. Here are all of them, also those not drawn above."
    listed = "".join(
        f"<li><strong>{escape(r['title'])}</strong>: {escape(r['says'])}</li>" for r in document["results"]
    )
    parts = [f"<section><h2>Sensitivity</h2><p>{says}</p><ul>{listed}</ul>"]
    if len(document["arms"]) > 1:
        parts += [
            _figure(difference_svg(document, m["name"]), difference_words(document, m["name"]))
            for m in document["measures"]
        ]
        parts.append(_table_of_differences(document, hidden) if hidden else "")
    parts += [_measures(document, index) for index in hidden]
    return "".join(parts) + "</section>"


def _table_of_differences(document: Document, indices: Iterable[int]) -> str:
    rows = []
    for index in indices:
        result = document["results"][index]
        for k, difference in enumerate(result["differences"]):
            for name in difference["measures"]:
                cells = _found(document, ("results", index, "differences", k, "measures", name))
                rows.append(
                    f'<tr><th scope="row">{escape(difference["arm"])}</th><td>{MEASURE_TITLES[name]}</td>'
                    f"<td>{escape(result['title'])}</td>{cells}</tr>"
                )
    first = document["arms"][0]["name"]
    head = headings("arm", "measure", "scenario", "people", "mean difference", "its Monte-Carlo error")
    return wide(head + "".join(rows), f"Paired differences: arm minus “{first}”")


def _versions(document: Document) -> str:
    facts = document["facts"]
    lines = (
        ("Glidepath", document["engine_version"]),
        ("facts", f"{facts['version']}, {facts['digest']}"),
        ("response", facts["response_digest"]),
        ("trial", document["trial_digest"]),
        ("document", document["digest"]),
    )
    listed = "".join(f"<li>{name}: <code>{escape(value)}</code></li>" for name, value in lines)
    return f"<section><h2>Made with</h2><ul>{listed}</ul></section>"


def _found(document: Document, at: Path) -> str:
    return "".join(td(document, *at, key) for key in ("n", "mean", "mc_error"))


def _figure(svg: str, words: str) -> str:
    return f"<figure>{svg}<figcaption>{escape(words)}</figcaption></figure>"
