"""Reading the text layer of printed pages back to the rows of a plan: steps, days, outline, fills, labels."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from fractions import Fraction

from glidepath.render import wording
from glidepath.render.dates import MONTH_PATTERN, MONTHS
from glidepath.render.printed_words import (
    DAY,
    DRUG,
    INTAKE,
    LABEL,
    NUMBER,
    PRODUCT,
    TOTAL,
    read_days,
    read_intake,
    read_label_parts,
    read_month_day,
)
from glidepath.render.rows import DayBox, FillRow, LabelRow, StepRow, SupplyRow, by_product_and_time

Doses = tuple[tuple[str, Fraction], ...]  # drug, mg

_STEP = re.compile(rf"Step (\d+) ({DAY}) to ({DAY}) (\d+) days? ")
_FALL = re.compile(r"(?:as now|switch|(\d+(?:\.\d+)?) %)")  # a percent is no dose: 7.00 % may stand
_STOP = re.compile(rf"({DAY}): first day without ({DRUG})\.")
_STAYS = re.compile(rf"No stop: the plan stays at ({NUMBER}) mg ({DRUG}) a day\.")
_LAST = re.compile(rf"Last dose ({NUMBER}) mg ({DRUG}) a day")
_BOX_DATE = re.compile(rf"(?<![\w.])(\d{{1,2}}) ({MONTH_PATTERN})(?! \d{{4}})")
_OUTLINE = re.compile(
    rf"From about (\d{{1,2}}) ({MONTH_PATTERN}) (\d{{4}}): "
    rf"((?:{NUMBER} mg {DRUG}(?: and )?)+) a day, {wording.CHECK_IN_GATE}"
)
_DRAWN = re.compile(rf"from (\d{{1,2}}) ({MONTH_PATTERN}) (\d{{4}}) ((?:{NUMBER} mg(?: {DRUG})?(?: \+ )?)+)(?=[;.])")
_FILL = re.compile(rf"Fill (\d+) of (\d+): ({DAY}) to ({DAY})\. (\d+) days' supply\. Not before ({DAY})\.")
_LINE = re.compile(
    rf"({PRODUCT}) ({NUMBER}) (?:tablets?|capsules?|films?|mL) ({NUMBER}) ({NUMBER}) ({NUMBER}) ({NUMBER})(?= |$)"
)
_LABELS_OF = re.compile(rf"(?:Step (\d+)|{wording.DOSE_AS_NOW}), (?:from|on) ")


def read_steps(text: str) -> Iterator[StepRow]:
    """The step table; raises `ValueError` where a row cannot be read."""
    for head, chunk in _chunks(_STEP, text):
        intakes = list(INTAKE.finditer(chunk))
        rest = chunk[intakes[-1].end() if intakes else 0 :].lstrip()
        totals = []
        while total := TOTAL.match(rest):
            totals.append((total[2], Fraction(total[1])))
            rest = rest[total.end() :].lstrip()
        fall = _FALL.match(rest)
        if fall is None:
            raise ValueError("a step without its fall")
        yield StepRow(
            number=int(head[1]),
            starts=read_days(head[2])[0],
            ends=read_days(head[3])[0],
            days=int(head[4]),
            taken=tuple(taken for match in intakes for taken in read_intake(match)),
            totals=tuple(totals),
            fall_frac=Fraction(fall[1]) / 100 if fall[1] else None,
        )


def read_end(text: str) -> tuple[date | None, Fraction | None, str]:
    """The first day without the drug, or the dose to stay at, and the drug."""
    if stop := _STOP.search(text):
        return read_days(stop[1])[0], None, stop[2]
    if stays := _STAYS.search(text):
        return None, Fraction(stays[1]), stays[2]
    raise ValueError("no end is stated")


def read_last_dose(text: str) -> tuple[Fraction, str]:
    """The last dose as the summary states it."""
    last = _LAST.search(text)
    if last is None:
        raise ValueError("no last dose is stated")
    return Fraction(last[1]), last[2]


def read_boxes(text: str, first_year: int) -> Iterator[DayBox]:
    """The boxes in order; a box has day and month, its year follows from the one before."""
    previous: date | None = None
    for head, chunk in _chunks(_BOX_DATE, text):
        month = MONTHS.index(head[2]) + 1
        year = first_year if previous is None else previous.year + (month < previous.month)
        previous = date(year, month, int(head[1]))
        taken = tuple(taken for match in INTAKE.finditer(chunk) for taken in read_intake(match))
        yield DayBox(previous, wording.GATE_MARK in chunk, taken)


def read_outline(text: str) -> list[tuple[date, Doses]]:
    """Later steps: about when, and the daily total of each drug."""
    return [(_date(m), _doses(m[4])) for m in _OUTLINE.finditer(text)]


def read_description(text: str, alone: str) -> list[tuple[date, Doses]]:
    """The steps in the description of a picture; `alone` is the drug where none is named."""
    return [(_date(m), _doses(m[4], alone)) for m in _DRAWN.finditer(text)]


def read_fills(text: str) -> Iterator[tuple[FillRow, int]]:
    """Each fill, with the number of fills that its heading says there are."""
    for head, chunk in _chunks(_FILL, text):
        starts, ends, not_before = read_days(" ".join((head[3], head[4], head[6])))
        row = FillRow(
            number=int(head[1]),
            starts=starts,
            ends=ends,
            days=int(head[5]),
            not_before=not_before,
            lines=tuple(SupplyRow(m[1], *(Fraction(m[n]) for n in (2, 3, 4, 5, 6))) for m in _LINE.finditer(chunk)),
            labels=by_product_and_time(_labels(chunk)),
        )
        yield row, int(head[2])


def _labels(text: str) -> Iterator[LabelRow]:
    for head, chunk in _chunks(_LABELS_OF, text):
        for label in LABEL.finditer(chunk):
            begins = read_month_day(label["begins"] or label["on"])
            until = read_month_day(label["ends"] or label["until"] or label["on"])
            for time, units, mg in read_label_parts(label["parts"]):
                yield LabelRow(int(head[1] or 0), label[1], time, units, mg, label["gate"] is not None, begins, until)


def _chunks(heading: re.Pattern[str], text: str) -> Iterator[tuple[re.Match[str], str]]:
    """Each heading with the text up to the next."""
    heads = list(heading.finditer(text))
    ends = [*(head.start() for head in heads[1:]), len(text)]
    for head, end in zip(heads, ends, strict=True):
        yield head, text[head.end() : end]


def _doses(words: str, alone: str = "") -> Doses:
    return tuple((m[2] or alone, Fraction(m[1])) for m in re.finditer(rf"({NUMBER}) mg(?: (?!and )({DRUG}))?", words))


def _date(match: re.Match[str]) -> date:
    return date(int(match[3]), MONTHS.index(match[2]) + 1, int(match[1]))
