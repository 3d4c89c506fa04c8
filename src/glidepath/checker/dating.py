"""Places in the sentences of a report as a person looks for them: dates of a calendar, lines of a letter."""

from __future__ import annotations

import re
from dataclasses import replace

from glidepath.checker.report import Report
from glidepath.checker.written import WrittenTaper

_DAY = re.compile(r"\b[Dd]ay ([1-9][0-9]{0,4})\b")
_DAYS = re.compile(r"\b[Dd]ays ([1-9][0-9]{0,4}) to ([1-9][0-9]{0,4})\b")


def with_places(report: Report, taper: WrittenTaper) -> Report:
    """The same report with `day 29` said as its date where the taper has dates, and rows of a letter as lines."""

    def dated(text: str) -> str:
        if taper.kind == "letter":
            text = text.replace("(row ", "(line ")
        if taper.starts is None:
            return text
        text = _DAYS.sub(lambda m: f"{taper.on(int(m[1]))} to {taper.on(int(m[2]))}", text)
        return _DAY.sub(lambda m: str(taper.on(int(m[1]))), text)

    return replace(
        report,
        checks=tuple(
            replace(c, says=dated(c.says), value=dated(c.value), suggestions=tuple(map(dated, c.suggestions)))
            for c in report.checks
        ),
        unmakeable=tuple(
            replace(u, says=dated(u.says), instead=u.instead and dated(u.instead)) for u in report.unmakeable
        ),
    )
