"""The list of claims is whole, names its sources, and points only at things that exist."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from glidepath.cli import reading
from glidepath.cli.main import app
from glidepath.errors import FactsError
from glidepath.facts.articles import load_articles
from glidepath.facts.claims import CLAIMS, Claim, Verdict, load_claims
from glidepath.facts.formulary import load_formulary
from glidepath.render.claims import claims_page, claims_text

ROOT = Path(__file__).resolve().parents[2]
FORMULARY = load_formulary()
LISTED = load_claims(FORMULARY)
COMMANDS = {*app.commands, reading.articles.name, reading.claims.name}

every_claim = pytest.mark.parametrize("claim", LISTED, ids=lambda claim: claim.id)


def test_all_twenty_five_are_there() -> None:
    assert [claim.number for claim in LISTED] == list(range(1, 26))
    assert {claim.verdict for claim in LISTED} == set(Verdict)


@every_claim
def test_a_claim_has_verdict_reason_sources_and_a_place_where_it_is_acted_on(claim: Claim) -> None:
    assert claim.claim and claim.why and claim.sources and claim.acts
    assert set(claim.sources) <= set(FORMULARY.sources)
    assert 1 <= len(re.findall(r"[.;](?:\s|$)", claim.why)) <= 4


@every_claim
def test_every_place_that_a_claim_names_exists(claim: Claim) -> None:
    for act in claim.acts:
        if act.where.startswith("glidepath "):
            _, command, *rest = act.where.split()
            assert command in COMMANDS
            assert command != "articles" or rest[0] in load_articles(FORMULARY)
        else:
            assert (ROOT / "src" / "glidepath" / act.where).is_file(), act.where


@pytest.mark.parametrize(
    ("number", "verdict"),
    [
        (7, Verdict.WRONG),
        (13, Verdict.WRONG),
        (16, Verdict.DANGEROUS),
        (23, Verdict.WRONG),
        (25, Verdict.LEFT_OUT),
    ],
)
def test_the_claims_that_could_hurt_have_the_verdict_of_the_evidence(number: int, verdict: Verdict) -> None:
    assert LISTED[number - 1].verdict is verdict


def test_the_claims_name_the_assessment_where_it_acts_on_them() -> None:
    acts = {claim.number: {act.where for act in claim.acts} for claim in LISTED}
    for number in (2, 17, 25):
        assert "facts/data/rules/assessment.yaml" in acts[number]
    assert "patient/assessment.py" in acts[7] and "patient/case.py" in acts[17]
    assert not any("nobody is asked" in act.does for claim in LISTED for act in claim.acts)


def test_the_page_is_what_the_facts_give() -> None:
    assert (ROOT / "docs" / "evidence" / "claims.md").read_text(encoding="utf-8") == claims_page(FORMULARY)


def test_the_command_prints_the_list() -> None:
    done = CliRunner().invoke(reading.claims)
    assert done.exit_code == 0 and done.output == claims_text(LISTED)
    for claim in LISTED:
        assert f"{claim.number}. {claim.verdict.value.upper()}: {claim.claim}" in done.output


def test_the_command_gives_the_list_as_json() -> None:
    record = json.loads(CliRunner().invoke(reading.claims, ["--format", "json"]).output)
    assert [each["id"] for each in record["claims"]] == [claim.id for claim in LISTED]
    for each in record["claims"]:
        assert each["verdict"] and each["why"] and each["acts"]
        assert set(each["sources"]) <= set(record["sources"])


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ('sources = ["FDA2020"]', 'sources = ["NOWHERE2099"]', "DATA_NO_SOURCE"),
        ('id = "claim-02"', 'id = "claim-03"', "DATA_SCHEMA"),
        ('verdict = "misleading"', 'verdict = "hm"', "DATA_SCHEMA"),
        ('known = "secondary"', 'known = "looked_up"', "DATA_SCHEMA"),
        ("[[claims.acts]]", "[[claims.deeds]]", "DATA_SCHEMA"),
    ],
)
def test_a_list_that_is_not_as_it_should_be_is_refused(old: str, new: str, code: str, tmp_path: Path) -> None:
    text = CLAIMS.read_text(encoding="utf-8")
    assert old in text
    (tmp_path / "claims.toml").write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(FactsError) as refused:
        load_claims(FORMULARY, tmp_path / "claims.toml")
    assert refused.value.code == code
