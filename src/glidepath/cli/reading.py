"""Commands to read: the articles for people who take these medicines, the list of claims, and that of red flags."""

from __future__ import annotations

import json

import click

from glidepath.facts.formulary import Formulary
from glidepath.facts.records import Place
from glidepath.monitor.emergency import country


@click.command("articles")
@click.argument("name", required=False)
@click.option(
    "--region",
    "region",
    help="US, UK, CA, AU, NL, DE, IE or NZ: whose numbers to call stand first. Any other place has no number here.",
)
@click.option("--format", "form", default="text", show_default=True, help="text or md.")
def articles(name: str | None, region: str | None, form: str) -> None:
    """List the articles for people who take these medicines, or print one with its sources.

    Each is a draft in plain words that opens with who to call. No number is printed when no region is given.
    """
    from glidepath.facts.articles import load_article, load_articles
    from glidepath.facts.formulary import load_formulary
    from glidepath.render.articles import article_markdown, article_text, articles_list

    _one_of("format", form, ("text", "md"))
    formulary = load_formulary()
    place = _place(region, formulary)
    if name is None:
        click.echo(articles_list(load_articles(formulary).values(), place), nl=False)
        return
    page = article_markdown if form == "md" else article_text
    click.echo(page(load_article(name, formulary), place, formulary.sources), nl=False)


@click.command("claims")
@click.option("--format", "form", default="text", show_default=True, help="text or json.")
def claims(form: str) -> None:
    """Show 25 claims that people meet about coming off, each with verdict, reason and sources.

    Each also names where Glidepath acts on it.
    """
    from glidepath.facts.claims import load_claims
    from glidepath.facts.formulary import load_formulary
    from glidepath.render.claims import claims_record, claims_text

    _one_of("format", form, ("text", "json"))
    formulary = load_formulary()
    listed = load_claims(formulary)
    if form == "json":
        click.echo(json.dumps(claims_record(listed, formulary), indent=1, ensure_ascii=False))
        return
    click.echo(claims_text(listed), nl=False)


@click.command("red-flags")
@click.option("--region", "region", help="US, UK, CA, AU, NL, DE, IE or NZ: whose numbers to call stand first.")
@click.option("--format", "form", default="text", show_default=True, help="text or json.")
def red_flags(region: str | None, form: str) -> None:
    """Show the signs that need a person to act: what to ask, what to do, by when, and what becomes of the taper.

    A case asks for them as open_red_flag.
    """
    from glidepath.facts.formulary import load_formulary
    from glidepath.facts.red_flags import load_red_flags
    from glidepath.render.red_flags import red_flags_record, red_flags_text

    _one_of("format", form, ("text", "json"))
    if form == "json":
        click.echo(json.dumps(red_flags_record(load_red_flags()), indent=1, ensure_ascii=False))
        return
    click.echo(red_flags_text(load_red_flags(), _place(region, load_formulary())), nl=False)


def _place(region: str | None, formulary: Formulary) -> Place | None:
    """The place whose numbers are shown; where none are listed that is said, and help is never held back for it."""
    if region is None:
        return None
    found = country(region.strip().upper(), formulary.places)
    if found is None:
        listed = ", ".join(formulary.places)
        click.echo(f"No emergency numbers are listed here for that region (listed: {listed}).", err=True)
    return found


def _one_of(name: str, value: str, allowed: tuple[str, ...]) -> None:
    if value not in allowed:
        raise click.UsageError(f"--{name} is one of {', '.join(allowed)}")
