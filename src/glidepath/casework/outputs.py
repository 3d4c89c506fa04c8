"""Every file of a plan, made in memory and read back before anything is written."""

from __future__ import annotations

from glidepath.errors import GlidepathError
from glidepath.render.day_table import check_days_csv, check_steps_csv, days_csv, steps_csv
from glidepath.render.document import Document, document_text, to_document
from glidepath.render.reading import check_read_back, parse_json
from glidepath.render.route_view import per_mg_of, view_of
from glidepath.render.view import PlanView
from glidepath.taper.proposal import Proposal, Route

Files = dict[str, bytes]


def plan_files(proposal: Proposal, *, paper: bool) -> Files:
    """The files of a proposal by their path below the output folder; with `paper` the PDF and the figure too.

    Each is read back and compared with the plan; READBACK_MISMATCH means nothing may be written.
    """
    document = to_document(proposal)
    text = document_text(document).encode()
    read = parse_json(text)
    check_read_back(read, proposal.options.options)
    per_mg = per_mg_of(read)
    files: Files = {"plan.json": text}
    for option in proposal.options.options:
        if option.taper is None:
            continue
        days, steps = days_csv(option.taper, per_mg), steps_csv(option.taper, per_mg)
        check_days_csv(days, option.taper, per_mg)
        check_steps_csv(steps, option.taper, per_mg)
        folder = f"options/{option.route.value}/"
        files[folder + "days.csv"], files[folder + "steps.csv"] = days.encode(), steps.encode()
    first = shown_route(proposal)
    files["days.csv"] = files[f"options/{first}/days.csv"]
    files["steps.csv"] = files[f"options/{first}/steps.csv"]
    if paper:
        files |= _paper(view_of(read, first))
        # A switch or a dose to stay at is planned only when it was asked for: it gets its own pages.
        for route in (Route.SWITCH, Route.REDUCE):
            if proposal.option(route).is_planned and route.value != first:
                pages = _paper(view_of(read, route.value))
                files |= {f"options/{route.value}/{name}": data for name, data in pages.items()}
    return files


def shown_route(proposal: Proposal) -> str:
    """The route shown first: the recommended one, or the only ones planned."""
    first = proposal.options.first
    if first is not None:
        return first.route.value
    return next(o.route.value for o in proposal.options.options if o.is_planned)


def _paper(view: PlanView) -> Files:
    from glidepath.render.figure import plan_svg
    from glidepath.render.paper import plan_pdf
    from glidepath.render.readback import read_back_pdf, read_back_svg

    figure = plan_svg(view)
    read_back_svg(figure, view)
    pdf = plan_pdf(view, figure)
    read_back_pdf(pdf, view)
    return {"plan.pdf": pdf, "plan.svg": figure}


def signed_files(view: PlanView) -> Files:
    """The sheets of a signed plan for one fill: patient, pharmacy, calendar and the clinician's summary."""
    from glidepath.render.calendar import calendar_ics
    from glidepath.render.paper import patient_sheet_pdf, pharmacy_sheet_pdf, plan_pdf
    from glidepath.render.readback import read_back_ics, read_back_pdf

    if view.signature is None:
        raise GlidepathError("NOT_APPROVED", "The plan is not signed.", field="file", fix="Sign it first.")
    calendar = calendar_ics(view)
    read_back_ics(calendar, view)
    pages = {
        "patient-sheet.pdf": patient_sheet_pdf(view),
        "pharmacy-sheet.pdf": pharmacy_sheet_pdf(view),
        "clinician-summary.pdf": plan_pdf(view),
    }
    for pdf in pages.values():
        read_back_pdf(pdf, view)
    return {
        **pages,
        "calendar.ics": calendar,
    }


def stdout_text(proposal: Proposal, form: str, document: Document | None = None) -> str:
    """One table or the document for a pipe: `json`, `days` or `steps` of the route shown first.

    `document` is the proposal's own, when it is at hand.
    """
    document = document or to_document(proposal)
    if form == "json":
        text = document_text(document)
        check_read_back(parse_json(text.encode()), proposal.options.options)
        return text
    route = shown_route(proposal)
    taper = next(o.taper for o in proposal.options.options if o.route.value == route)
    assert taper is not None
    per_mg = per_mg_of(document)
    if form == "days":
        text = days_csv(taper, per_mg)
        check_days_csv(text, taper, per_mg)
        return text
    text = steps_csv(taper, per_mg)
    check_steps_csv(text, taper, per_mg)
    return text
