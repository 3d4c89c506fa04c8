"""The articles for people who take these medicines keep their promises: who to call first, plain words, sources."""

from __future__ import annotations

import json
import re
import socket
from datetime import date, timedelta
from pathlib import Path

import pytest
import textstat
from click.testing import CliRunner

from glidepath.cli.reading import articles as command
from glidepath.errors import FactsError, InputError
from glidepath.facts.articles import ARTICLES, Article, load_articles
from glidepath.facts.formulary import load_formulary
from glidepath.facts.known import Known
from glidepath.facts.red_flags import load_red_flags
from glidepath.render import wording
from glidepath.render.articles import LOCAL_NUMBER, article_markdown, article_text, call_now, who_to_call

FORMULARY = load_formulary()
LOADED = load_articles(FORMULARY)
PAGES = list(LOADED.values())
PLACES = [None, *FORMULARY.places.values()]

HIGHEST_GRADE = 7.0  # Flesch-Kincaid: what a reader of about eleven to twelve can follow
HARDEST = 9.0  # of one paragraph, where a single long word weighs much

every_article = pytest.mark.parametrize("article", PAGES, ids=lambda article: article.slug)
every_place = pytest.mark.parametrize("region", PLACES, ids=lambda region: "unknown" if region is None else region.code)


def one_line(text: str) -> str:
    return " ".join(text.split())


def sentences(text: str) -> list[str]:
    return [found.strip() for found in re.split(r"[.!?:]+[\s\"]*", text) if found.strip()]


def test_the_articles_that_were_promised_are_there_in_reading_order() -> None:
    assert list(LOADED) == [
        "dependence",
        "withdrawal",
        "seizures",
        "suicidal-thoughts",
        "supervised-taper",
        "switching",
        "tell-your-clinic",
        "getting-help",
    ]


# -- plain words -----------------------------------------------------------------------------------------------------


@every_article
def test_a_reader_of_about_eleven_can_follow(article: Article, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_network(*_: object) -> None:
        raise AssertionError("the measure of reading age must not need a network")

    monkeypatch.setattr(socket.socket, "connect", no_network)
    grade = textstat.flesch_kincaid_grade(article.prose)
    assert grade <= HIGHEST_GRADE, f"{article.slug}: grade {grade:.1f}"
    hard = {s.says[:60]: g for s in article.statements if (g := textstat.flesch_kincaid_grade(s.prose)) > HARDEST}
    assert hard == {}, f"paragraphs above grade {HARDEST}"


def test_the_measure_tells_hard_words_from_easy_ones() -> None:
    hard = "Discontinuation necessitates individualised, multidisciplinary pharmacological supervision throughout."
    assert textstat.flesch_kincaid_grade(hard) > 15
    assert textstat.flesch_kincaid_grade("Call your clinic now. They can help you.") < 3


@every_article
def test_an_article_is_short(article: Article) -> None:
    assert 250 <= len(article.prose.split()) <= 450
    assert max(len(sentence.split()) for sentence in sentences(article.prose)) <= 32


UNKIND = re.compile(
    r"\babus|\bjunk|\bclean\b|\bdirty\b|\bwean|\bdetox|\bhooked\b|\bhabit|\busers?\b|\bnon-?complian|\bcomplian|"
    r"\bfatal|\bdeadly|\bkill|\bsuffer|\bvictim",
    re.IGNORECASE,
)


@every_article
def test_no_word_blames_or_frightens(article: Article) -> None:
    assert not UNKIND.search(article.prose)
    for sentence in sentences(article.prose):
        if "addict" in sentence.casefold():
            assert re.search(r"It is not addiction|signs of addiction are other ones", sentence), sentence


def test_physical_dependence_is_told_apart_from_addiction() -> None:
    says = LOADED["dependence"].prose
    assert "This is called physical dependence" in says and "It is not addiction" in says


@every_article
def test_no_dose_no_pace_and_no_odds_stand_in_a_page_for_patients(article: Article) -> None:
    assert set(re.findall(r"\d+", article.prose)) <= {"65"}
    assert not re.search(r"%|per ?cent|\bmg\b|\bhalf\b|\bquarter\b|one in \w+|success", article.prose, re.IGNORECASE)


ORDERS = re.compile(
    r"(?:^|, |\bthen |\bplease |\bnow |\byou (?:can|may|should|must) )"
    r"(?:reduce|cut|lower|halve|double|increase|raise|drop|skip|stop|split|add|swap|switch|miss|change|"
    r"take (?:half|more|less|extra|another|two|a smaller|a larger))\b",
    re.IGNORECASE,
)
ONLY_AFTER_A_NO = re.compile(
    r"(?:reduce|cut|lower|halve|change|double|raise|skip|stop) (?:or change |taking |all |the medicine |your |the |a )"
    r"|stop(?:ping)? taking|skip|reduce your dose by|take an extra",
    re.IGNORECASE,
)
NO = re.compile(r"\b(?:not|never|no)\b", re.IGNORECASE)


@every_article
def test_nothing_tells_anyone_to_change_a_dose_alone(article: Article) -> None:
    for sentence in sentences(article.prose):
        assert not ORDERS.search(sentence), sentence
        found = ONLY_AFTER_A_NO.search(sentence)
        if found:
            assert NO.search(sentence[: found.start()]), sentence
    assert re.search("prescriber|clinic", article.prose)


@pytest.mark.parametrize(
    "order",
    ["Reduce your dose by a little", "If it is too much, skip a dose", "You can stop taking it", "Then take half"],
)
def test_an_order_to_change_a_dose_would_be_found(order: str) -> None:
    found = ONLY_AFTER_A_NO.search(order)
    assert ORDERS.search(order) or (found and not NO.search(order[: found.start()]))


@pytest.mark.parametrize(
    ("slug", "says"),
    [
        ("dependence", "days or weeks of steady use"),
        ("dependence", "just as you were told to"),
        ("withdrawal", "Worry and poor sleep come first"),
        ("withdrawal", "Rebound: the old trouble comes back"),
        ("withdrawal", "Return: the old illness itself is back"),
        ("withdrawal", "it can stay longer than the rest"),
        ("seizures", "also come at ordinary doses"),
        ("seizures", "do not skip a dose"),
        ("seizures", "Call the emergency number now"),
        ("suicidal-thoughts", "call the emergency number now"),
        ("supervised-taper", "a lower dose that you stay on"),
        ("supervised-taper", "It is normal to pause. It is normal to go slower."),
        ("switching", "it is usually to a medicine that acts longer"),
        ("suicidal-thoughts", "Call the crisis line at the top now. Call your clinic on the same day."),
        ("getting-help", "no plan: call the crisis line first"),
        ("switching", "such as oxazepam"),
        ("switching", "if you and your prescriber both choose it"),
        ("tell-your-clinic", "Ask for naloxone"),
        ("tell-your-clinic", "Alcohol adds to what the medicine does"),
        ("tell-your-clinic", "Are you pregnant"),
        ("getting-help", "You can ask to see a specialist"),
    ],
)
def test_what_must_be_said_is_said(slug: str, says: str) -> None:
    assert says in LOADED[slug].prose


# -- who to call, draft, sources -------------------------------------------------------------------------------------


@every_article
@every_place
@pytest.mark.parametrize("page", [article_text, article_markdown])
def test_every_page_opens_with_who_to_call(article, region, page) -> None:
    text = page(article, region, FORMULARY.sources)
    opening, _, rest = text.partition("Draft: no clinician has reviewed this.")
    assert one_line(opening).casefold().lstrip("*").startswith(wording.URGENT_HEADING.casefold())
    assert call_now(region) in opening and text.index(call_now(region)) < 40
    for line in who_to_call(region):
        assert line in opening
    assert wording.NOT_ALONE in one_line(opening)
    assert rest and article.title.casefold() in one_line(rest).casefold()
    if region is None:
        assert LOCAL_NUMBER in opening and not re.search(r"\d", opening)
    else:
        assert {line.contact for line in region.emergency} <= set(re.findall(r"[\d-]+(?: \d+)*", opening))
        assert LOCAL_NUMBER not in opening


@every_article
def test_an_article_says_whose_it_is_and_when_it_must_be_looked_at_again(article: Article) -> None:
    assert (article.author, article.status) == ("Glidepath contributors", "draft: no clinician has reviewed this")
    assert article.reviewed <= date.fromisoformat(FORMULARY.version.replace(".", "-")) + timedelta(days=366)
    assert timedelta(0) < article.review_by - article.reviewed <= timedelta(days=731)
    text = one_line(article_text(article, None, FORMULARY.sources))
    assert f"Last looked at by its writers on {article.reviewed.day} " in text


@every_article
def test_every_paragraph_has_its_sources_and_says_when_it_was_not_looked_up(article: Article) -> None:
    page = one_line(article_text(article, None, FORMULARY.sources))
    for statement in article.statements:
        assert statement.sources and set(statement.sources) <= set(FORMULARY.sources)
        mark = re.search(re.escape(statement.says) + r" \[(\d+(?:, \d+)*)( †)?\]", page)
        assert mark, statement.says
        assert {article.sources[int(n) - 1] for n in mark[1].split(", ")} == set(statement.sources)
        assert (mark[2] is None) is (statement.known is Known.LOOKED_UP)
    for number, source in enumerate(article.sources, start=1):
        assert f"[{number}] {FORMULARY.source(source).citation[:40]}" in page


@every_place
@pytest.mark.parametrize("page", [article_text, article_markdown])
def test_the_block_says_the_same_of_thoughts_and_of_a_plan_as_the_page_below_it(region, page) -> None:
    text = page(LOADED["suicidal-thoughts"], region, FORMULARY.sources)
    opening, _, rest = (one_line(part) for part in text.partition("Draft: no clinician has reviewed this."))
    before_numbers, _, after = opening.partition("Thoughts of ending your life, but no plan")
    assert "A plan to end your life" in before_numbers and "houghts of ending" not in before_numbers
    assert "Call the crisis line now, and your clinic on the same day" in after
    assert "Do you have a plan" in rest and "call the emergency number now" in rest
    flags = {flag.id: flag for flag in load_red_flags()}
    assert (flags["RF-04"].by_when, flags["RF-05"].by_when) == ("immediate", "same day")


# -- the loader refuses what is not as it should be --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ('sources = ["FDA2020"]', 'sources = ["NOWHERE2099"]', "DATA_NO_SOURCE"),
        ('sources = ["FDA2020"]', "sources = []", "DATA_NO_SOURCE"),
        ('sources = ["FDA2020"]', 'sources = ["AED-SUICIDALITY"]', "DATA_SCHEMA"),  # looked up, by its word only
        ('known = "looked_up"', 'known = "certain"', "DATA_SCHEMA"),
        ('author = "Glidepath contributors"', "", "DATA_SCHEMA"),
        ('author = "Glidepath', 'reviewer = "nobody"\nauthor = "Glidepath', "DATA_SCHEMA"),
        ('reviewed = "2026-11-22"', 'reviewed = "last week"', "DATA_SCHEMA"),
        ('review_by = "2027-11-22"', 'review_by = "2026-11-22"', "DATA_SCHEMA"),
        ('slug = "dependence"', 'slug = "something-else"', "DATA_SCHEMA"),
        ("place = 1", "place = 1 1", "DATA_SCHEMA"),
    ],
)
def test_an_article_that_is_not_as_it_should_be_is_refused(old: str, new: str, code: str, tmp_path: Path) -> None:
    text = (ARTICLES / "dependence.toml").read_text(encoding="utf-8")
    assert old in text
    (tmp_path / "dependence.toml").write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(FactsError) as refused:
        load_articles(FORMULARY, tmp_path)
    assert refused.value.code == code


def test_two_articles_cannot_have_one_place(tmp_path: Path) -> None:
    text = (ARTICLES / "dependence.toml").read_text(encoding="utf-8")
    (tmp_path / "dependence.toml").write_text(text, encoding="utf-8")
    (tmp_path / "other.toml").write_text(text.replace('slug = "dependence"', 'slug = "other"'), encoding="utf-8")
    with pytest.raises(FactsError, match="twice"):
        load_articles(FORMULARY, tmp_path)


# -- the command -----------------------------------------------------------------------------------------------------


def test_the_command_lists_every_article_and_opens_with_who_to_call() -> None:
    printed = CliRunner().invoke(command, ["--region", "au"]).output
    assert printed.startswith(wording.URGENT_HEADING) and "Emergency: 000" in printed
    assert all(f"{article.slug}: {article.title}" in printed for article in PAGES)


@pytest.mark.parametrize(("form", "page"), [("text", article_text), ("md", article_markdown)])
def test_the_command_prints_the_page(form, page) -> None:
    done = CliRunner().invoke(command, ["seizures", "--region", "UK", "--format", form])
    assert done.exit_code == 0
    assert done.output == page(LOADED["seizures"], FORMULARY.region("UK"), FORMULARY.sources)


def test_without_a_region_no_number_is_guessed() -> None:
    done = CliRunner().invoke(command, ["getting-help"], env={"LANG": "en_GB.UTF-8", "LC_ALL": "de_DE.UTF-8"})
    assert done.output == article_text(LOADED["getting-help"], None, FORMULARY.sources)


@pytest.mark.parametrize("region", ["FR", "unknown", "Deutschland"])
def test_help_is_never_held_back_for_a_region_without_numbers(region: str) -> None:
    done = CliRunner().invoke(command, ["suicidal-thoughts", "--region", region])
    assert done.exit_code == 0
    assert done.stdout == article_text(LOADED["suicidal-thoughts"], None, FORMULARY.sources)
    assert "No emergency numbers are listed here for that region" in done.stderr


def test_numbers_are_shown_where_no_plan_can_be_made() -> None:
    done = CliRunner().invoke(command, ["suicidal-thoughts", "--region", "ie"])
    assert "Call 112 or 999 now" in done.stdout and "116 123" in done.stdout and not done.stderr


def test_a_name_that_is_not_there_is_named_as_such() -> None:
    refused = CliRunner().invoke(command, ["nothing"]).exception
    assert isinstance(refused, InputError) and refused.code == "OPTION_INVALID"
    assert json.dumps(refused.as_record())
