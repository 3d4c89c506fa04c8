"""What one rule says about one case: a finding is data, never an exception."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How much a finding asks for, in rising order."""

    NOTE = "note"
    CAUTION = "caution"
    NOT_ASSESSABLE = "not assessable"
    SPECIALIST = "specialist"
    INPATIENT = "inpatient"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What a rule saw, the bound it was held against, and where the rule comes from.

    `status` says how well the rule itself is known: read at the source, recalled, or a proposal of this project.
    No rule is signed off by a clinician yet.
    """

    rule: str
    severity: Severity
    says: str
    saw: str = ""
    bound: str = ""
    sources: tuple[str, ...] = ()
    status: str = "draft"
