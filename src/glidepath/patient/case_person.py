"""The person of the short questions, as a case answers them: what planning asks for, and no more."""

from __future__ import annotations

from datetime import date

from glidepath.patient.case import Case
from glidepath.patient.person import Answer, Person


def person_of(case: Case) -> Person:
    """Age, beginning of use and the six answers. Yes if any field says yes, no only where every one says no."""
    age, since = case.value("age"), case.value("since")
    return Person(
        age=age if isinstance(age, int) else None,
        since=since if isinstance(since, date) else None,
        seizures=_any(case, "seizure_disorder"),
        pregnancy=_pregnancy(case),
        liver=_worst(case, "liver", yes=("severe",)),
        opioid=_any(case, "opioid", "methadone_or_buprenorphine"),
        other_sedatives=_together(_any(case, "other_sedatives"), _worst(case, "alcohol", yes=("daily", "heavy"))),
        past_complicated_withdrawal=_any(case, "past_withdrawal_seizure", "past_withdrawal_delirium"),
    )


def _any(case: Case, *fields: str) -> Answer:
    return _together(*(_worst(case, field, yes=("yes",)) for field in fields))


def _worst(case: Case, field: str, *, yes: tuple[str, ...]) -> Answer:
    found = case.value(field)
    if found is None:
        return Answer.UNKNOWN
    return Answer.YES if found in yes else Answer.NO


def _together(*answers: Answer) -> Answer:
    if Answer.YES in answers:
        return Answer.YES
    return Answer.UNKNOWN if Answer.UNKNOWN in answers else Answer.NO


def _pregnancy(case: Case) -> Answer:
    """Pregnancy or breastfeeding; for a person recorded male at birth neither is asked."""
    return Answer.NO if case.value("sex_at_birth") == "male" else _any(case, "pregnancy", "lactation")
