"""The short risk screen: dose band, level of care, and what asks for a slower pace or a specialist.

It is not an assessment. Every finding names its rule and source; unknown answers are findings of their own.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction

from glidepath.dosing.equivalence import Equivalences, Span
from glidepath.dosing.regimen import Regimen
from glidepath.facts.records import DoseBand, Threshold
from glidepath.guidance.finding import Finding, Severity
from glidepath.patient.person import ASKS, QUESTIONS, Answer, Person
from glidepath.quantity import exact_decimal, rounded_down, rounded_up, trimmed


def in_high_band(drug: str, recorded: Regimen, bands: tuple[DoseBand, ...], equivalences: Equivalences) -> bool | None:
    """Whether the recorded dose is in the guideline's high band; None when no table says.

    Per-drug limits where the guideline prints them, otherwise the diazepam-equivalent limit by the highest table.
    With other sedatives on the line, the highest total counts too.
    """
    high = next(b for b in bands if b.band == "high")
    own = high.limit(drug)
    above_own = own is not None and own.over is not None and recorded.total(drug).mg > own.over
    if own is not None and len(recorded.drugs) == 1:
        return above_own
    total = highest_total(recorded, equivalences)
    over = high.diazepam_equivalent.over
    if total is None or over is None:
        return True if above_own else None
    return above_own or total.high > over


def highest_total(recorded: Regimen, equivalences: Equivalences) -> Span | None:
    """Total diazepam-equivalent over every loaded table, as lowest and highest; None when a drug is in no table."""
    total = Span(Fraction(0), Fraction(0))
    for drug in recorded.drugs:
        span = equivalences.widest(drug, recorded.total(drug).mg)
        if span is None:
            return None
        total = total + span
    return total


def slower_because(
    person: Person, start: date, high_band: bool | None, thresholds: Mapping[str, Threshold]
) -> tuple[str, ...]:
    """Why the longer interval applies: known reasons first, then what is unknown (unknown is never no)."""
    older, long_use = thresholds["older_age_years"].whole, thresholds["long_use_years"].whole
    years = person.years_of_use(start)
    reasons = []
    if person.age is not None and person.age >= older:
        reasons.append(f"age {older} or over")
    if years is not None and years >= long_use:
        reasons.append(f"use for {long_use} years or more")
    if high_band:
        reasons.append("dose in the high band")
    if person.past_complicated_withdrawal is Answer.YES:
        reasons.append("a past complicated withdrawal")
    if person.age is None:
        reasons.append("age unknown")
    if years is None:
        reasons.append("duration unknown")
    if high_band is None:
        reasons.append("dose band unknown")
    return tuple(reasons)


def risk_findings(
    person: Person, drug: str, recorded: Regimen, equivalences: Equivalences, thresholds: Mapping[str, Threshold]
) -> tuple[Finding, ...]:
    """Findings on the dose and the answers, the gravest first."""
    found = [*_dose_findings(recorded, equivalences, thresholds), *_answer_findings(person, drug)]
    if person.age is not None and person.age >= thresholds["older_age_years"].whole:
        older = thresholds["older_age_years"]
        found.append(
            Finding(
                rule="older-adult",
                severity=Severity.CAUTION,
                says=f"Age {older.whole} or over: falls and sedation; the slower interval is used.",
                saw=str(person.age),
                sources=(older.source,),
                status=older.status,
            )
        )
    order = {Severity.INPATIENT: 0, Severity.SPECIALIST: 1, Severity.NOT_ASSESSABLE: 2, Severity.CAUTION: 3}
    return tuple(sorted(found, key=lambda f: order.get(f.severity, 4)))


def _dose_findings(recorded: Regimen, equivalences: Equivalences, thresholds: Mapping[str, Threshold]) -> list[Finding]:
    total = highest_total(recorded, equivalences)
    if total is None:
        return [
            Finding(
                rule="level-of-care-by-dose",
                severity=Severity.NOT_ASSESSABLE,
                says="The level of care by dose cannot be assessed: no loaded table converts every drug on the line.",
            )
        ]
    low, high = trimmed(rounded_down(total.low, 1)), trimmed(rounded_up(total.high, 1))
    saw = f"{low} to {high} mg diazepam-equivalent a day, all tables"
    specialist, inpatient = thresholds["specialist_over_diazepam_mg"], thresholds["inpatient_from_diazepam_mg"]
    found = []
    if total.high >= inpatient.value:
        found.append(
            Finding(
                rule="inpatient-from-dose",
                severity=Severity.INPATIENT,
                says="By at least one table the dose is at a level where inpatient care should be considered.",
                saw=saw,
                bound=f"{exact_decimal(inpatient.value)} mg a day",
                sources=(inpatient.source,),
                status=inpatient.status,
            )
        )
    if total.high > specialist.value:
        found.append(
            Finding(
                rule="specialist-over-dose",
                severity=Severity.SPECIALIST,
                says="By at least one table the dose is above the level at which a specialist should be involved.",
                saw=saw,
                bound=f"{exact_decimal(specialist.value)} mg a day",
                sources=(specialist.source,),
                status=specialist.status,
            )
        )
    if not found:
        found.append(
            Finding(
                rule="level-of-care-by-dose",
                severity=Severity.NOTE,
                says="By every table the dose is not above the level from which a specialist is asked for.",
                saw=saw,
                bound=f"{exact_decimal(specialist.value)} mg a day",
                sources=(specialist.source,),
                status=specialist.status,
            )
        )
    return found


_ON_YES = {
    "seizures": (
        "A seizure history: reduction can bring seizures. A named specialist must agree before signing.",
        ("LABEL-KLONOPIN",),
    ),
    "pregnancy": (
        "Pregnancy or breastfeeding: a named specialist must agree before signing; never an abrupt stop.",
        ("ASAM2025",),
    ),
    "liver": (
        "Severe liver disease: diazepam and other long-acting drugs accumulate; a named specialist must agree.",
        ("CKS",),
    ),
    "opioid": (
        "An opioid: risk of slowed breathing. Offer naloxone, review at least every 3 months, never touch methadone "
        "or buprenorphine; a named specialist must agree before signing.",
        ("ASAM2025",),
    ),
    "other_sedatives": (
        "Alcohol or another sedative: only one is reduced at a time; a named specialist must agree before signing.",
        ("ASAM2025", "TAS"),
    ),
    "past_complicated_withdrawal": (
        "A past complicated withdrawal: the slower interval is used; a named specialist must agree before signing.",
        ("ASAM2025",),
    ),
}


def _answer_findings(person: Person, drug: str) -> list[Finding]:
    found = []
    for question in QUESTIONS:
        answer = person.answer(question)
        if answer is Answer.YES:
            says, sources = _ON_YES[question]
            if question == "seizures" and drug in ("clonazepam", "clobazam"):
                says += f" {drug.capitalize()} is also given for epilepsy: only with the epilepsy prescriber."
            found.append(
                Finding(
                    rule=f"answer-{question}",
                    severity=Severity.SPECIALIST,
                    says=says,
                    saw="yes",
                    sources=sources,
                    status="project_proposal",
                )
            )
        elif answer is Answer.UNKNOWN:
            found.append(
                Finding(
                    rule=f"answer-{question}",
                    severity=Severity.NOT_ASSESSABLE,
                    says=f"Not answered: {ASKS[question]} Unknown is not no; the plan stays a draft.",
                    saw="unknown",
                    status="project_proposal",
                )
            )
    for missing, asks in (("age", "Age"), ("since", "Since when the drug is taken")):
        if missing in person.unanswered:
            found.append(
                Finding(
                    rule=f"answer-{missing}",
                    severity=Severity.NOT_ASSESSABLE,
                    says=f"Not answered: {asks}. The slower interval is used and the plan stays a draft.",
                    saw="unknown",
                    status="project_proposal",
                )
            )
    return found
