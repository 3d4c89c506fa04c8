"""What each red flag does, typed here a second time: from the guideline notes, not from the file of rules."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from glidepath.errors import FactsError
from glidepath.facts.formulary import PACKAGED, load_formulary
from glidepath.facts.red_flags import load_red_flags, red_flags_from
from glidepath.monitor.emergency import EmergencyBlock, country, emergency_block
from glidepath.monitor.escalation import Escalation, Kind, escalations, on_taper, questions
from glidepath.monitor.raw_answers import Told
from glidepath.patient.instruments import Unanswered
from glidepath.patient.person import Answer

FLAGS = load_red_flags()
REGIONS = load_formulary().places

# question -> id, by when, whether a source gives the time, what becomes of the taper, well known or recalled
WHEN_YES = {
    "seizure": ("RF-01", "immediate", "published", "freeze", "looked_up"),
    "confusion": ("RF-02", "immediate", "project_proposal", "freeze", "looked_up"),
    "psychosis": ("RF-03", "immediate", "project_proposal", "freeze", "looked_up"),  # the danger is not known
    "suicidal_intent": ("RF-04", "immediate", "project_proposal", "freeze", "looked_up"),
    "suicidal_thoughts": ("RF-05", "same day", "project_proposal", "hold", "looked_up"),
    "catatonia": ("RF-06", "immediate", "project_proposal", "freeze", "looked_up"),
    "autonomic_instability": ("RF-07", "immediate", "project_proposal", "freeze", "from_knowledge"),
    "chest_pain": ("RF-08", "immediate", "project_proposal", "freeze", "from_knowledge"),
    "slow_breathing": ("RF-09", "immediate", "published", "freeze", "looked_up"),
    "pregnancy": ("RF-10", "1 working day", "project_proposal", "hold", "looked_up"),
    "missed_doses": ("RF-11", "immediate", "project_proposal", "freeze", "from_knowledge"),  # the hours are not known
    "agitation": ("RF-12", "same day", "project_proposal", "hold", "from_knowledge"),
    "intolerable": ("RF-13", "2 working days", "project_proposal", "hold", "looked_up"),
    "fall": ("RF-14", "same day", "project_proposal", "hold", "from_knowledge"),
    "new_sedative": ("RF-15", "1 working day", "project_proposal", "hold", "looked_up"),
    "liver_or_interaction": ("RF-16", "1 working day", "project_proposal", "hold", "from_knowledge"),
}
ALL_NO = dict.fromkeys(WHEN_YES, "no")

# further answers -> id, kind, by when; every sign that is not named is answered no
FURTHER = [
    ({"psychosis": "yes", "psychosis_dangerous": "yes"}, ("RF-03", "raised", "immediate")),
    ({"psychosis": "yes", "psychosis_dangerous": "unknown"}, ("RF-03", "raised", "immediate")),
    ({"psychosis": "yes", "psychosis_dangerous": "no"}, ("RF-03", "raised", "same day")),
    ({"psychosis_dangerous": "yes"}, ("RF-03", "raised", "immediate")),
    ({"psychosis_dangerous": "unknown"}, ("RF-03", "could not be told", "same day")),
    ({"psychosis_dangerous": "no"}, None),
    ({"pulse_per_min": 120}, None),
    ({"pulse_per_min": 121}, ("RF-07", "raised", "immediate")),
    ({"systolic_mmhg": 180}, None),
    ({"systolic_mmhg": 181}, ("RF-07", "raised", "immediate")),
    ({"diastolic_mmhg": 110}, None),
    ({"diastolic_mmhg": 111}, ("RF-07", "raised", "immediate")),
    ({"temperature_c": "38.0"}, None),
    ({"temperature_c": "38.1"}, ("RF-07", "raised", "immediate")),
    ({"temperature_c": "38,1"}, ("RF-07", "raised", "immediate")),
    ({"temperature_c": Decimal("38.01")}, ("RF-07", "raised", "immediate")),
    ({"temperature_c": 38.1}, ("RF-07", "raised", "immediate")),
    ({"temperature_c": "unknown"}, ("RF-07", "could not be told", "same day")),
    ({"temperature_c": "not asked"}, None),
    ({"temperature_c": 0}, ("RF-07", "could not be told", "same day")),
    ({"pulse_per_min": -70}, ("RF-07", "could not be told", "same day")),
    ({"systolic_mmhg": "190/100"}, ("RF-07", "could not be told", "same day")),
    ({"pulse_per_min": True}, ("RF-07", "could not be told", "same day")),
    ({"pulse_per_min": "yes"}, ("RF-07", "could not be told", "same day")),
    ({"missed_doses": "yes", "hours_since_last_dose": 24}, ("RF-11", "raised", "same day")),
    ({"missed_doses": "yes", "hours_since_last_dose": 0}, ("RF-11", "raised", "same day")),
    ({"missed_doses": "yes", "hours_since_last_dose": 25}, ("RF-11", "raised", "immediate")),
    ({"missed_doses": "yes", "hours_since_last_dose": "unknown"}, ("RF-11", "raised", "immediate")),
    ({"missed_doses": "yes", "hours_since_last_dose": 25, "short_acting": "no"}, ("RF-11", "raised", "same day")),
    ({"missed_doses": "yes", "hours_since_last_dose": 25, "dependence_dose": "no"}, ("RF-11", "raised", "same day")),
    ({"missed_doses": "yes", "withdrawal_symptoms": "no"}, ("RF-11", "raised", "same day")),
    ({"short_acting": "yes", "dependence_dose": "yes", "withdrawal_symptoms": "yes"}, None),
    ({"hours_since_last_dose": 30}, ("RF-11", "could not be told", "same day")),
    ({"hours_since_last_dose": "unknown"}, ("RF-11", "could not be told", "same day")),
    ({"hours_since_last_dose": 30, "short_acting": "no"}, None),
    (
        {
            "hours_since_last_dose": 30,
            "short_acting": "yes",
            "dependence_dose": "yes",
            "withdrawal_symptoms": "yes",
        },
        ("RF-11", "raised", "immediate"),
    ),
]

# The lines that are shown, typed from the dated list; None is a country that is not loaded.
NUMBERS = {
    "US": ["911", "988"],
    "CA": ["911", "9-8-8"],
    "UK": ["999", "111", "116 123"],
    "AU": ["000", "13 11 14"],
    "NL": ["112", "113", "116 123"],
    "DE": ["112", "116 123"],
    "IE": ["112", "999", "116 123"],
    "NZ": ["111", "1737"],
}


def one(answers: Mapping[str, object]) -> Escalation:
    found = escalations(answers, FLAGS, REGIONS["US"])
    assert len(found) == 1
    return found[0]


def test_there_are_sixteen_and_each_has_its_question() -> None:
    assert [flag.id for flag in FLAGS] == [f"RF-{n:02}" for n in range(1, 17)]
    assert [key for key, _ in questions(FLAGS)] == list(WHEN_YES)


def test_no_to_everything_raises_nothing() -> None:
    assert escalations(ALL_NO, FLAGS, REGIONS["US"]) == ()
    assert on_taper(()) is None


@pytest.mark.parametrize("key", WHEN_YES)
@pytest.mark.parametrize("said", ["yes", " Yes ", Answer.YES, "yes, but only a little"])
def test_yes_to_one_sign(key: str, said: str) -> None:
    flag_id, by_when, basis, taper, status = WHEN_YES[key]
    found = one(ALL_NO | {key: said})
    assert (found.kind, found.id, found.by_when, found.by_when_status) == (Kind.RAISED, flag_id, by_when, basis)
    assert (found.taper, found.status) == (taper, status)
    assert found.sources and found.do and found.sign
    assert (found.emergency is not None) == (by_when == "immediate")


@pytest.mark.parametrize("key", WHEN_YES)
@pytest.mark.parametrize(
    "said", ["unknown", "not asked", None, Answer.UNKNOWN, Unanswered.NOT_ASKED, "no, well", 1, ""]
)
def test_no_answer_is_an_escalation_of_its_own_kind(key: str, said: object) -> None:
    found = one(ALL_NO | {key: said})
    assert (found.kind, found.id, found.by_when) == (Kind.UNANSWERED, WHEN_YES[key][0], "same day")
    assert (found.taper, found.status, found.sources) == ("hold", "project_proposal", ("PROJECT",))
    assert found.do.startswith("ask now: ")


def test_unknown_and_not_asked_stay_apart() -> None:
    assert one(ALL_NO | {"seizure": "unknown"}).saw == ("seizure: unknown",)
    assert one(ALL_NO | {"seizure": "not asked"}).saw == ("seizure: not asked",)
    assert one({k: v for k, v in ALL_NO.items() if k != "seizure"}).saw == ("seizure: not asked",)
    assert one(ALL_NO | {"seizure": "perhaps"}).saw == (f"seizure: {Told.UNREADABLE}",)


def test_a_form_that_was_not_filled_in_is_sixteen_escalations() -> None:
    found = escalations({}, FLAGS, None)
    assert len(found) == 16 and {e.kind for e in found} == {Kind.UNANSWERED}


@pytest.mark.parametrize(("answers", "expected"), FURTHER)
def test_further_answers_and_measured_numbers(answers: dict[str, object], expected: tuple[str, ...] | None) -> None:
    found = escalations(ALL_NO | answers, FLAGS, None)
    assert [(e.id, e.kind, e.by_when) for e in found] == ([] if expected is None else [expected])


def test_a_limit_that_is_ours_says_so() -> None:
    assert "PROJECT" in one(ALL_NO | {"pulse_per_min": 130}).sources
    assert one(ALL_NO | {"missed_doses": "yes"}).do.startswith("call emergency services; ")


def test_the_most_urgent_comes_first() -> None:
    said = ALL_NO | {"intolerable": "yes", "pregnancy": "yes", "agitation": "yes", "seizure": "yes", "fall": "unknown"}
    found = escalations(said, FLAGS, None)
    assert [e.id for e in found] == ["RF-01", "RF-12", "RF-14", "RF-10", "RF-13"]
    assert on_taper(found) == "freeze"
    assert on_taper(found[1:]) == "hold"


def test_what_is_said_besides_lowers_nothing_and_is_read_by_a_person() -> None:
    alone = escalations(ALL_NO | {"seizure": "yes"}, FLAGS, None)
    besides = escalations(ALL_NO | {"seizure": "yes", "note": "it was nothing, all well"}, FLAGS, None)
    assert set(alone) < set(besides)
    assert [e.id for e in besides] == ["RF-01", "UNREAD"]
    assert "nothing" not in str(besides[1])


@pytest.mark.parametrize("code", NUMBERS)
def test_the_emergency_lines_of_each_country(code: str) -> None:
    block = one_block(code)
    assert [line.contact for line in block.lines] == NUMBERS[code]
    assert block.emergency == NUMBERS[code][0] and block.lines[0].kind == "emergency"
    assert (block.country, block.listed) == (code, date(2026, 11, 22))


def one_block(code: str) -> EmergencyBlock:
    found = escalations(ALL_NO | {"seizure": "yes"}, FLAGS, country(code, REGIONS))
    assert found[0].emergency is not None
    return found[0].emergency


def test_every_country_that_is_loaded_is_in_the_table() -> None:
    assert set(REGIONS) == set(NUMBERS)


@pytest.mark.parametrize("code", [None, "FR", "en", "en-US", "de", "us", "", "Germany"])
def test_an_unknown_country_has_no_number_and_none_is_guessed(code: str | None) -> None:
    assert country(code, REGIONS) is None
    block = emergency_block(None)
    assert block.emergency == "your local emergency number"
    assert (block.country, block.listed) == (None, None)
    assert not any(c.isdigit() for line in block.lines for c in line.contact)


def test_sign_action_sources_and_status_are_those_of_the_rules() -> None:
    rules = load_formulary().rules
    for flag in FLAGS:
        rule = rules[flag.id]
        assert (flag.sign, flag.do, flag.sources, flag.status) == (
            rule.statement,
            rule.program_action,
            rule.sources,
            rule.status,
        )
        assert flag.by_when_basis == rule.params["timeframe_basis"]
        assert flag.taper_says == rule.params["taper_state"]


def test_every_number_has_a_source_that_is_loaded() -> None:
    known = load_formulary().sources
    measures = [m for flag in FLAGS for m in flag.measures]
    measures += [c.measure for f in FLAGS if f.sooner for c in f.sooner.conditions if c.measure]
    assert len(measures) == 5
    for measure in measures:
        assert set(measure.sources) <= set(known) and measure.status == "project_proposal"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (('sources = ["FDA2020", "ASAM2025", "LABEL-KLONOPIN"]', ""), "DATA_NO_SOURCE"),
        (('sources = ["CATATONIA1989"]', 'sources = ["NOBODY1999"]'), "DATA_NO_SOURCE"),
        (('sources = ["CATATONIA1989"]', "sources = []"), "DATA_NO_SOURCE"),
        (('key = "seizure"', 'key = "seizure"\ncolour = "red"'), "DATA_SCHEMA"),
        (('key = "seizure"', 'key = "confusion"'), "DATA_SCHEMA"),
        (('key = "seizure"', ""), "DATA_SCHEMA"),
        (('over = "38.0"', "over = 38.0"), "DATA_SCHEMA"),
        (('by_when = "immediate"', 'by_when = "soon"'), "DATA_SCHEMA"),
        (('id = "RF-02"', 'id = "RF-01"'), "DATA_SCHEMA"),
        (('id = "RF-02"', 'id = "RF-02"\nid = "RF-02"'), "DATA_SCHEMA"),
        (("zero_counts = false", 'zero_counts = "no"'), "DATA_SCHEMA"),
    ],
)
def test_a_faulty_file_is_refused(change: tuple[str, str], code: str, tmp_path: Path) -> None:
    text = (PACKAGED / "red_flags.toml").read_text(encoding="utf-8")
    assert change[0] in text
    path = tmp_path / "red_flags.toml"
    path.write_text(text.replace(*change, 1), encoding="utf-8")
    with pytest.raises(FactsError) as caught:
        red_flags_from(path, load_formulary().sources)
    assert caught.value.code == code


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "red_flags.toml"
    path.write_text("", encoding="utf-8")
    with pytest.raises(FactsError):
        red_flags_from(path, ())
    with pytest.raises(FactsError):
        red_flags_from(tmp_path / "absent.toml", ())
