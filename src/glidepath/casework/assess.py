"""What a person asks before a plan: should this person taper, how fast, where, and with what watching."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from glidepath import __version__
from glidepath.dosing.equivalence import Equivalences
from glidepath.dosing.read_sig import Reading, read_sig
from glidepath.dosing.regimen import Intake, Regimen
from glidepath.errors import InputError, RefusedError
from glidepath.facts.formulary import Formulary, load_formulary
from glidepath.guidance.finding import Finding, Severity
from glidepath.guidance.pace import Pace
from glidepath.guidance.pacing import PaceWish, pace_of
from glidepath.guidance.rulebook import Effect, rulebook_of
from glidepath.monitor.emergency import country, emergency_block
from glidepath.patient.assessment import Assessment, Met
from glidepath.patient.assessment import assess as hold_against
from glidepath.patient.case import Case
from glidepath.patient.case_reading import read_case
from glidepath.patient.derived import answers_of
from glidepath.quantity import exact_decimal
from glidepath.render.assessment_document import assessment_document
from glidepath.render.document import Document
from glidepath.taper.slots import FALLS_FIRST

_SLIP_TIMES = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessed:
    """A case with its assessment and what it rests on. `answers` has those of the case and those derived from them.

    `pace` is the one a plan would have unless another is asked for; `falls_first` are the times of day in the order in
    which they fall where their shares are equal.
    """

    case: Case
    reading: Reading
    answers: Mapping[str, str]
    assessment: Assessment
    pace: Pace
    falls_first: tuple[str, ...]
    emergency: tuple[str, ...]
    today: date
    facts_version: str
    facts_digest: str
    engine_version: str


def assess(
    case: Case | Mapping[str, object], *, today: date | None = None, formulary: Formulary | None = None
) -> Assessed:
    """The assessment of a case (or of the plain values of a case file).

    Raises the named errors of `read_case` and of reading the line; a finding is never an error, also one that refuses.
    """
    clock = today or date.today()  # noqa: DTZ011 - a case is in calendar dates of the person's own place
    facts = formulary or load_formulary()
    told = case if isinstance(case, Case) else read_case(case, clock)
    line = told.value("line")
    if not isinstance(line, str):
        says = "The case does not say what is taken."
        raise InputError("SIG_EMPTY", says, field="line", fix="Give line: clonazepam 1 mg at night.")
    reading = line_of(line, told.region, facts)
    recorded = Regimen.of(i for taken in reading.taken for i in taken.intakes)
    drugs = recorded.drugs
    ceilings = {d: facts.drug(d).ceilings for d in drugs}
    for drug in drugs:
        highest = max((c.mg_per_day for c in ceilings[drug]), default=None)
        if highest is not None and recorded.total(drug).mg >= _SLIP_TIMES * highest:
            says = "The dose is many times every stated maximum."
            raise InputError("NUM_RANGE", says, field="line", fix="Check the decimal point and the unit.")
    answers = answers_of(
        told,
        recorded,
        drugs[0],
        bands=facts.dose_bands,
        equivalences=Equivalences.of({d: facts.conversion_tables(d) for d in drugs}),
        thresholds=facts.thresholds,
        ceilings=ceilings,
        not_planned=tuple(d for d in drugs if facts.drug(d).not_planned is not None),
        today=clock,
    )
    if len(drugs) > 1:
        answers["other_sedatives"] = "yes"  # they stand on the line, whatever was answered
    found = hold_against(answers, rulebook_of(facts.rules))
    return Assessed(
        case=told,
        reading=reading,
        answers=answers,
        assessment=found,
        pace=pace_of(PaceWish(), drugs[0], facts.profiles, facts.thresholds, slower_reasons(found)),
        falls_first=_falls_first(recorded.of_drug(drugs[0])),
        emergency=who_to_call(told.region, facts),
        today=clock,
        facts_version=facts.version,
        facts_digest=facts.digest,
        engine_version=__version__,
    )


def document_of(done: Assessed) -> Document:
    """The assessment as plain JSON values."""
    return assessment_document(
        done.case,
        done.reading,
        done.assessment,
        done.pace,
        done.falls_first,
        answers=dict(done.answers),
        today=done.today,
        facts=(done.facts_version, done.facts_digest),
        engine_version=done.engine_version,
    )


def line_of(line: str, region: str, facts: Formulary) -> Reading:
    """The line of a case as it is read; where no products are loaded for the region, a dose is stated in mg."""
    return read_sig(line, facts, region=region if region in facts.regions else None)


def who_to_call(region: str, facts: Formulary) -> tuple[str, ...]:
    """Who to call in the region of a case, as lines; where it is not listed, the words for any country."""
    lines = emergency_block(country(region, facts.places)).lines
    return tuple(f"{e.label}: {e.contact}" + (f" ({e.note})" if e.note else "") for e in lines)


def _falls_first(intakes: Iterable[Intake]) -> tuple[str, ...]:
    return tuple(i.slot.value for i in sorted(intakes, key=lambda i: FALLS_FIRST[i.slot]))


def plain_values(case: Case) -> dict[str, object]:
    """The case as it stands in a file: region and fields, as texts and whole numbers."""
    found: dict[str, object] = {"region": case.region}
    for name, value in case.values.items():
        found[name] = value if isinstance(value, (int, str)) else _text(value)
    return found


def _text(value: date | Fraction) -> str:
    return value.isoformat() if isinstance(value, date) else exact_decimal(value)


_SEVERITY = {
    Effect.NOTE: Severity.NOTE,
    Effect.CAUTION: Severity.CAUTION,
    Effect.SPECIALIST: Severity.SPECIALIST,
    Effect.INPATIENT: Severity.INPATIENT,
    Effect.REFUSE: Severity.SPECIALIST,
}


def assessment_findings(assessment: Assessment) -> tuple[Finding, ...]:
    """Every rule that applies or cannot be told, as findings of a plan; the gravest first."""
    found = []
    for judged in sorted(assessment.judged, key=lambda j: -j.rule.effect.weight):
        if judged.met is Met.NOT_MET:
            continue
        known = judged.met is Met.MET
        # What only the facts could settle is for a specialist to judge: no answer of the person would help.
        severity = _SEVERITY[judged.rule.effect] if known or not judged.missing else Severity.NOT_ASSESSABLE
        found.append(
            Finding(
                rule=judged.rule.id,
                severity=severity,
                says=f"{judged.rule.statement}.",
                saw=""
                if known
                else f"not known: {', '.join(judged.missing).replace('_', ' ') or 'no loaded table tells'}",
                sources=judged.rule.sources,
                status=judged.rule.status,
            )
        )
    return tuple(found)


def slower_reasons(assessment: Assessment) -> tuple[str, ...]:
    """Why the assessment asks for the slower interval, in few words."""
    return tuple(assessment.of(rule_id).rule.statement.split(";")[0].casefold() for rule_id in assessment.slower)


def refuse_if_asked(assessment: Assessment) -> None:
    """Raise CASE_REFUSED (or AGE_UNDER_18) where a rule says that nothing is planned for this person."""
    for rule in assessment.refusals:
        code = "AGE_UNDER_18" if rule.id == "AS-ADULT" else "CASE_REFUSED"
        raise RefusedError(code, f"{rule.statement}.", field="case", fix="Refer to a service for this person.")
    if assessment.of("AS-STOPPED").met is Met.MET:
        raise RefusedError(
            "CASE_REFUSED",
            f"{assessment.of('AS-STOPPED').rule.statement}. Nothing is planned from the dose before.",
            field="stopped",
            fix="If the prescriber starts it again, assess what is taken then, with stopped: no.",
        )
    if assessment.of("AS-AS-NEEDED").met is Met.MET:
        raise RefusedError(
            "PRN_NOT_A_BASE",
            f"{assessment.of('AS-AS-NEEDED').rule.statement}. A daily plan would raise what is taken.",
            field="days_per_week",
            fix="Find the steady daily dose, give it as the line, with days_per_week: 7 and as_needed: no.",
        )
