"""Which lines of a letter may be passed over: greetings, closings, headings and subjects, by a list that is closed.

The whole line must be of the list. A line with anything more is read like every other, and so stops the reading.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from glidepath.checker.letter_words import FLAGS
from glidepath.dosing.sig_pieces import find_pieces
from glidepath.dosing.sig_words import DrugWord, Kind, known_phrases
from glidepath.facts.formulary import Formulary

_END = r"\s*[,.:;!]*\s*$"
_TITLE = r"(?:dr|doctor|mr|mrs|ms|miss|mx|prof|professor)\b\.?"
_GROUP = r"(?:colleagues?|team|pharmacists?|doctors?|sirs?|madam|sir\s+or\s+madam|sir\s?/\s?madam|all|dr|gp)"
_NAMES = (
    r"(?P<names>[^\W\d_][^\W\d_'’.-]*(?:[-'’.][^\W\d_'’.-]*)*(?:\s+[^\W\d_][^\W\d_'’.-]*(?:[-'’.][^\W\d_'’.-]*)*){0,2})"
)
_CLOSING = (
    r"(?:yours(?:\s+(?:sincerely|faithfully|truly))?|sincerely|(?:with\s+)?(?:kind(?:est)?|best|warm)\s+(?:regards|wishes)"
    r"|regards|(?:many\s+)?thanks|thank\s+you)"
)
_PLAIN = re.compile(
    rf"\s*(?:dear\s+{_GROUP}|{_CLOSING}(?:\s*[.,]\s*{_CLOSING})?"
    rf"|(?:(?:taper(?:ing)?|reduction|dose\s+reduction)\s+)?(?:plan|schedule)|taper){_END}",
    FLAGS,
)
_NAMED = re.compile(rf"\s*(?:dear(?:\s+{_TITLE})?|{_CLOSING}\s*,?\s*{_TITLE})\s+{_NAMES}{_END}", re.IGNORECASE)
_SUBJECT = re.compile(rf"\s*(?:re|subject)\s*:\s*(?P<words>[a-z][a-z -]*?){_END}", FLAGS)
_SUBJECT_WORDS = "taper tapering reduction withdrawal benzodiazepine benzodiazepines plan schedule of"
_MOST_SUBJECT_WORDS = 6
_PARTICLES = "van von de der den del la le el al bin da di du"
# Capitals do not make a name of these: an order could hide after a greeting.
_NOT_NAMES = """
    a about above add additional advice advised after again all alone also alternate alternately always and another
    any as ask at avoid away back before beginning below both but by call capsule capsules carry cease change check
    continue continued continuing crush currently cut daily dear decrease decreasing discontinue dispense divide do
    dose doses dosing double drop drops drug drugs each either else end even ever except extra far few final finish
    first follow for former friday fridays from full give given gram grams half halve halved has have hold holiday
    hour hourly hours if ignore in increase increasing instead intake intakes into issue it its just keep last later
    latter least leave less lesser line listed loading lower maximum maybe mcg medication medicine medicines mg mgs
    microgram micrograms mid milligram milligrams minimum minus miss ml mls monday mondays month monthly months more
    most my need never new next night nightly nights nil no none nonstop not note nothing now of off old omit on
    once only opposite or other otherwise our out over overleaf page part patient per percent pill pills please plus
    previous previously prn quantity quarter quickly raise rate read reduce reduced reducing reduction regards
    repeat rest restart reverse review same saturday saturdays see separately skip slow slower slowly some soon
    split start started starting stop stopped stopping sunday sundays supply switch tablet tablets take taken taper
    tapering temporarily than thanks that the them then there these they third this those though thrice thursday
    thursdays times to today together tomorrow too triple tuesday tuesdays twice two under unless unlike until up
    urgent use usual usually various very wait was wean weaning wednesday wednesdays week weekday weekdays weekend
    weekends weekly weeks were what when whenever where which while will with without wrong yesterday yet you your
    zero
"""


@dataclass(frozen=True, slots=True)
class Courtesy:
    """A line that is passed over. `drugs` are those that a subject line names: the taper must be of them."""

    drugs: tuple[str, ...] = ()


def courtesy_in(line: str, formulary: Formulary) -> Courtesy | None:
    """The line as a courtesy, or None where it may say anything else."""
    if len(line) > 120:
        return None
    if _PLAIN.match(line):
        return Courtesy()
    if (found := _NAMED.match(line)) and all(_is_name(word, formulary) for word in found["names"].split()):
        return Courtesy()
    if found := _SUBJECT.match(line):
        return _subject(found["words"], formulary)
    return None


@lru_cache(maxsize=1)
def _not_names() -> frozenset[str]:
    """The words above, and every word with a meaning in a line that says what is taken."""
    known = {word for phrase in known_phrases() for word in phrase if len(word) > 1}
    return frozenset(known | set(_NOT_NAMES.split())) - {"a"}


def _is_name(word: str, formulary: Formulary) -> bool:
    """Whether a word is written as a name is, and is none that this program or a schedule knows."""
    bare = word.strip(".'’-")
    plain = bare.lower()
    if plain in _PARTICLES.split():
        return True
    if not 1 <= len(bare) <= 20 or not bare[0].isupper():
        return False
    parts = [part for part in re.split(r"[-'’.]", plain) if part]
    if not _not_names().isdisjoint((plain, *parts)):
        return False
    if any(formulary.lookalike(part) or formulary.near_names(part) for part in (plain, *parts)):
        return False
    return all(piece.kind in (Kind.LEFT_OVER, Kind.COMMA, Kind.DASH) for piece in find_pieces(word, formulary))


def _subject(words: str, formulary: Formulary) -> Courtesy | None:
    said = re.split(r"[\s-]+", words.strip(" -"))
    drugs: list[str] = []
    for word in said:
        if word.lower() in _SUBJECT_WORDS.split():
            continue
        pieces = find_pieces(word, formulary)
        if len(pieces) != 1 or not isinstance(pieces[0].meaning, DrugWord):
            return None
        drugs.append(pieces[0].meaning.drug)
    return Courtesy(tuple(drugs)) if len(said) <= _MOST_SUBJECT_WORDS else None
