"""Reading a case file: YAML or JSON, strictly, and the commented template of one."""

from __future__ import annotations

import re
from datetime import date

from glidepath.errors import FactsError, InputError
from glidepath.patient.case import BY_NAME, FIELDS, SECTIONS, Case
from glidepath.patient.case_reading import FORMAT, read_case
from glidepath.render.reading import parse_json


def case_of(data: bytes, today: date) -> Case:
    """The case of a file's bytes. Raises the named errors of `read_case`, JSON_… or YAML_…."""
    if data.lstrip()[:1] == b"{":
        return read_case(parse_json(data), today)
    from glidepath.facts.strict_yaml import read_yaml_bytes  # slow to load, and JSON does not need it

    try:
        return read_case(read_yaml_bytes(data, "case", plain_days=True).value, today)
    except FactsError as error:
        raise _unreadable(error, data) from error


def _unreadable(error: FactsError, data: bytes) -> InputError:
    """The fault of the strict reader, told of a case: with the field on the line that it names."""
    line = re.search(r"line ([0-9]+)", error.message)
    lines = data.decode("utf-8", "replace").splitlines()
    number = int(line[1]) if line else 0
    key = re.match(r"\s*([A-Za-z_][A-Za-z0-9_]*)\s*:", lines[number - 1]) if 0 < number <= len(lines) else None
    field = key[1] if key else "case"
    where = f"Line {number}" + (f", {field}" if key else "") if number else "The case"
    code, says, fix = {
        "YAML_SCALAR_TYPE": (
            error.code,
            "the value needs quotes.",
            "Write yes, no and numbers with a point in quotes, as in 'no' and '70.5', no zero before a number, and a "
            "date as 2026-11-20 or 2026-11.",
        ),
        "YAML_DUPLICATE_KEY": (error.code, "the field is given twice.", "Keep one of the two."),
        "YAML_FEATURE": (error.code, "the case uses YAML that is not read here.", "Write plain fields and values."),
    }.get(error.code, ("YAML_INVALID", "the case is not readable as YAML.", "Check quotes, brackets and indents."))
    if error.code == "YAML_SCALAR_TYPE" and field in BY_NAME and BY_NAME[field].kind in ("age", "days"):
        says, fix = (
            "the value is not a whole number.",
            "Give a whole number, without a point, a sign or a zero before it.",
        )
    return InputError(code, f"{where}: {says}", field=field, fix=fix)


def template() -> str:
    """A case file with every field, its question and its answers, all not asked."""
    lines = [
        "# A case for `glidepath assess`. No name belongs in it. Every answer may be `unknown` (nobody knows) or stay",
        "# `not asked`; neither is ever read as a no. Put numbers with a point, yes and no in quotes.",
        f"format: {FORMAT}",
        "# Where the person lives, or unknown: whose emergency numbers, products and maximum doses hold.",
        "region: US",
    ]
    for section in SECTIONS:
        lines += ["", f"{section}:"]
        for field in (f for f in FIELDS if f.section == section):
            words = f" ({', '.join(field.answers)})" if field.answers else ""
            lines += [f"  # {field.asks}{words}", f"  {field.name}: not asked"]
    return "\n".join(lines) + "\n"
