"""A case as part of a planning question: its line and region are those of the plan, and nothing is asked twice."""

from __future__ import annotations

from datetime import date
from typing import Any

from glidepath.errors import InputError
from glidepath.patient.case_reading import read_case
from glidepath.patient.person import QUESTIONS


def take_from_case(clean: dict[str, Any], today: date) -> None:
    """A case answers the short questions: they are not asked beside it, and its line is the line."""
    beside = [q for q in (*QUESTIONS, "age", "since") if clean.get(q) not in (None, "unknown")]
    if beside:
        raise InputError(
            "OPTION_INVALID",
            f"--{beside[0].replace('_', '-')} does not go with --case.",
            field=beside[0],
            fix="Answer it in the case.",
        )
    for name in QUESTIONS:
        clean.pop(name, None)
    case = read_case(clean["case"], today)
    for field, value in (("sig", case.value("line")), ("region", case.region)):
        if value is not None and clean.setdefault(field, value) != value:
            raise InputError(
                "OPTION_INVALID", f"The {field} is not that of the case.", field=field, fix="Change one of the two."
            )
