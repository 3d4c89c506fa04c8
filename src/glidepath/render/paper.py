"""Pages as PDF, typeset from templates that get their content as data, so that no text can become markup.

The same view gives the same bytes: no dates, no ids, no fonts of the machine.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import cache
from importlib.resources import files

from glidepath.errors import OversightError
from glidepath.render import wording
from glidepath.render.clinician import clinician_content, signed_words
from glidepath.render.figure import plan_svg
from glidepath.render.fonts import FAMILY, font_folder, missing
from glidepath.render.patient import patient_content
from glidepath.render.pharmacy import pharmacy_content
from glidepath.render.view import PlanView

_TEMPLATES = ("paper.typ", "frame.typ", "clinician.typ", "patient.typ", "pills.typ", "pharmacy.typ")


def plan_pdf(view: PlanView, figure: bytes | None = None) -> bytes:
    """The whole draft: clinician summary, calendar preview, pharmacy packet. Signed: the clinician summary only.

    `figure` is the plan's picture where it has been drawn already.
    """
    picture = (plan_svg(view) if figure is None else figure).decode()
    sections: dict[str, object] = {"clinician": clinician_content(view, picture)}
    if view.is_draft:
        sections["patient"] = patient_content(view)
        sections["pharmacy"] = pharmacy_content(view, view.ledger.fills)
    return _typeset(view, sections)


def patient_sheet_pdf(view: PlanView) -> bytes:
    """The patient's calendar for one fill of a signed plan, with the later steps as an outline."""
    require_signed(view)
    return _typeset(view, {"patient": patient_content(view)})


def pharmacy_sheet_pdf(view: PlanView) -> bytes:
    """The pharmacy's block for one fill of a signed plan."""
    require_signed(view)
    return _typeset(view, {"pharmacy": pharmacy_content(view, (view.fill,))})


def require_signed(view: PlanView) -> None:
    """Refuse whatever is made for a patient or a pharmacy to act on, unless this very route is signed."""
    if view.signature is None or view.signature.route != view.route:
        raise OversightError(
            "NOT_APPROVED",
            "Sheets to act on are made only from a signed plan.",
            field="signature",
            fix="Sign the plan first with: glidepath sign",
        )


def _typeset(view: PlanView, sections: Mapping[str, object]) -> bytes:
    try:
        import typst
    except ImportError as error:
        raise missing("typst") from error
    signed = signed_patient = ""
    if view.signature is not None:
        after = f". {wording.checked_in(view.check_in)}" if view.fill_number > 1 and view.check_in else ""
        signed = signed_words(view.signature) + after
        signed_patient = signed_words(view.signature, on_day=True) + after
    content = {
        "font": FAMILY,
        "paper": "us-letter" if view.paper == "letter" else "a4",
        "draft": wording.DRAFT if view.is_draft else "",
        "signed": signed,
        "signed_patient": signed_patient,
        "footer": [
            wording.EVALUATION,
            wording.SUPERVISED,
            f"{view.assessed or wording.NOT_ASSESSED}. Plan {short_digest(view.digest)}",
        ],
        "document": f"Taper plan, {view.route_title}",
        **sections,
    }
    compile_pages: Callable[..., bytes] = typst.compile
    return compile_pages(
        _templates(),
        font_paths=[str(font_folder())],
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs={"content": json.dumps(content, ensure_ascii=False, sort_keys=True)},
    )


def short_digest(digest: str) -> str:
    """Enough of a digest to tell two plans apart on paper."""
    return digest.removeprefix("sha256:")[:12]


@cache
def _templates() -> dict[str, bytes]:
    folder = files("glidepath.render")
    # The template that is compiled goes under the name "main".
    return {("main" if name == "paper.typ" else name): (folder / name).read_bytes() for name in _TEMPLATES}
