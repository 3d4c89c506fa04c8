"""The people of the scenarios: a folder each with the case, what a clinician would expect, and the whole assessment.

`expected.toml` is typed by hand with one line of reasoning. `assessment.json` pins every finding, so that a change of a
rule shows whom it concerns: `python -m tests.scenario.people` writes it again, to be read before it is committed.
"""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from glidepath.casework.assess import Assessed, assess, document_of
from glidepath.casework.case_file import case_of
from glidepath.patient.case import FIELDS, YES_NO

TODAY = date(2026, 11, 22)
FOLDER = Path(__file__).parent / "cases"
# Every question that a plan asks before it can be signed, answered in the quietest way.
QUIET: dict[str, object] = {
    "region": "US",
    "stopped": "no",
    "days_per_week": 7,
    "as_needed": "no",
    "supply": "prescribed",
    "reason": "anxiety",
    "escalating": "no",
    "more_than_prescribed": "no",
    "craving": "no",
    "cannot_manage_without": "no",
    "age": 45,
    "sex_at_birth": "male",
    "pregnancy": "no",
    "lactation": "no",
    "end_of_life": "no",
    "liver": "none",
    "kidney": "none",
    **dict.fromkeys(
        [f.name for f in FIELDS if f.answers == YES_NO and f.section in ("conditions", "medicines", "history")], "no"
    ),
    "past_taper": "none",
    "past_reaction": "none",
    "suicidality": "none",
    "alcohol": "none",
    "wants": "taper",
    "has_support": "yes",
    "can_attend_reviews": "yes",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """One person. `expected` has care, dependence, tier, first_answer, must_apply and the reasoning."""

    name: str
    folder: Path
    expected: dict[str, Any]

    @property
    def assessed(self) -> Assessed:
        return assess(case_of((self.folder / "case.yaml").read_bytes(), TODAY), today=TODAY)

    @property
    def pinned(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads((self.folder / "assessment.json").read_text(encoding="utf-8"))
        return found


@lru_cache(maxsize=1)
def scenarios() -> tuple[Scenario, ...]:
    return tuple(
        Scenario(
            name=folder.name,
            folder=folder,
            expected=tomllib.loads((folder / "expected.toml").read_text(encoding="utf-8")),
        )
        for folder in sorted(FOLDER.iterdir())
        if folder.is_dir()
    )


def lasting_document_of(done: Assessed) -> dict[str, Any]:
    """The assessment as its document, without the versions, which change for other reasons."""
    return {key: value for key, value in document_of(done).items() if key not in ("facts", "engine_version")}


if __name__ == "__main__":
    for scenario in scenarios():
        text = json.dumps(lasting_document_of(scenario.assessed), indent=1, ensure_ascii=False)
        (scenario.folder / "assessment.json").write_text(text + "\n", encoding="utf-8")
