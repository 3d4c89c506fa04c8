"""An article as plain text or Markdown: first who to call, then that it is a draft, the text, the sources, the dates.

Who to call is that of the region asked for. Without a region no number is printed: none is ever guessed.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Mapping

from glidepath.facts.articles import Article, Statement
from glidepath.facts.known import Known
from glidepath.facts.model import Source
from glidepath.facts.records import Place
from glidepath.render import wording
from glidepath.render.dates import date_words
from glidepath.render.view import EmergencyLine

WIDTH = 80

LOCAL_NUMBER = "your local emergency number"
UNKNOWN_REGION = (
    f"Emergency: {LOCAL_NUMBER}",
    "Someone to talk to: your local crisis line",
    "For advice: the phone of your clinic",
)
DRAFT_LABEL = "Draft"
FOR_WHOM = "It does not take the place of your clinic, and it is not a plan."
SOURCES_HEADING = "Where this comes from"
NOT_YET_CHECKED = "† = recalled, read in another work, or advice of this project; a clinician has yet to check it."


def article_text(article: Article, region: Place | None, sources: Mapping[str, Source]) -> str:
    """The page as plain text, at most 80 characters wide, ending in a line break."""
    lines = list(_wrapped(wording.URGENT_HEADING.upper()))
    lines += _wrapped(call_now(region))
    lines += [line for signs in URGENT_SIGNS for line in _wrapped(signs, "- ")]
    lines += ["", *_wrapped(wording.THOUGHTS_WITHOUT_A_PLAN)]
    lines += ["", *(line for who in who_to_call(region) for line in _wrapped(who))]
    lines += ["", *_wrapped(f"{wording.NOT_ALONE_HEADING}. {wording.NOT_ALONE}")]
    lines += ["", "-" * WIDTH, *_wrapped(draft_mark(article)), "", *_wrapped(article.title.upper())]
    lines += ["", *_wrapped(article.summary)]
    for section in article.sections:
        lines += ["", *_wrapped(section.heading), "-" * min(len(section.heading), WIDTH)]
        for statement in section.statements:
            lines += ["", *_statement_text(statement, article)]
    lines += ["", "-" * WIDTH, SOURCES_HEADING, ""]
    for number, source in enumerate(article.sources, start=1):
        lines += _wrapped(_cited(sources[source]), f"[{number}] ")
    lines += ["", *_wrapped(NOT_YET_CHECKED), "", *_wrapped(review_line(article)), *_wrapped(wording.NOT_WATCHED)]
    return "\n".join(lines) + "\n"


def article_markdown(article: Article, region: Place | None, sources: Mapping[str, Source]) -> str:
    """The page as Markdown, ending in a line break."""
    blocks = [
        f"**{wording.URGENT_HEADING}.** {call_now(region)}",
        "\n".join(f"- {signs}" for signs in URGENT_SIGNS),
        wording.THOUGHTS_WITHOUT_A_PLAN,
        "\\\n".join(f"**{who}**" for who in who_to_call(region)),
        f"**{wording.NOT_ALONE_HEADING}.** {wording.NOT_ALONE}",
        "---",
        f"*{draft_mark(article)}*",
        f"# {article.title}",
        article.summary,
    ]
    for section in article.sections:
        blocks += [f"## {section.heading}", *(_statement_markdown(each, article) for each in section.statements)]
    blocks += [
        f"## {SOURCES_HEADING}",
        "\n".join(
            f"{number}. {_cited(sources[source], marked=True)}"
            for number, source in enumerate(article.sources, start=1)
        ),
        NOT_YET_CHECKED,
        f"{review_line(article)} {wording.NOT_WATCHED}",
    ]
    return "\n\n".join(blocks) + "\n"


def articles_list(articles: Iterable[Article], region: Place | None) -> str:
    """Which articles there are, one per line with its title and summary; who to call stands first here too."""
    lines = [*_wrapped(f"{wording.URGENT_HEADING}: {'. '.join(who.rstrip('.') for who in who_to_call(region))}."), ""]
    for article in articles:
        lines += [f"{article.slug}: {article.title}", *_wrapped(article.summary, "    ")]
    lines += ["", "Read one with: glidepath articles NAME --region REGION"]
    return "\n".join(lines) + "\n"


URGENT_SIGNS = tuple(
    f"{sign.strip()}."
    for sign in wording.URGENT.replace(f"{wording.THOUGHTS}.", wording.ACTING_ON_THOUGHTS).split(".")
    if sign.strip()
)


def call_now(region: Place | None) -> str:
    """`Call 999 now for any of these:`, with the emergency number of the region, or the words for any place."""
    numbers = [] if region is None else [line.contact for line in region.emergency if line.kind == "emergency"]
    return f"Call {' or '.join(numbers) or LOCAL_NUMBER} now for any of these:"


def who_to_call(region: Place | None) -> tuple[str, ...]:
    """Every line to call in the region with the day of the list; without a region, no number."""
    if region is None:
        return UNKNOWN_REGION
    lines = tuple(
        wording.emergency_text(
            EmergencyLine(label=line.label, contact=line.contact, note=line.note or "", verified=line.verified)
        )
        for line in region.emergency
    )
    return (*lines, wording.emergency_list_text(region.name, region.emergency_listed.isoformat()))


def draft_mark(article: Article) -> str:
    """That it is a draft, and whose."""
    status = article.status.removeprefix("draft: ")
    return f"{DRAFT_LABEL}: {status}. Written by {article.author}. {FOR_WHOM}"


def review_line(article: Article) -> str:
    """When its writers last looked at it, and until when they must again."""
    return (
        f"Last looked at by its writers on {date_words(article.reviewed)}. "
        f"To be looked at again by {date_words(article.review_by)}."
    )


def _statement_text(statement: Statement, article: Article) -> Iterator[str]:
    yield from _wrapped(f"{statement.says} {_marks(statement, article)}")
    for point in statement.points:
        yield from _wrapped(point, "- ")


def _statement_markdown(statement: Statement, article: Article) -> str:
    points = "".join(f"\n- {point}" for point in statement.points)
    return f"{statement.says} {_marks(statement, article)}" + (f"\n{points}" if points else "")


def _marks(statement: Statement, article: Article) -> str:
    """`[1, 3]`, or `[2 †]` when the statement was not read in a source that is named."""
    numbers = ", ".join(map(str, sorted(article.sources.index(source) + 1 for source in statement.sources)))
    return f"[{numbers}]" if statement.known is Known.LOOKED_UP else f"[{numbers} †]"


def _cited(source: Source, *, marked: bool = False) -> str:
    """Citation and address; nothing follows an address, so that nothing can be read into it."""
    ours = source.id == "PROJECT"  # its citation says that it is read nowhere
    read = "" if source.looked_up or ours else f" ({wording.NOT_LOOKED_UP})"
    address = "" if source.address is None else f" <{source.address}>" if marked else f" {source.address}"
    return f"{source.citation}{read}{address}"


def _wrapped(text: str, lead: str = "") -> list[str]:
    return textwrap.wrap(
        text,
        WIDTH,
        initial_indent=lead,
        subsequent_indent=" " * len(lead),
        break_long_words=False,
        break_on_hyphens=False,
    )
