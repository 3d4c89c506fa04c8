"""Commands that only look: read a line back, show a drug, convert a dose."""

from __future__ import annotations

import json
from typing import Annotated

import typer

Format = Annotated[str, typer.Option("--format", help="text or json.")]
Region = Annotated[str, typer.Option("--region", help="US, UK, CA, AU, NL or DE.")]
Decimal = Annotated[str, typer.Option("--decimal", help="point, or comma when 1,5 means one and a half.")]


def read(
    sig: Annotated[str, typer.Argument(help='What is taken, for example "clonazepam 1 mg twice daily".')],
    region: Region = "US",
    decimal: Decimal = "point",
    form: Format = "text",
) -> None:
    """Read a line back in plain words, without planning anything."""
    from glidepath.casework.plan import read as read_line

    _one_of("format", form, ("text", "json"))
    reading = read_line(sig, region=region, comma=_one_of("decimal", decimal, ("point", "comma")) == "comma")
    if form == "json":
        typer.echo(json.dumps(reading.as_document(), indent=1, ensure_ascii=False))
        return
    typer.echo(reading.echo)
    for taken in reading.taken:
        name = taken.product.name if taken.product is not None else "product not named"
        typer.echo(f"  {taken.drug}: {taken.total} a day ({taken.release}, {name})")
        for intake in taken.intakes:
            typer.echo(f"    {intake.slot.value}: {intake.dose}")
    for assumption in reading.assumptions:
        typer.echo(f"  Assumed: {assumption}")


def facts(
    drug: Annotated[str, typer.Argument(help="A drug or brand name.")],
    region: Annotated[str | None, typer.Option("--region", help="Only the products of one region.")] = None,
    form: Format = "text",
) -> None:
    """Show a drug with its products, equivalents, limits and sources; what is not verified says so."""
    from glidepath.facts.describe import describe_drug
    from glidepath.facts.formulary import load_formulary

    _one_of("format", form, ("text", "json"))
    described = describe_drug(load_formulary(), drug, region)
    if form == "json":
        typer.echo(json.dumps(described.as_record(), indent=1, ensure_ascii=False))
        return
    from glidepath.render.terminal import print_drug

    print_drug(described)


def convert(
    dose: Annotated[str, typer.Argument(help='A drug and a dose, for example "clonazepam 1.5 mg".')],
    to: Annotated[str, typer.Option("--to", help="The drug to convert to.")],
    form: Format = "text",
) -> None:
    """Show what every equivalence table makes of a dose, the range and what it means; never one number."""
    from glidepath.casework.plan import convert as convert_dose

    _one_of("format", form, ("text", "json"))
    conversion = convert_dose(dose, to=to)
    if form == "json":
        typer.echo(json.dumps(conversion.as_record(), indent=1, ensure_ascii=False))
        return
    from glidepath.render.terminal import print_conversion

    print_conversion(conversion)


def _one_of(name: str, value: str, allowed: tuple[str, ...]) -> str:
    if value not in allowed:
        raise typer.BadParameter(f"--{name} is one of {', '.join(allowed)}")
    return value
