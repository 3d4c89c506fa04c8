"""The short pages for people who take these medicines: data in plain words, with sources for every statement.

They are drafts: no clinician has reviewed them, and each one says so. How a page is laid out is in `render.articles`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from glidepath.errors import InputError
from glidepath.facts.formulary import PACKAGED, Formulary
from glidepath.facts.known import Known, known_of, prose_of
from glidepath.facts.model import Source
from glidepath.facts.strict_toml import Fields, no_two_alike, read_toml, wrong

ARTICLES = PACKAGED / "articles"


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One short paragraph, with points below it where it has any, and where it comes from."""

    says: str
    points: tuple[str, ...]
    sources: tuple[str, ...]
    known: Known

    @property
    def prose(self) -> str:
        """The paragraph and its points, each point as the sentence it is read as."""
        return " ".join((self.says, *(f"{point.rstrip('.;')}." for point in self.points)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A heading with its statements."""

    heading: str
    statements: tuple[Statement, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One page. Its writers last looked at it on the day `reviewed` and must again by `review_by`; no clinician did."""

    slug: str
    title: str
    summary: str
    reviewed: date
    review_by: date
    status: str
    author: str
    sections: tuple[Section, ...]

    @property
    def statements(self) -> tuple[Statement, ...]:
        return tuple(statement for section in self.sections for statement in section.statements)

    @property
    def prose(self) -> str:
        """Everything a person reads in full sentences, without headings: what reading age is measured on."""
        return " ".join((self.summary, *(statement.prose for statement in self.statements)))

    @property
    def sources(self) -> tuple[str, ...]:
        """Every source id, in the order it is first named."""
        return tuple(dict.fromkeys(source for statement in self.statements for source in statement.sources))


def load_articles(formulary: Formulary, folder: Path | None = None) -> Mapping[str, Article]:
    """Every article by its slug, in reading order.

    Raises `FactsError` DATA_SCHEMA, or DATA_NO_SOURCE for a source that the formulary does not hold.
    """
    placed = [_article(path, formulary.sources) for path in sorted((folder or ARTICLES).glob("*.toml"))]
    no_two_alike([str(place) for place, _ in placed], "place")
    return {article.slug: article for _, article in sorted(placed, key=lambda each: each[0])}


def load_article(slug: str, formulary: Formulary) -> Article:
    """One article. Raises `InputError` OPTION_INVALID with the names that there are."""
    found = load_articles(formulary)
    if slug not in found:
        raise InputError(
            "OPTION_INVALID",
            "There is no article of that name.",
            field="article",
            fix=f"Articles: {', '.join(found)}.",
            seen=slug,
        )
    return found[slug]


def _article(path: Path, sources: Mapping[str, Source]) -> tuple[int, Article]:
    fields = Fields(read_toml(path), path.name, sources)
    article = Article(
        slug=fields.text("slug"),
        title=fields.text("title"),
        summary=fields.text("summary"),
        reviewed=_day(fields, "reviewed"),
        review_by=_day(fields, "review_by"),
        status=fields.text("status"),
        author=fields.text("author"),
        sections=tuple(_section(section, sources) for section in fields.tables("sections")),
    )
    place = fields.whole("place")
    fields.done()
    if article.slug != path.stem or article.review_by <= article.reviewed or not article.sections:
        raise wrong(path.name, "is not named as its slug, has no section, or is looked at again before it was written")
    return place, article


def _section(fields: Fields, sources: Mapping[str, Source]) -> Section:
    section = Section(
        heading=fields.text("heading"),
        statements=tuple(_statement(statement, sources) for statement in fields.tables("statements")),
    )
    fields.done()
    if not section.statements:
        raise wrong(fields.where, "has no statement")
    return section


def _statement(fields: Fields, sources: Mapping[str, Source]) -> Statement:
    ids = fields.source_ids()
    statement = Statement(
        says=prose_of(fields, "says"),
        points=fields.texts("points") if fields.has("points") else (),
        sources=ids,
        known=known_of(fields, ids, sources),
    )
    fields.done()
    return statement


def _day(fields: Fields, key: str) -> date:
    try:
        return date.fromisoformat(fields.text(key))
    except ValueError as error:
        raise wrong(f"{fields.where}.{key}", "is not a date such as 2026-11-22") from error
