"""From the text of a line to its pieces: known phrases, drug names, numbers with their units, and what is left.

Nothing is dropped here but filler, and nothing fails but a text that is empty, too long or holds hidden characters.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from glidepath.dosing.sig_words import (
    FRACTION_SIGNS,
    NUMBER_WORDS,
    DrugWord,
    FormWord,
    Kind,
    Meaning,
    Time,
    When,
    every_hours,
    known_phrases,
    often,
)
from glidepath.errors import InputError
from glidepath.facts.formulary import Formulary

LONGEST_LINE = 500

Phrase = tuple[tuple[str, ...], Kind, Meaning]

# A part of a continental scheme such as 1-0-1, ½-0-1 or 0.5-0-1.
_PART = r"(?:\d+[½¼¾]|\d+/\d+|\d+[.,]\d+|\d+|[½¼¾])"
_WORDS = re.compile(
    rf"""
      (?P<scheme>{_PART}(?:\s?-\s?{_PART}){{2,3}}(?![\d/.,]*\d)(?!\s?-\s?\d))
    | (?P<clock>\d{{1,2}}:\d{{2}}(?!\d))
    | (?P<fraction>\d+/\d+(?![\d.,]*\d))
    | (?P<number>(?:(?<![\w.])-|(?<![\w.])\.)?\d(?:[\d_]|[.,](?=\d))*(?:\.(?=\s*[^\W\d_]))?(?:[eE][+-]?\d+(?!\w*\d))?)
    | (?P<dotted>(?:[^\W\d_]\.){{2,}}[^\W\d_]?(?![^\W\d_])|(?:[^\W\d_]\.)+[^\W\d_](?![^\W\d_]))
    | (?P<word>[^\W\d_]+(?:'[^\W\d_]+)?)
    | (?P<sign>[^\s]|\n)
    """,
    re.VERBOSE,
)
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−", "-"))
_JOINED_WORDS = re.compile(r"(?<=[A-Za-z])_(?=[A-Za-z])")
_NOT_FINITE = {"nan", "inf", "infinity"}
_HOURS_WORD = re.compile(r"q\s?(\d{1,2})\s?(?:hours|hour|hrs|hr|h)\b", re.ASCII)


@dataclass(frozen=True, slots=True)
class Word:
    """One word, number or sign of the line, in lower case, and where it stands (from 0)."""

    text: str
    start: int
    end: int
    kind: str


@dataclass(frozen=True, slots=True)
class Piece:
    """Something with a meaning of its own. `text` is as typed, `number` an exact value in the unit of its kind.

    mg for an amount or strength, mg per mL for a concentration, mL for a volume, units for a count.
    """

    kind: Kind
    text: str
    start: int
    end: int
    meaning: Meaning = None
    number: Fraction | None = None
    forms: tuple[FormWord, ...] = ()
    scheme: tuple[Fraction, ...] = ()

    @property
    def where(self) -> str:
        return f"'{shown(self.text)}' at character {self.start + 1}"


def shown(text: str) -> str:
    """Typed words made safe to print: at most 40 characters, none of them a control character."""
    plain = "".join(c if c.isprintable() else "?" for c in text)
    return plain if len(plain) <= 40 else plain[:37] + "..."


def check_text(text: str) -> str:
    """The line with plain spaces and dashes; refuses what is empty, too long, or holds hidden characters."""
    if not isinstance(text, str) or not text.strip():
        raise InputError(
            "SIG_EMPTY",
            "There is no line to read.",
            field="sig",
            fix="Write what is taken, for example: clonazepam 1 mg twice daily.",
        )
    if len(text) > LONGEST_LINE:
        raise unreadable(f"The line is longer than {LONGEST_LINE} characters.", text)
    for place, character in enumerate(text):
        if unicodedata.category(character)[0] == "C" and character not in "\n\t\r":
            name = unicodedata.name(character, f"U+{ord(character):04X}")
            raise unreadable(
                "The line holds a character that cannot be seen.",
                text,
                details=(f"{name} at character {place + 1}",),
                fix="Type the line again in plain letters and digits.",
            )
    spaced = "".join(" " if c.isspace() and c != "\n" else c for c in text)
    # A drug's key may be written with its underscore; in a number an underscore stays and is refused.
    return _JOINED_WORDS.sub(" ", spaced.translate(_DASHES))


def unreadable(
    message: str,
    seen: object,
    *,
    details: tuple[str, ...] = (),
    fix: str = "Write drug, dose with its unit, and times: clonazepam 1 mg in the morning and 2 mg at night.",
) -> InputError:
    """The error for what cannot be read as it stands; nothing is guessed."""
    return InputError("SIG_UNREADABLE", message, field="sig", fix=fix, seen=seen, details=details)


def cut_words(line: str) -> list[Word]:
    """Cut a checked line into words, numbers and signs. Never fails."""
    words: list[Word] = []
    at = 0
    while at < len(line):
        if hours := _HOURS_WORD.match(line.lower(), at):
            whole = at == 0 or not (line[at - 1].isalnum() or line[at - 1] in "._")
            if whole:
                words += [
                    Word("q", at, at + 1, "word"),
                    Word(hours[1], hours.start(1), hours.end(1), "number"),
                    Word("h", hours.end(1), hours.end(), "word"),
                ]
                at = hours.end()
                continue
        match = _WORDS.match(line, at)
        if match is None:
            at += 1
            continue
        kind = match.lastgroup or "sign"
        text = match[0].lower()
        if kind == "dotted":
            text, kind = text.replace(".", ""), "word"
        if kind == "word" and text in _NOT_FINITE:
            kind = "number"
        if kind == "sign" and text in FRACTION_SIGNS:
            kind = "word"
        words.append(Word(text, match.start(), match.end(), kind))
        at = match.end()
    return words


@lru_cache(maxsize=1)
def _phrases_by_first_word() -> Mapping[str, tuple[Phrase, ...]]:
    return _by_first_word(known_phrases())


def _by_first_word(
    phrases: Mapping[tuple[str, ...], tuple[Kind, Meaning]],
) -> Mapping[str, tuple[Phrase, ...]]:
    index: dict[str, list[Phrase]] = {}
    for words, (kind, meaning) in phrases.items():
        index.setdefault(words[0], []).append((words, kind, meaning))
    return {first: tuple(sorted(some, key=lambda s: -len(s[0]))) for first, some in index.items()}


@lru_cache(maxsize=4)
def drug_phrases(formulary: Formulary) -> Mapping[str, tuple[Phrase, ...]]:
    """Every drug and brand name as words, with the release that a brand name carries."""
    phrases: dict[tuple[str, ...], tuple[Kind, Meaning]] = {}
    for name, known in formulary.names.items():
        words = cut_words(name.replace("_", " "))
        meaning = DrugWord(known.drug, known.release or "")
        phrases[tuple(word.text for word in words)] = (Kind.DRUG, meaning)
        # "midazolam (oral)" is written without the brackets too.
        if plain := tuple(word.text for word in words if word.kind == "word"):
            phrases[plain] = (Kind.DRUG, meaning)
    return _by_first_word(phrases)


def find_pieces(line: str, formulary: Formulary) -> list[Piece]:
    """The pieces of a checked line in their order, by the longest phrase at each place. Never fails."""
    words = cut_words(re.sub(r"\((s)\)", r"   ", line, flags=re.IGNORECASE))
    drugs = drug_phrases(formulary)
    pieces: list[Piece] = []
    at = 0
    while at < len(words):
        piece, used = _piece_at(words, at, line, drugs)
        at += used
        if piece.kind is not Kind.FILLER:
            pieces.append(piece)
    return pieces


def _piece_at(
    words: list[Word],
    at: int,
    line: str,
    drugs: Mapping[str, tuple[Phrase, ...]],
) -> tuple[Piece, int]:
    first = words[at]
    if first.kind in ("scheme", "clock"):
        kind = Kind.SCHEME if first.kind == "scheme" else Kind.CLOCK
        return Piece(kind, first.text, first.start, first.end), 1
    best: tuple[int, Kind, Meaning] | None = None
    known = _phrases_by_first_word()
    numeric = first.kind in ("number", "fraction") or first.text in NUMBER_WORDS
    options = drugs.get(first.text, ()) + known.get(first.text, ()) + (known.get("#", ()) if numeric else ())
    for phrase, kind, meaning in options:
        used = _match(words, at, phrase)
        if used and (best is None or used > best[0]):
            best = (used, kind, meaning)
    if best is not None and (best[0] > 1 or not numeric):
        used, kind, meaning = best
        text = line[first.start : words[at + used - 1].end]
        if isinstance(meaning, Time) and meaning.count < 0:
            meaning = _numbered_time(meaning, words[at : at + used])
        return Piece(kind, text, first.start, words[at + used - 1].end, meaning), used
    if numeric:
        return _mixed_number(words, at, line)
    return Piece(Kind.LEFT_OVER, line[first.start : first.end], first.start, first.end), 1


def _match(words: list[Word], at: int, phrase: tuple[str, ...]) -> int:
    """How many words the phrase takes here; 0 when it does not match. A hyphen may join its words."""
    place = at
    for index, wanted in enumerate(phrase):
        if index and place + 1 < len(words) and _hyphen(words, place) and wanted != "-":
            place += 1
        if place >= len(words):
            return 0
        word = words[place]
        if wanted == "#":
            if word.kind != "number" and word.text not in NUMBER_WORDS:
                return 0
        elif word.text != wanted or word.kind not in ("word", "sign"):
            return 0
        place += 1
    return place - at


def _hyphen(words: list[Word], place: int) -> bool:
    word = words[place]
    return word.text == "-" and words[place - 1].end == word.start and words[place + 1].start == word.end


def _numbered_time(time: Time, words: list[Word]) -> Time:
    said = next(w.text for w in words if w.kind == "number" or w.text in NUMBER_WORDS)
    whole = NUMBER_WORDS.get(said) or (int(said) if said.isascii() and said.isdigit() and len(said) < 4 else 0)
    if time.when is When.DIVIDED:
        return Time(When.DIVIDED, count=whole)
    if not whole:
        return Time(When.OFTEN)
    return often(whole) if time.count == -1 else every_hours(whole)


def _mixed_number(words: list[Word], at: int, line: str) -> tuple[Piece, int]:
    """A number, also as words and with a fraction after it: 2, two, 1/2, 1½, one and a half."""
    first = words[at]
    rest = [word.text for word in words[at + 1 : at + 5]]
    used = 1
    value: Fraction | None = None
    whole = NUMBER_WORDS.get(first.text)
    if whole is None and first.kind == "number" and first.text.isascii() and first.text.isdigit():
        whole = int(first.text[:8])
    if first.kind == "fraction":
        value = part_of_one(first.text)
    elif first.text in NUMBER_WORDS:
        value = Fraction(NUMBER_WORDS[first.text])
    if whole is not None and first.kind != "fraction":
        for tail in (("and", "a", "half"), ("and", "half"), ("&", "a", "half")):
            if tuple(rest[: len(tail)]) == tail:
                used, value = 1 + len(tail), whole + Fraction(1, 2)
                break
        else:
            if rest and rest[0] in FRACTION_SIGNS:
                used, value = 2, whole + FRACTION_SIGNS[rest[0]]
            elif rest and words[at + 1].kind == "fraction" and (part := part_of_one(rest[0])) and part < 1:
                used, value = 2, whole + part
    end = words[at + used - 1].end
    text = line[first.start : end]
    if value is None and first.kind == "fraction":
        return Piece(Kind.LEFT_OVER, text, first.start, end), used
    return Piece(Kind.NUMBER, text, first.start, end, value), used


def part_of_one(text: str) -> Fraction | None:
    """A half, a quarter or three quarters; other fractions are not parts of a tablet that is read here."""
    over, under = text.split("/")
    return {"1/2": Fraction(1, 2), "1/4": Fraction(1, 4), "3/4": Fraction(3, 4)}.get(f"{over}/{under}")
