"""Commands that only look: read a line back, show a drug, convert a dose."""

from __future__ import annotations

import json

import click


@click.command("read")
@click.argument("sig")
@click.option("--region", "region", default="US", show_default=True, help="US, UK, CA, AU, NL or DE.")
@click.option(
    "--decimal", "decimal", default="point", show_default=True, help="point, or comma when 1,5 means one and a half."
)
@click.option("--format", "form", default="text", show_default=True, help="text or json.")
def read(
    sig: str,
    region: str,
    decimal: str,
    form: str,
) -> None:
    """Read a line back in plain words, without planning anything."""
    from glidepath.casework.plan import read as read_line

    _one_of("format", form, ("text", "json"))
    reading = read_line(sig, region=region, comma=_one_of("decimal", decimal, ("point", "comma")) == "comma")
    if form == "json":
        click.echo(json.dumps(reading.as_document(), indent=1, ensure_ascii=False))
        return
    click.echo(reading.echo)
    for taken in reading.taken:
        name = taken.product.name if taken.product is not None else "product not named"
        click.echo(f"  {taken.drug}: {taken.total} a day ({taken.release}, {name})")
        for intake in taken.intakes:
            click.echo(f"    {intake.slot.value}: {intake.dose}")
    for assumption in reading.assumptions:
        click.echo(f"  Assumed: {assumption}")


@click.command("facts")
@click.argument("drug")
@click.option("--region", "region", help="Only the products of one region.")
@click.option("--format", "form", default="text", show_default=True, help="text or json.")
def facts(
    drug: str,
    region: str | None,
    form: str,
) -> None:
    """Show a drug with its products, equivalents, limits and sources; what is not verified says so."""
    from glidepath.facts.describe import describe_drug
    from glidepath.facts.formulary import load_formulary

    _one_of("format", form, ("text", "json"))
    described = describe_drug(load_formulary(), drug, region)
    if form == "json":
        click.echo(json.dumps(described.as_record(), indent=1, ensure_ascii=False))
        return
    from glidepath.render.terminal_facts import print_drug

    print_drug(described)


@click.command("convert")
@click.argument("dose")
@click.option("--to", "to", required=True, help="The drug to convert to.")
@click.option("--format", "form", default="text", show_default=True, help="text or json.")
def convert(
    dose: str,
    to: str,
    form: str,
) -> None:
    """Show what every equivalence table makes of a dose, the range and what it means; never one number."""
    from glidepath.casework.plan import convert as convert_dose

    _one_of("format", form, ("text", "json"))
    conversion = convert_dose(dose, to=to)
    if form == "json":
        click.echo(json.dumps(conversion.as_record(), indent=1, ensure_ascii=False))
        return
    from glidepath.render.terminal_facts import print_conversion

    print_conversion(conversion)


def _one_of(name: str, value: str, allowed: tuple[str, ...]) -> str:
    if value not in allowed:
        raise click.UsageError(f"--{name} is one of {', '.join(allowed)}")
    return value
