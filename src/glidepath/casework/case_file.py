"""Reading a case file: YAML or JSON, strictly, and the commented template of one."""

from __future__ import annotations

from datetime import date

from glidepath.errors import FactsError, InputError
from glidepath.patient.case import FIELDS, SECTIONS, Case
from glidepath.patient.case_reading import FORMAT, read_case
from glidepath.render.reading import parse_json


def case_of(data: bytes, today: date) -> Case:
    """The case of a file's bytes. Raises the named errors of `read_case`, JSON_… or YAML_…."""
    if data.lstrip()[:1] == b"{":
        return read_case(parse_json(data), today)
    from glidepath.facts.strict_yaml import read_yaml_bytes  # slow to load, and JSON does not need it

    try:
        return read_case(read_yaml_bytes(data, "case").value, today)
    except FactsError as error:
        raise InputError(error.code, error.message, field=error.field or "case", fix=error.fix) from error


def template() -> str:
    """A case file with every field, its question and its answers, all not asked."""
    lines = [
        "# A case for `glidepath assess`. No name belongs in it. Every answer may be `unknown` (nobody knows) or stay",
        "# `not asked`; neither is ever read as a no. Put numbers with a point, yes and no in quotes.",
        f"format: {FORMAT}",
        "region: US",
    ]
    for section in SECTIONS:
        lines += ["", f"{section}:"]
        for field in (f for f in FIELDS if f.section == section):
            words = f" ({', '.join(field.answers)})" if field.answers else ""
            lines += [f"  # {field.asks}{words}", f"  {field.name}: not asked"]
    return "\n".join(lines) + "\n"
