"""A case: what is known of a person, their use and their wishes, without a name.

Every field is a value, `unknown` (asked, nobody knows) or `not asked`; the three are never mixed, and neither of
the last two is ever a no. `FIELDS` is the one list of fields: the template, the interview and the published schema are
made from it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from glidepath.guidance.condition import NOT_ASKED, UNKNOWN

YES_NO = ("yes", "no")


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field of a case. `answers` are the words it may have; without them it is a number, a date, a line or names.

    `kind` is answer, age, weight, days, date, line, medicines or conditions. `asks` is the question in plain words.
    """

    name: str
    section: str
    kind: str
    asks: str
    answers: tuple[str, ...] = ()


def _answers(section: str, questions: Mapping[str, str], answers: tuple[str, ...] = YES_NO) -> tuple[Field, ...]:
    return tuple(
        Field(name=name, section=section, kind="answer", asks=asks, answers=answers) for name, asks in questions.items()
    )


_SEVERITY = ("none", "mild", "moderate", "severe")
FIELDS: tuple[Field, ...] = (
    Field(
        name="line",
        section="use",
        kind="line",
        asks="Every benzodiazepine and Z-drug taken, as a line: clonazepam 1 mg twice daily",
    ),
    Field(name="since", section="use", kind="date", asks="Taken since when (2023-11)?"),
    Field(
        name="stopped",
        section="use",
        kind="date",
        answers=("no",),
        asks="Was it stopped? Since when (2026-11-20), or no",
    ),
    Field(name="days_per_week", section="use", kind="days", asks="On how many days a week?"),
    *_answers("use", {"as_needed": "Taken only when needed, without a steady dose?"}),
    *_answers(
        "use",
        {"supply": "Where does it come from?"},
        ("prescribed", "others", "online", "illicit"),
    ),
    *_answers(
        "use",
        {"reason": "What was it prescribed for?"},
        ("anxiety", "panic", "insomnia", "epilepsy", "ptsd", "spasticity", "bipolar", "other"),
    ),
    *_answers(
        "use",
        {
            "escalating": "Has the dose been rising without a plan?",
            "more_than_prescribed": "Is more taken than prescribed?",
            "craving": "Is there craving for it?",
            "cannot_manage_without": "Does the person feel they cannot manage a day without it?",
        },
    ),
    *_answers("use", {"still_helps": "Does it still help with what it was prescribed for?"}),
    Field(name="age", section="person", kind="age", asks="Age in years?"),
    *_answers("person", {"sex_at_birth": "Sex recorded at birth?"}, ("female", "male", "intersex")),
    Field(name="weight_kg", section="person", kind="weight", asks="Weight in kg?"),
    *_answers(
        "person",
        {
            "pregnancy": "Pregnant, or possibly pregnant?",
            "lactation": "Breastfeeding?",
            "end_of_life": "In palliative or end-of-life care?",
        },
    ),
    *_answers("person", {"liver": "Liver disease?", "kidney": "Kidney disease?"}, _SEVERITY),
    Field(
        name="coded",
        section="conditions",
        kind="conditions",
        asks="Conditions by name or ICD-10 code, as a list: [epilepsy, G47.3]",
    ),
    *_answers(
        "conditions",
        {
            "seizure_disorder": "Epilepsy, or a seizure ever?",
            "sleep_apnoea": "Sleep apnoea?",
            "respiratory_disease": "Lung disease that limits breathing?",
            "bipolar_disorder": "Bipolar disorder?",
            "psychosis": "A psychotic illness?",
            "substance_use_disorder": "A substance use disorder, now or before?",
            "ptsd": "Post-traumatic stress?",
            "dementia": "Dementia, or memory that worries somebody?",
            "falls": "A fall in the last year?",
            "recent_admission": "In hospital for mental or physical illness in the last month?",
            "unstable_illness": "Depression, anxiety, sleep or an illness that is unstable now?",
            "open_red_flag": "An open red flag (see glidepath red-flags)?",
            "severe_withdrawal_now": "Severe or complicated withdrawal now?",
            "imminent_harm": "Imminent harm from going on as it is?",
        },
    ),
    *_answers("conditions", {"suicidality": "Thoughts of suicide now?"}, ("none", "ideas", "plan")),
    Field(
        name="taken",
        section="medicines",
        kind="medicines",
        asks="Medicines beside those on the line, by name or ATC code, as a list: [oxycodone, J02AC01]",
    ),
    *_answers(
        "medicines",
        {
            "opioid": "Any opioid?",
            "methadone_or_buprenorphine": "Methadone or buprenorphine?",
            "other_sedatives": "Any other sedative?",
            "cyp3a4_inhibitor": "A medicine that blocks CYP3A4?",
            "cyp3a4_inducer": "A medicine that induces CYP3A4?",
            "cyp2c19_inhibitor": "A medicine that blocks CYP2C19?",
            "lowers_seizure_threshold": "A medicine that lowers the seizure threshold?",
        },
    ),
    *_answers("medicines", {"alcohol": "Alcohol?"}, ("none", "occasional", "daily", "heavy")),
    *_answers(
        "history",
        {
            "past_withdrawal_seizure": "A seizure in an earlier withdrawal?",
            "past_withdrawal_delirium": "Delirium or psychosis in an earlier withdrawal?",
        },
    ),
    *_answers(
        "history",
        {"past_taper": "An earlier attempt to reduce?"},
        ("none", "finished", "not_finished"),
    ),
    *_answers("history", {"past_reaction": "How hard was an earlier reduction or missed dose?"}, _SEVERITY),
    *_answers("goals", {"wants": "What does the person want?"}, ("taper", "lower", "stay", "unsure")),
    *_answers(
        "goals",
        {"has_support": "Somebody who supports them?", "can_attend_reviews": "Can reviews be attended?"},
    ),
)
BY_NAME: Mapping[str, Field] = {field.name: field for field in FIELDS}
SECTIONS = tuple(dict.fromkeys(field.section for field in FIELDS))

Value = str | int | date | Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """The answers of a case by field. A field that is not there was not asked; `UNKNOWN` is an answer of its own."""

    region: str
    values: Mapping[str, Value]

    def value(self, name: str) -> Value | None:
        """The value of a field, or None where it is unknown or was not asked."""
        found = self.values.get(name)
        return None if found == UNKNOWN else found

    def said(self, name: str) -> str:
        """The answer as a word; `unknown` and `not asked` are words of their own."""
        return str(self.values.get(name, NOT_ASKED))

    @property
    def unanswered(self) -> tuple[str, ...]:
        """Fields that are unknown or were not asked, in the order they are asked."""
        return tuple(f.name for f in FIELDS if self.value(f.name) is None)
