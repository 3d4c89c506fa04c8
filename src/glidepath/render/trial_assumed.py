"""What a virtual trial takes for granted, as the part of its page that says so."""

from __future__ import annotations

from html import escape

from glidepath.render.document import Document
from glidepath.render.trial_cells import headings, number, td, wide


def assumed(document: Document) -> str:
    assumed = document["assumed"]
    parameters = "".join(
        f'<tr><th scope="row">{escape(p["says"])}</th>{td(document, "assumed", "parameters", k, "value")}'
        f"<td>{escape(p['unit'])}</td>{td(document, 'assumed', 'parameters', k, 'spread')}"
        f"<td>{escape(p['spread_kind'] or 'none')}</td><td>{escape(p['status'])}</td><td>{escape(p['source'])}</td>"
        f"<td>{escape(p['note'] or '')}</td></tr>"
        for k, p in enumerate(assumed["parameters"])
    )
    changes = "".join(
        f'<tr><th scope="row">{escape(s["scenario"])}</th><td>{escape(name)}</td>'
        f"{td(document, 'assumed', 'scenario_changes', k, 'change', name)}</tr>"
        for k, s in enumerate(assumed["scenario_changes"])
        for name in s["change"]
    )
    keys = ("clearance_l_h", "volume_l", "half_life_h", "absorption_per_h", "clearance_cv")
    drugs = "".join(
        f'<tr><th scope="row">{escape(d["drug"])}</th>'
        + "".join(td(document, "assumed", "drugs", k, key) for key in keys)
        + "<td>"
        + "; ".join(
            f"{escape(name)} {number(document, 'assumed', 'drugs', k, 'half_occupancy_ng_ml', name)}"
            for name in d["half_occupancy_ng_ml"]
        )
        + f"</td><td>{escape('; '.join(d['assumed']) or 'nothing beside the facts')}</td>"
        f"<td>{escape(', '.join(d['sources']))}</td></tr>"
        for k, d in enumerate(assumed["drugs"])
    )
    covariates = "".join(
        f'<tr><th scope="row">{escape(c["drug"])}</th><td>{escape(c["factor"])}</td>'
        f"{td(document, 'assumed', 'covariates', k, 'clearance_ratio')}<td>{escape(c['basis'])}</td>"
        f"<td>{escape(c['source'])}, {'verified' if c['verified'] else 'not verified'}</td></tr>"
        for k, c in enumerate(assumed["covariates"])
    )
    unknown = ", ".join(assumed["not_quantified"])
    sources = "".join(f"<li>{escape(s['id'])}: {escape(s['citation'])}</li>" for s in assumed["sources"])
    drug_head = headings(
        "drug", "clearance, L/h", "volume, L", "half-life, h", "absorption, 1/h", "variation of clearance",
        "half occupancy, ng/mL", "assumed", "sources",
    )  # fmt: skip
    none = "<p>No factor changes clearance here.</p>"
    return (
        "<section><h2>What is assumed</h2>"
        "<p>Measured: read in a study or a label. Calibrated: chosen to meet a published number, which then is no "
        "test. Assumption: nobody measured it in a form that could be used.</p>"
        + wide(
            headings("parameter", "value", "unit", "spread", "kind of spread", "status", "source", "note") + parameters,
            "The model after the concentration",
        )
        + wide(headings("scenario", "changes", "to") + changes, "What each scenario changes")
        + wide(drug_head + drugs, "The drugs")
        + (
            wide(
                headings("drug", "factor", "clearance times", "basis", "source") + covariates,
                "What is known of the person",
            )
            if covariates
            else none
        )
        + (f"<p>May matter, and the facts hold no number for it: {escape(unknown)}.</p>" if unknown else "")
        + f"<ul>{sources}</ul></section>"
    )
