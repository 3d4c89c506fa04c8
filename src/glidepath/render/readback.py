"""Every page, picture and calendar is read back to numbers and held against the plan; any difference is an error.

Only the finished file is read: the text layer of a PDF, the description of a picture, the events of a calendar.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from fractions import Fraction
from html import unescape
from typing import Any

from glidepath.errors import OversightError
from glidepath.render import wording
from glidepath.render.fonts import missing
from glidepath.render.patient import OUTLINE_STEPS, care_words
from glidepath.render.printed_pages import (
    Doses,
    read_boxes,
    read_description,
    read_end,
    read_fills,
    read_last_dose,
    read_outline,
    read_steps,
)
from glidepath.render.printed_words import INTAKE, plain, read_intake
from glidepath.render.rows import (
    DayBox,
    StepRow,
    Taken,
    day_boxes,
    fill_row,
    is_changed,
    new_doses,
    step_rows,
    steps_in,
)
from glidepath.render.view import PlanView
from glidepath.taper.schedule import Step

_FALL_SHOWN_WITHIN = Fraction(6, 10000)
_PARTS = ("clinician", "patient", "pharmacy")


def read_back_pdf(pdf: bytes, view: PlanView) -> None:
    """Compare everything a PDF says with the plan; raises `READBACK_MISMATCH` on the first difference.

    A draft must hold all three parts; a signed sheet is held to the part that it is.
    """
    with _unreadable_is_a_mismatch():
        pages = _page_texts(pdf)
        kinds = [_kind(text) for text in pages]
        _same("the kinds of page", bool(pages) and None not in kinds, True)
        _same("the parts", set(kinds) == set(_PARTS) if view.is_draft else len(set(kinds)) == 1, True)
        _check_marks(pages, kinds, view)
        for kind, check in zip(_PARTS, (_check_summary, _check_calendar, _check_packet), strict=True):
            if kind in kinds:
                check(plain(" ".join(text for text, k in zip(pages, kinds, strict=True) if k == kind)), view)


def read_back_svg(svg: bytes, view: PlanView) -> None:
    """Compare the doses in a picture's description with the plan, and look for the draft mark."""
    with _unreadable_is_a_mismatch():
        text = unescape(plain(svg.decode()))
        _same("the draft mark of the picture", wording.DRAFT in text, view.is_draft)
        alone = view.taper.drug if len(view.taper.drugs) == 1 else ""
        planned = [(step.starts, _totals(view, step)) for step in view.taper.steps]
        _same_rows("the picture", read_description(text, alone), planned)


def read_back_ics(ics: bytes, view: PlanView) -> None:
    """Compare every event of a calendar with the days of the fill shown, in its words and in its own lines."""
    from glidepath.render.calendar import read_events

    with _unreadable_is_a_mismatch():
        coded: dict[date, tuple[Taken, ...]] = {}
        boxes: list[DayBox] = []
        for event in read_events(ics):
            said = _intakes(event.description)
            _same("the summary of an event", _intakes(event.summary), said)
            gated = event.summary.startswith(wording.EVENT_GATE)
            for offset in range(event.count):
                day = event.starts + timedelta(days=offset)
                _same("one event on each day", day in coded, False)
                coded[day] = event.taken
                boxes.append(DayBox(day, gated, said))
        planned = day_boxes(view)
        _same_rows("the calendar", sorted(boxes, key=lambda box: box.day), planned)
        for box in planned:
            _same("the lines of an event", coded[box.day], box.taken)


def _check_summary(text: str, view: PlanView) -> None:
    taper = view.taper
    _same_rows("the step table", list(read_steps(text)), step_rows(view), _same_step)
    stays = taper.last_dose.mg if taper.stops_on is None else None
    _same("the end", read_end(text), (taper.stops_on, stays, taper.last_drug))
    _same("the last dose", read_last_dose(text), (taper.last_dose.mg, taper.last_drug))


def _check_calendar(text: str, view: PlanView) -> None:
    for step in new_doses(view):
        band = plain(wording.gate_band(step.starts))
        _same("the band of a new dose", band in text, True)
        text = text.replace(band, "")
    _same_rows("the calendar", list(read_boxes(text, view.fill.starts.year)), day_boxes(view))
    for step, _, days in steps_in(view, view.fill):
        for intake in step.regimen.intakes:
            if is_changed(view, step, intake):
                marks = text.count(plain(wording.changed(view.taper.drug, intake.drug)))
                _same("the marks of a changed drug", marks >= days, True)
    later = [step for step in view.taper.steps if step.starts > view.fill_ends][:OUTLINE_STEPS]
    _same_rows("the outline", read_outline(text), [(step.starts, _totals(view, step)) for step in later])


def _check_packet(text: str, view: PlanView) -> None:
    fills = view.ledger.fills if view.is_draft else (view.fill,)
    planned = [(fill_row(view, fill), len(view.ledger.fills)) for fill in fills]
    _same_rows("the fills", list(read_fills(text)), planned)


def _check_marks(pages: Sequence[str], kinds: Sequence[str | None], view: PlanView) -> None:
    """The standing words of each page: draft mark, page number, and what every patient page must carry."""
    for number, (text, kind) in enumerate(zip(pages, kinds, strict=True), 1):
        _same(f"the draft mark of page {number}", wording.DRAFT in text, view.is_draft)
        standing = [f"Page {number} of {len(pages)}", wording.EVALUATION, wording.SUPERVISED]
        if kind == "patient":
            standing += [wording.NOT_ALONE, wording.URGENT, wording.MISSED, *(f"{name}:" for name in wording.BLANKS)]
            standing += [*(wording.emergency_text(line) for line in view.emergency), care_words(view)]
        if view.fill_number > 1 and view.check_in and not view.is_draft:
            standing.append(wording.checked_in(view.check_in))
        for words in standing:
            _same(f"the standing words of page {number}", plain(words) in text, True)


def _page_texts(pdf: bytes) -> list[str]:
    """The text layer of each page, as one line each."""
    try:
        import pypdfium2
    except ImportError as error:
        raise missing("pypdfium2") from error
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [plain(document[number].get_textpage().get_text_range()) for number in range(len(document))]
    finally:
        document.close()


def _kind(text: str) -> str | None:
    """Which part of the packet a page belongs to."""
    if wording.NOT_ALONE_HEADING in text:
        return "patient"
    if wording.PACKET_TITLE in text or wording.PHARMACY_TITLE in text:
        return "pharmacy"
    return "clinician" if wording.SUMMARY_TITLE in text else None


def _intakes(text: str) -> tuple[Taken, ...]:
    return tuple(taken for match in INTAKE.finditer(plain(text)) for taken in read_intake(match))


def _totals(view: PlanView, step: Step) -> Doses:
    return tuple((drug, step.regimen.total(drug).mg) for drug in view.taper.drugs if step.regimen.total(drug))


def _same_step(read: StepRow, planned: StepRow) -> bool:
    """Equal in everything exact; the percent as it was rounded for print."""
    if read.fall_frac is None or planned.fall_frac is None:
        near = read.fall_frac is planned.fall_frac
    else:
        near = abs(read.fall_frac - planned.fall_frac) <= _FALL_SHOWN_WITHIN
    exact = ("number", "starts", "ends", "days", "totals")
    return (
        near
        and sorted(read.taken) == sorted(planned.taken)
        and all(getattr(read, name) == getattr(planned, name) for name in exact)
    )


def _same_rows(
    what: str, read: Sequence[Any], planned: Sequence[Any], same: Callable[[Any, Any], bool] | None = None
) -> None:
    _same(f"the number of rows of {what}", len(read), len(planned))
    for number, (mine, other) in enumerate(zip(read, planned, strict=True), 1):
        agrees = same(mine, other) if same else mine == other
        if not agrees:
            _same(f"row {number} of {what}", mine, other)


def _same(what: str, read: object, planned: object) -> None:
    if read != planned:
        raise _mismatch(what, (read, planned))


@contextmanager
def _unreadable_is_a_mismatch() -> Iterator[None]:
    try:
        yield
    except (ValueError, KeyError, IndexError) as error:
        raise _mismatch("a part that cannot be read", str(error)) from error


def _mismatch(what: str, seen: object) -> OversightError:
    return OversightError(
        "READBACK_MISMATCH",
        f"What was drawn does not read back to the plan: {what}.",
        field="rendering",
        fix="Nothing was written. Report this as a fault, with the plan document.",
        seen=seen,
    )
