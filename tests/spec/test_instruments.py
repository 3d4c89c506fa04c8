"""What the instruments make of answers: totals, bands, missing items, and safety whatever the total."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from glidepath.errors import FactsError, InputError
from glidepath.facts.formulary import PACKAGED, load_formulary
from glidepath.facts.instrument import Scoring
from glidepath.facts.instruments import instruments_from, load_instruments
from glidepath.facts.red_flags import load_red_flags
from glidepath.guidance.finding import Severity
from glidepath.monitor.escalation import Kind, escalations
from glidepath.patient.instruments import Given, Score, Unanswered, safety_signs, score
from glidepath.patient.person import Answer

LOADED = load_instruments()
UNKNOWN, NOT_ASKED = Unanswered.UNKNOWN, Unanswered.NOT_ASKED
YES, NO = Answer.YES, Answer.NO


def phq(*given: Given) -> Score:
    """PHQ-9 answers in order; what is left out was not asked."""
    return score(LOADED["phq-9"], {f"phq9-{n}": g for n, g in enumerate(given, start=1)})


def gad(*given: Given) -> Score:
    return score(LOADED["gad-7"], {f"gad7-{n}": g for n, g in enumerate(given, start=1)})


def asq(*given: Given) -> Score:
    return score(LOADED["asq"], {f"asq-{n}": g for n, g in enumerate(given, start=1)})


def with_total(instrument: str, total: int) -> str | None:
    """The band of a total that is spread over the items from the first on."""
    items = LOADED[instrument].items
    answers = {item.id: max(0, min(3, total - 3 * n)) for n, item in enumerate(items)}
    found = score(LOADED[instrument], answers)
    assert found.total == total
    return found.result


PHQ_BANDS = {
    "minimal": range(0, 5),
    "mild": range(5, 10),
    "moderate": range(10, 15),
    "moderately severe": range(15, 20),
    "severe": range(20, 28),
}
GAD_BANDS = {"minimal": range(0, 5), "mild": range(5, 10), "moderate": range(10, 15), "severe": range(15, 22)}


@pytest.mark.parametrize(("instrument", "bands"), [("phq-9", PHQ_BANDS), ("gad-7", GAD_BANDS)])
def test_every_total_has_its_band(instrument: str, bands: dict[str, range]) -> None:
    for name, totals in bands.items():
        assert {with_total(instrument, total) for total in totals} == {name}
    assert LOADED[instrument].highest == max(t for totals in bands.values() for t in totals)


def test_the_items_are_all_there_word_for_word() -> None:
    assert len(LOADED["phq-9"].items) == 9 and len(LOADED["gad-7"].items) == 7 and len(LOADED["asq"].items) == 5
    assert LOADED["phq-9"].choices == ("Not at all", "Several days", "More than half the days", "Nearly every day")
    assert LOADED["gad-7"].choices == LOADED["phq-9"].choices
    assert LOADED["phq-9"].items[8].text == (
        "Thoughts that you would be better off dead or of hurting yourself in some way"
    )
    assert LOADED["gad-7"].items[6].text == "Feeling afraid as if something awful might happen"
    assert LOADED["asq"].items[4].text == "Are you having thoughts of killing yourself right now?"


# missing items -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "total", "exact"),
    [
        ((1, 1, 1, 1, 1, 1, 1, UNKNOWN, 0), 8, Fraction(63, 8)),
        ((1, 1, 1, 1, 1, 1, UNKNOWN, NOT_ASKED, 1), 9, Fraction(9)),
        ((3, 3, 3, 3, 3, 3, 3, UNKNOWN, 3), 27, Fraction(27)),
        ((2, 2, 2, 2, 2, 2, UNKNOWN, UNKNOWN, 2), 18, Fraction(18)),
        ((0, 0, 0, 0, 0, 0, 1, UNKNOWN, 3), 5, Fraction(9, 2)),  # a half goes up
    ],
)
def test_up_to_two_missing_phq_items_are_taken_at_the_mean(
    given: tuple[Given, ...], total: int, exact: Fraction
) -> None:
    found = phq(*given)
    assert (found.total, found.exact, found.prorated) == (total, exact, True)
    answered = 9 - len(found.unknown) - len(found.not_asked)
    assert found.result is not None and found.result.endswith(f"(prorated from {answered} of 9 items)")
    assert found.result in found.says


def test_three_missing_phq_items_give_no_total() -> None:
    found = phq(3, 3, 3, 3, 3, UNKNOWN, UNKNOWN, NOT_ASKED, 0)
    assert (found.total, found.exact, found.result) == (None, None, None)
    assert found.says == "PHQ-9: cannot be scored; 6 of 9 items answered"


def test_item_nine_is_never_taken_at_a_mean_and_its_silence_is_a_finding() -> None:
    for silence in (UNKNOWN, NOT_ASKED):
        found = phq(0, 0, 0, 0, 0, 0, 0, 0, silence)
        assert found.total is None
        (sign,) = found.safety
        assert (sign.told, sign.flag, sign.finding.severity) == (False, "RF-05", Severity.NOT_ASSESSABLE)


def test_gad_seven_takes_two_missing_items_at_the_mean_and_no_more() -> None:
    assert (gad(3, 3, 3, 3, 3, UNKNOWN, UNKNOWN).total, gad(3, 3, 3, 3, UNKNOWN, UNKNOWN, UNKNOWN).total) == (21, None)
    assert gad(1, 1, 1, 1, 1, 0, UNKNOWN).exact == Fraction(35, 6)
    rule = LOADED["gad-7"].missing
    assert rule is not None and rule.status == "project_proposal"


def test_unknown_and_not_asked_are_kept_apart() -> None:
    found = gad(1, UNKNOWN, NOT_ASKED, 1, 1, 1)
    assert (found.unknown, found.not_asked) == (("gad7-2",), ("gad7-3", "gad7-7"))
    assert found.total is None


def test_nothing_answered_is_nothing_scored() -> None:
    for instrument in LOADED.by_id.values():
        found = score(instrument, {})
        assert (found.total, found.result, found.values) == (None, None, {})
        assert len(found.not_asked) == len(instrument.items)


# safety --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("value", [1, 2, 3])
@pytest.mark.parametrize("others", [0, 3, UNKNOWN])
def test_item_nine_above_zero_is_a_finding_whatever_the_total(value: int, others: Given) -> None:
    (sign,) = phq(*[others] * 8, value).safety
    assert (sign.told, sign.flag, sign.finding.severity) == (True, "RF-05", Severity.SPECIALIST)


def test_item_nine_at_zero_is_no_finding() -> None:
    assert phq(*[3] * 8, 0).findings == ()


# answers 1 to 5 -> what came out, the flags that were told, the flags that could not be told
ASQ_TABLE = [
    ((NO, NO, NO, NO), "negative screen", [], []),
    ((NO, NO, NO, NO, NO), "negative screen", [], []),
    ((YES, NO, NO, NO, NO), "positive screen", ["RF-05"], []),
    ((NO, YES, NO, NO, NO), "positive screen", ["RF-05"], []),
    ((NO, NO, YES, NO, NO), "positive screen", ["RF-05"], []),
    ((NO, NO, NO, YES, NO), "positive screen", ["RF-05"], []),
    ((YES, NO, NO, NO, YES), "acute positive screen, imminent risk", ["RF-05", "RF-04"], []),
    ((NO, NO, NO, NO, YES), "acute positive screen, imminent risk", ["RF-04"], []),
    (
        (YES, NO, NO, NO),
        "positive screen; acute positive screen, imminent risk could not be told",
        ["RF-05"],
        ["RF-04"],
    ),
    ((NO, UNKNOWN, NO, NO, NO), "positive screen", ["RF-05"], []),  # asked and not answered counts as a yes
    ((NO, NO, NO), None, [], ["RF-05"]),
    ((), None, [], ["RF-05"]),
]


@pytest.mark.parametrize(("given", "result", "told", "silent"), ASQ_TABLE)
def test_the_asq(given: tuple[Given, ...], result: str | None, told: list[str], silent: list[str]) -> None:
    found = asq(*given)
    assert (found.result, found.total) == (result, None)
    assert [s.flag for s in found.safety if s.told] == told
    assert [s.flag for s in found.safety if not s.told] == silent


def test_imminent_risk_is_the_gravest_finding() -> None:
    assert asq(YES, NO, NO, NO, YES).findings[1].severity is Severity.INPATIENT


def test_what_an_instrument_finds_is_escalated_whatever_was_answered_to_the_flags() -> None:
    flags = load_red_flags()
    no = {flag.key: "no" for flag in flags}
    item_nine = escalations(no, flags, None, phq(0, 0, 0, 0, 0, 0, 0, 0, 1).safety)
    assert [(e.id, e.kind, e.by_when) for e in item_nine] == [("RF-05", Kind.RAISED, "same day")]
    silent = escalations(no, flags, None, phq(0, 0, 0, 0, 0, 0, 0, 0, UNKNOWN).safety)
    assert [(e.id, e.kind) for e in silent] == [("RF-05", Kind.UNANSWERED)]
    acute = escalations(no, flags, None, asq(YES, NO, NO, NO, YES).safety)
    assert [(e.id, e.by_when) for e in acute] == [("RF-04", "immediate"), ("RF-05", "same day")]
    assert acute[0].emergency is not None


def test_safety_needs_no_score() -> None:
    assert [s.told for s in safety_signs(LOADED["phq-9"], {"phq9-9": 2})] == [True]


def test_every_safety_rule_names_a_red_flag_that_there_is() -> None:
    ids = {flag.id for flag in load_red_flags()}
    assert {rule.flag for i in LOADED.by_id.values() for rule in i.safety} <= ids


# own, and totals only ------------------------------------------------------------------------------------------------


def test_daily_ratings_and_sleep_diary_are_ours_not_validated_and_never_summed() -> None:
    for name, size in (("daily-ratings", 4), ("sleep-diary", 6)):
        own = LOADED[name]
        assert own.own and not own.verified and own.status == "project_proposal" and len(own.items) == size
        assert own.sources == ("PROJECT",) and "Not validated" in own.licence.note
        found = score(own, {item.id: item.highest for item in own.items})
        assert (found.total, found.result, found.highest) == (None, None, None)
        assert found.says.endswith("no total is made")
    assert {(i.lowest, i.highest) for i in LOADED["daily-ratings"].items} == {(0, 10)}
    assert all(i.low_end and i.high_end for i in LOADED["daily-ratings"].items)


SLOTS = {"sds": 15, "ciwa-b": 80, "bwsq": 40, "pwc-20": 60, "isi": 28, "c-ssrs": 3}


@pytest.mark.parametrize(("name", "highest"), SLOTS.items())
def test_a_place_for_a_total_has_no_words_of_the_instrument(name: str, highest: int) -> None:
    slot = LOADED[name]
    assert slot.scoring is Scoring.TOTAL_ONLY and not slot.licence.item_text and not slot.verified
    (item,) = slot.items
    assert score(slot, {item.id: highest}).total == highest
    with pytest.raises(InputError):
        score(slot, {item.id: highest + 1})


def test_only_published_cut_offs_are_used() -> None:
    assert [score(LOADED["sds"], {"total": n}).result for n in (6, 7)] == [
        "below the published cut-off",
        "at or above the published cut-off of 7",
    ]
    isi = LOADED["isi"]
    assert isi.bands is not None and isi.bands.status == "from_knowledge"
    assert [score(isi, {"total": n}).result for n in (7, 8, 15, 22)] == ["below 8", "8 to 14", "15 to 21", "22 or more"]
    assert [LOADED[name].bands for name in ("ciwa-b", "bwsq", "pwc-20")] == [None] * 3


def test_a_high_tier_is_an_emergency_and_any_tier_a_finding() -> None:
    told = [[s.flag for s in score(LOADED["c-ssrs"], {"tier": n}).safety if s.told] for n in range(4)]
    assert told == [[], ["RF-05"], ["RF-05"], ["RF-05", "RF-04"]]


# the data ------------------------------------------------------------------------------------------------------------


def test_codes_only_where_they_were_looked_up() -> None:
    codes = {i.id: i.loinc.code for i in LOADED.by_id.values() if i.loinc is not None}
    assert codes == {"phq-9": "44261-6", "gad-7": "70274-6"}


def test_every_instrument_has_sources_and_a_licence_note() -> None:
    for instrument in LOADED.by_id.values():
        named = {*instrument.sources, *instrument.licence.sources}
        for part in (instrument.bands, instrument.missing, instrument.loinc, *instrument.safety):
            named |= set(part.sources) if part is not None else set()
        assert named and named <= set(LOADED.sources)
        assert instrument.licence.note
    assert not LOADED["asq"].verified and not LOADED["asq"].licence.verified


@pytest.mark.parametrize(
    ("instrument", "answers", "code"),
    [
        ("phq-9", {"phq9-10": 1}, "FIELD_UNKNOWN"),
        ("phq-9", {"gad7-1": UNKNOWN}, "FIELD_UNKNOWN"),
        ("phq-9", {"phq9-1": 4}, "NUM_RANGE"),
        ("phq-9", {"phq9-1": -1}, "NUM_RANGE"),
        ("phq-9", {"phq9-1": True}, "NUM_FORMAT"),
        ("phq-9", {"phq9-1": "2"}, "NUM_FORMAT"),
        ("phq-9", {"phq9-1": "unknown"}, "NUM_FORMAT"),
        ("phq-9", {"phq9-1": 1.0}, "NUM_FORMAT"),
        ("phq-9", {"phq9-1": None}, "NUM_FORMAT"),
        ("phq-9", {"phq9-1": YES}, "NUM_FORMAT"),
        ("asq", {"asq-1": 1}, "ANSWER_INVALID"),
        ("asq", {"asq-1": True}, "ANSWER_INVALID"),
        ("asq", {"asq-1": "yes"}, "ANSWER_INVALID"),
        ("daily-ratings", {"mood": 11}, "NUM_RANGE"),
        ("sleep-diary", {"to-bed": 1440}, "NUM_RANGE"),
    ],
)
def test_a_wrong_answer_is_named_and_not_repeated(instrument: str, answers: dict[str, Given], code: str) -> None:
    for reading in (score, safety_signs):
        with pytest.raises(InputError) as caught:
            reading(LOADED[instrument], answers)
        assert caught.value.code == code
        assert caught.value.field is not None and caught.value.field.startswith(instrument)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (('sources = ["KROENKE2001"]', ""), "DATA_NO_SOURCE"),
        (('sources = ["HL7_PHR"]', 'sources = ["NOBODY1999"]'), "DATA_NO_SOURCE"),
        (('id = "gad-7"', 'id = "phq-9"'), "DATA_SCHEMA"),
        (('id = "gad-7"', 'id = "gad-7"\ncolour = "red"'), "DATA_SCHEMA"),
        (('id = "gad7-2"', 'id = "gad7-1"'), "DATA_SCHEMA"),
        (('never = ["phq9-9"]', 'never = ["phq9-10"]'), "DATA_SCHEMA"),
        (("least = 10", "least = 4"), "DATA_SCHEMA"),
        (("least = 5", 'least = "5"'), "DATA_SCHEMA"),
        (("at_most = 2", "at_most = true"), "DATA_SCHEMA"),
        (('after = "asq-positive"', 'after = "asq-negative"'), "DATA_SCHEMA"),
        (("[sources.HL7_PHR]", "[sources.ASAM2025]"), "DATA_SCHEMA"),
        (("highest = 15", "highest = 0"), "DATA_SCHEMA"),
        (('scoring = "sum"', 'scoring = "mean"'), "DATA_SCHEMA"),
    ],
)
def test_a_faulty_file_is_refused(change: tuple[str, str], code: str, tmp_path: Path) -> None:
    text = (PACKAGED / "instruments.toml").read_text(encoding="utf-8")
    assert change[0] in text
    path = tmp_path / "instruments.toml"
    path.write_text(text.replace(*change, 1), encoding="utf-8")
    with pytest.raises(FactsError) as caught:
        instruments_from(path, load_formulary().sources)
    assert caught.value.code == code
