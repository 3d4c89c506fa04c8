"""`glidepath sign` and `glidepath print`: a named clinician accepts a route; sheets come only from that."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from glidepath.errors import InputError

_MOST_BYTES = 32 * 2**20


@click.command("sign")
@click.argument("plan", type=click.Path(path_type=Path))
@click.option("--option", "option", required=True, help="The route that is accepted, for example direct-all-forms.")
@click.option("--by", "by", required=True, help='"Name, role, registration" of the signing clinician.')
@click.option("--override", "override", multiple=True, help='A breach accepted, CHECK="reason"; once for each.')
@click.option("--specialist", "specialist", help='"Name, role, registration" of a specialist who agrees.')
@click.option("--specialist-reason", "specialist_reason", help="Why it is right to go on.")
@click.option(
    "--out", "out", type=click.Path(path_type=Path), help="Where to write (default: signed.json beside the plan)."
)
@click.option("--at", "at", help="Signing time, ISO with offset (default: now).")
@click.option("--force", "force", is_flag=True, help="Overwrite an earlier signed.json.")
def sign(
    plan: Path,
    option: str,
    by: str,
    override: tuple[str, ...],
    specialist: str | None,
    specialist_reason: str | None,
    out: Path | None,
    at: str | None,
    force: bool,
) -> None:
    """Sign one route of a plan. An attestation by the named person, not a check of identity."""
    from glidepath.casework.sign import sign as sign_plan
    from glidepath.casework.sign import signed_view
    from glidepath.cli.files import read_input, write_one
    from glidepath.render.document import document_text
    from glidepath.render.reading import parse_json, read_plan

    overrides: dict[str, str] = {}
    for text in override or []:
        check, mark, why = text.partition("=")
        if not mark or not why.strip():
            raise InputError(
                "OPTION_INVALID", "An override has no reason.", field="override", fix='Write CHECK="reason".'
            )
        if check.strip() in overrides:
            raise InputError(
                "OPTION_INVALID", "A check is overridden twice.", field="override", fix="Give one reason for each."
            )
        overrides[check.strip()] = why.strip().strip('"')
    document = read_plan(read_input(plan, _MOST_BYTES))
    signed = sign_plan(
        document,
        option=option,
        by=by,
        at=_signing_time(at),
        override=overrides,
        specialist=specialist,
        specialist_reason=specialist_reason,
    )
    data = document_text(signed).encode()
    view = signed_view(parse_json(data))
    target = out or plan.parent / "signed.json"
    write_one(target, data, force=force)
    click.echo(f"Signed {view.route_title} by {view.signature.by if view.signature else ''}.")
    click.echo(signed["attestation"])
    for check, why in overrides.items():
        click.echo(f"Overridden: {check}: {why}")
    click.echo(f"Written to {target}. Next: glidepath print {target} --out DIR")


@click.command("print")
@click.argument("signed", type=click.Path(path_type=Path))
@click.option(
    "--out", "out", type=click.Path(path_type=Path), required=True, help="Folder for the sheets and the calendar."
)
@click.option("--fill", "fill", type=click.IntRange(1), default=1, show_default=True, help="Which fill.")
@click.option("--check-in", "check_in", help="The day of the check-in before a later fill, YYYY-MM-DD.")
@click.option("--force", "force", is_flag=True, help="Overwrite earlier sheets.")
def print_sheets(
    signed: Path,
    out: Path,
    fill: int,
    check_in: str | None,
    force: bool,
) -> None:
    """Make the patient and pharmacy sheets and the calendar for one fill of a signed plan.

    A later fill needs the day of the check-in at which the clinician agreed to go on as planned. After a hold or any
    other change, plan again from what is taken then and sign that.
    """
    from glidepath.casework.outputs import signed_files
    from glidepath.casework.sign import for_fill, signed_view
    from glidepath.cli.files import read_input, write_all
    from glidepath.render.reading import parse_json

    view = for_fill(signed_view(parse_json(read_input(signed, _MOST_BYTES))), fill, check_in)
    files = signed_files(view)
    write_all(out, files, force=force)
    click.echo(f"Written to {out}: {', '.join(sorted(files))}")


def _signing_time(text: str | None) -> str:
    if text is None:
        return datetime.now(UTC).replace(microsecond=0).isoformat()
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise InputError(
            "DATE_INVALID",
            "The signing time is not a date and time with its offset.",
            field="at",
            fix="Write for example 2026-12-01T09:30:00+00:00.",
        )
    return moment.replace(microsecond=0).isoformat()
