"""Laws of reading a letter: what was written comes back, any text is read or refused, and nothing is dropped."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from glidepath.checker.letter import read_letter
from glidepath.errors import CODES
from glidepath.facts.formulary import load_formulary
from glidepath.quantity import exact_decimal

FORMULARY = load_formulary()
SLOTS = {
    "morning": ["in the morning", "mane"],
    "noon": ["at noon"],
    "evening": ["in the evening"],
    "night": ["at night", "nocte"],
}
doses = st.integers(1, 4000).map(lambda n: Fraction(n, 100))
days_of = st.dictionaries(st.sampled_from(list(SLOTS)), doses, min_size=1, max_size=4)
VOCABULARY = (
    "diazepam lorazepam then stop reduce by to every week weekly 2 weeks for mg 5 0.5 10 % bd nocte daily a day hold "
    "Week 1: 3 - x 2/52 and , . ; \n ( ) from 2027-01-04 increase currently supply 28 tablets starting dose of the "
    "quarter month prn or if 1,5 until Dear regards"
)
WORDS = VOCABULARY.split(" ")


def length(days: int, choice: int) -> str:
    if days % 7 == 0 and choice:
        return [f"for {days // 7} weeks", f"x {days // 7}/52", f"for the next {days // 7} weeks"][choice % 3]
    return [f"for {days} days", f"x {days} days", f"{days}/7" if days > 7 else f"for {days}/7"][choice % 3]


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from(FORMULARY.drug_names),
    st.lists(st.tuples(days_of, st.integers(1, 40), st.integers(0, 5)), min_size=1, max_size=8),
    st.booleans(),
)
def test_a_taper_written_out_reads_back_to_the_same_doses_and_days(
    drug: str, steps: list[tuple[dict[str, Fraction], int, int]], stops: bool
) -> None:
    clauses = []
    for number, (day, days, choice) in enumerate(steps):
        said = " and ".join(
            f"{exact_decimal(mg)} mg {SLOTS[slot][choice % len(SLOTS[slot])]}" for slot, mg in day.items()
        )
        name = drug.replace("_", " ") + " " if number == 0 or choice == 3 else ""
        clauses.append(f"{name}{said} {length(days, choice)}")
    text = [", then ", "; then ", ".\nThen ", "\nthen "][steps[0][2] % 4].join([*clauses, *(["stop"] if stops else [])])
    taper, bad = read_letter(text, FORMULARY)
    assert taper is not None, (text, bad)
    first = 1
    for span, (day, days, _) in zip(taper.spans, steps, strict=False):
        assert (span.first, span.days) == (first, days)
        assert {entry.time: entry.dose for entry in span.entries} == day
        assert {entry.drug for entry in span.entries} == {drug}
        first += days
    rest = taper.spans[len(steps) :]
    assert [(span.first, span.total(drug)) for span in rest] == ([(first, 0)] if stops else [])


@settings(max_examples=200, deadline=None)
@given(st.integers(1, 400), st.integers(1, 400), st.integers(0, 400), st.integers(1, 30))
def test_a_rule_gives_the_doses_of_simple_subtraction(start: int, step: int, end: int, every: int) -> None:
    text = f"diazepam {exact_decimal(Fraction(start, 10))} mg daily. Reduce by {exact_decimal(Fraction(step, 10))} mg "
    text += f"every {every} days to " + (f"{exact_decimal(Fraction(end, 10))} mg" if end else "zero")
    taper, bad = read_letter(text, FORMULARY)
    if step > start or end >= start or (start - end) * every > 3660 * step:
        assert taper is None or taper.days <= 3660
        return
    want = [*(Fraction(mg, 10) for mg in range(start - step, end, -step)), Fraction(end, 10)]
    if sum(every if mg else 1 for mg in want) > 3660:
        return
    assert taper is not None, (text, bad)
    assert [span.total("diazepam") for span in taper.spans] == want
    assert [span.days for span in taper.spans] == [every if mg else 1 for mg in want]


_TWO = st.lists(st.sampled_from(list(SLOTS)), min_size=1, max_size=2, unique=True)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from([("bd", 2), ("tds", 3), ("qds", 4)]), doses, _TWO, st.integers(1, 4))
def test_assumed_times_move_without_changing_a_dose_or_a_day(
    often: tuple[str, int], dose: Fraction, slots: list[str], steps: int
) -> None:
    mg = exact_decimal(dose)
    named = " and ".join(f"{mg} mg {SLOTS[slot][0]}" for slot in slots)
    clauses = [f"{mg} mg {often[0]} for 1 week"] * steps + [f"{named} for 1 week"]
    taper, bad = read_letter(f"diazepam {', then '.join(clauses)}", FORMULARY)
    assert taper is not None, bad
    for span in taper.spans[:steps]:
        assert span.total("diazepam") == dose * often[1]
        assert {entry.time for entry in span.entries} >= set(slots)
        assert len({entry.time for entry in span.entries}) == len(span.entries) == often[1]


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from(["Dear ", "Kind regards ", "Many thanks, ", "Re: ", "Thank you. ", "Dear Dr "]),
    # One letter alone is an initial.
    st.lists(st.sampled_from([w for w in WORDS if w.isalpha() and len(w) > 1]), min_size=1, max_size=5),
)
def test_no_word_of_a_schedule_hides_in_a_courtesy(opening: str, words: list[str]) -> None:
    line = opening + " ".join(words).title()
    taper, _ = read_letter(f"{line}\ndiazepam 10 mg at night for 2 weeks", FORMULARY)
    harmless = (opening == "Re: " and set(words) <= {"diazepam", "of"}) or words == ["regards"]
    assert taper is None or harmless, line


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=300), st.booleans())
def test_any_text_is_read_or_refused_by_name(text: str, comma: bool) -> None:
    taper, bad = read_letter(text, FORMULARY, comma=comma)
    assert (taper is None) == bool(bad)
    assert all(each.code in CODES and each.says for each in bad)


@settings(max_examples=500, deadline=None)
@given(st.lists(st.sampled_from(WORDS), max_size=40), st.sampled_from([None, "diazepam"]))
def test_any_shuffle_of_the_vocabulary_is_read_or_refused(words: list[str], drug: str | None) -> None:
    taper, bad = read_letter(" ".join(words), FORMULARY, drug=drug, dates="dmy")
    assert (taper is None) == bool(bad)
    if taper is not None:
        lasts = [0, *(span.last for span in taper.spans)]
        assert all(span.first > last for span, last in zip(taper.spans, lasts, strict=False))
        assert all(len(span.rows) == len(span.entries) > 0 and span.days > 0 for span in taper.spans)


@settings(max_examples=300, deadline=None)
@given(st.text("abcdefghijklmnopqrstuvwxyzéß%()?!#", min_size=1, max_size=12), st.integers(0, 30), st.data())
def test_a_word_slipped_in_is_read_as_something_or_stops_the_reading(word: str, at: int, data: st.DataObject) -> None:
    text = (
        "diazepam 10 mg bd for 2 weeks , then 9 mg bd for 2 weeks , then reduce by 1 mg every week to 5 mg , then stop"
    )
    words = text.split(" ")
    words.insert(at % (len(words) + 1), f"q{word}zq")
    taper, bad = read_letter(" ".join(words), FORMULARY)
    assert taper is None
    assert bad
