"""Cut a letter into lines and clauses, each with its place; nothing between two cuts is lost.

A clause ends at a line break, a semicolon, a full stop that is no decimal point, "then", or before a new verb. A line
is passed over only when the whole of it is a courtesy (`letter_courtesy`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace

from glidepath.checker.letter_courtesy import courtesy_in
from glidepath.checker.letter_words import FLAGS
from glidepath.checker.report import Unreadable
from glidepath.facts.formulary import Formulary

LONGEST_CLAUSE = 500
MOST_CLAUSES = 400
LARGEST_TEXT = 64 * 1024

_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−", "-") | dict.fromkeys("•‣●", "•"))
_BULLET = re.compile(r"\s*(?:[-*•]\s+|\(?(?P<number>[1-9][0-9]?)[.)]\s+)")
_VERBS = (
    "reduc(?:e|ing)|decreas(?:e|ing)|lower(?:ing)?|increas(?:e|ing)|stop(?:ping)?|discontinue|finish|hold|stay|remain"
    "|continue|switch|change\\s+to|supply|dispense"
)
_LENGTH_BEFORE = r"(?:days?|nights?|weeks?|wks?|fortnight|/52|/7)"
_CUT = re.compile(
    rf"(?P<then>(?:[,.]\s*)?(?:\band\s+)?\b(?:then|followed\s+by)\b\s*,?)"
    r"|(?P<sign>;)"
    r"|(?P<stop>\.(?=\s|$))"
    rf"|(?:,\s*(?:and\s+)?|(?<!\s)\s+and\s+)(?=(?:{_VERBS})\b)"
    rf"|(?<=[a-z0-9]),(?=\s*(?:[0-9]|[a-z]))(?P<comma>)",
    FLAGS,
)
_ENDS_IN_LENGTH = re.compile(rf"(?:\bfor\b|\bx|×)[^,;]{{1,30}}{_LENGTH_BEFORE}$|[0-9]\s?/\s?(?:52|7)$", FLAGS)
_LEFT_OUT = re.compile(r"\.\s*\.|…")
_DOTTED = re.compile(r"(?:^|[\s(])(?:[a-z]\.)+[a-z]$", FLAGS)


@dataclass(frozen=True, slots=True)
class Clause:
    """A piece of one line, trimmed: `row` is its line and `first` to `last` its characters there, from 1.

    `after` says what parts it from the clause before: line (a bare line break), mark (punctuation, a bullet), or then.
    """

    row: int
    first: int
    last: int
    text: str
    after: str = "line"

    @property
    def column(self) -> str:
        return f"characters {self.first}-{self.last}"


@dataclass(frozen=True, slots=True)
class Cuts:
    """A letter cut up: its clauses, the lines passed over as courtesy, and what could not be cut.

    `subjects` has line and drug for each drug that a subject line names.
    """

    clauses: tuple[Clause, ...]
    courtesies: tuple[int, ...]
    unreadable: tuple[Unreadable, ...]
    subjects: tuple[tuple[int, str], ...] = ()


def cut(text: str, formulary: Formulary) -> Cuts:
    """The clauses of a letter in order. Never raises; text too large or of too many clauses gives none."""
    if len(text) > LARGEST_TEXT or len(text.encode("utf-8", "surrogatepass")) > LARGEST_TEXT:
        return Cuts((), (), (_too_large("The text is longer than 64 KiB."),))
    clauses: list[Clause] = []
    courtesies: list[int] = []
    subjects: list[tuple[int, str]] = []
    bad: list[Unreadable] = []
    waiting: Clause | None = None
    numbered, is_list = 0, _is_list(text)
    after = "mark"
    for row, line in enumerate(re.split(r"\r\n|\r|\n", text), 1):
        if hidden := _hidden(row, line):
            bad.append(hidden)
            continue
        plain = _plain(line)
        if courtesy := courtesy_in(plain, formulary):
            courtesies.append(row)
            subjects += [(row, drug) for drug in courtesy.drugs]
            continue
        begin = 0
        if bullet := _BULLET.match(plain):
            number = int(bullet["number"] or 0)
            is_decimal = number and plain[bullet.end() :][:1].isdigit() and not is_list
            if not is_decimal and (not number or number in (1, numbered + 1)):
                begin, after = bullet.end(), "mark"
                numbered = number or numbered
        for piece in _pieces(row, plain, begin):
            if not piece.text:
                after = after if after == "then" else "mark"
            elif piece.text == "then":
                if waiting is not None:
                    bad.append(_nothing_after(waiting))
                waiting, after = piece, "then"
            else:
                clauses.append(replace(piece, after=after))
                waiting, after = None, "line"
            if len(clauses) + len(bad) > MOST_CLAUSES:
                return Cuts((), (), (_too_large(f"The text has more than {MOST_CLAUSES} clauses.", row),))
    if waiting is not None:
        bad.append(_nothing_after(waiting))
    return Cuts(tuple(clauses), tuple(courtesies), tuple(bad), tuple(subjects))


def _plain(line: str) -> str:
    """The line with plain spaces and dashes, every character in its place."""
    return "".join(" " if c.isspace() else c for c in line).translate(_DASHES)


def _is_list(text: str) -> bool:
    """Whether numbered lines begin 1., 2.: a lone "1. 5 mg" could be a decimal with a gap in it."""
    numbers = [found["number"] for line in text.splitlines() if (found := _BULLET.match(line))]
    return {"1", "2"} <= set(numbers)


def _pieces(row: int, line: str, begin: int) -> Iterator[Clause]:
    """Clauses in order and what stands between them: "then", or an empty clause for a mark."""
    start = begin
    for found in _CUT.finditer(line, begin):
        if not _is_cut(line, start, found):
            continue
        if piece := _clause(row, line, start, found.start()):
            yield piece
        yield Clause(row, found.start() + 1, found.end(), "then" if found["then"] else "")
        start = found.end()
    if piece := _clause(row, line, start, len(line)):
        yield piece


def _is_cut(line: str, start: int, found: re.Match[str]) -> bool:
    if found["comma"] is not None:
        return bool(_ENDS_IN_LENGTH.search(line[max(start, found.start() - 50) : found.start()]))
    if found["stop"]:
        after = line[found.end() : found.end() + 10].lstrip()
        if after and _DOTTED.search(line[max(start, found.start() - 10) : found.start()]):
            return after[0].isupper()
    return True


def _clause(row: int, line: str, start: int, end: int) -> Clause | None:
    while start < end and line[start] in " ,":
        start += 1
    while end > start and line[end - 1] in " ,":
        end -= 1
    return Clause(row, start + 1, end, line[start:end]) if start < end else None


def _hidden(row: int, line: str) -> Unreadable | None:
    if left_out := _LEFT_OUT.search(line):
        return Unreadable(
            row=row,
            column=f"characters {left_out.start() + 1}-{left_out.end()}",
            code="SIG_UNREADABLE",
            says="Dots show that something is left out.",
            fix="Write every step.",
        )
    for place, character in enumerate(line, 1):
        if character != "\t" and unicodedata.category(character)[0] == "C":
            return Unreadable(
                row=row,
                column=f"characters {place}-{place}",
                code="SIG_UNREADABLE",
                says="The line holds a character that cannot be seen.",
                fix="Type the line again in plain letters and digits.",
            )
    return None


def _nothing_after(then: Clause) -> Unreadable:
    return Unreadable(
        row=then.row,
        column=then.column,
        code="SIG_UNREADABLE",
        says="Nothing follows this 'then'.",
        fix="Write what comes next, or leave the word out.",
    )


def _too_large(says: str, row: int = 0) -> Unreadable:
    return Unreadable(row=row, column="text", code="INPUT_TOO_LARGE", says=says, fix="Paste only the schedule.")
