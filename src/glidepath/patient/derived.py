"""What follows from a case before any rule is asked: dose band, duration, likelihood of dependence; as plain answers.

Each is an answer like those of the case itself, `unknown` where something it rests on is not known.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from fractions import Fraction

from glidepath.dosing.equivalence import Equivalences
from glidepath.dosing.regimen import Regimen
from glidepath.facts.model import Ceiling
from glidepath.facts.records import DoseBand, Threshold
from glidepath.guidance.condition import UNKNOWN
from glidepath.patient.case import BY_NAME, Case
from glidepath.patient.risk import highest_total

# "Under 1 month" and "3 months or more" of the guideline's table, in days; a month is not a fixed number of days, so
# the shorter month is taken for what begins a risk.
# Which answers of the case would settle what follows from them.
RESTS_ON: Mapping[str, tuple[str, ...]] = {
    "age_group": ("age",),
    "has_stopped": ("stopped",),
    "not_daily": ("days_per_week",),
    "three_months": ("since", "days_per_week"),
    "long_use": ("since",),
    "long_enough": ("since", "days_per_week"),
    "two_weeks": ("since", "days_per_week"),
    "dependence": ("since", "days_per_week"),
}
# What only the facts could settle: no answer of the person can.
OF_THE_FACTS = frozenset({"dose_band", "over_40_mg", "from_100_mg", "over_ceiling", "over_a_ceiling", "planned_here"})

_DAYS_OF_A_WEEK = 7
ONE_MONTH_DAYS, THREE_MONTHS_DAYS, TWO_WEEKS_DAYS = 28, 89, 14


def answers_of(
    case: Case,
    recorded: Regimen,
    drug: str,
    *,
    bands: tuple[DoseBand, ...],
    equivalences: Equivalences,
    thresholds: Mapping[str, Threshold],
    ceilings: Mapping[str, tuple[Ceiling, ...]],
    not_planned: tuple[str, ...] = (),
    today: date,
) -> dict[str, str]:
    """Every answer of the case by field, and those that follow from them, for the rules to look at.

    `not_planned` are the drugs of the line for which no plan is made here.
    """
    said = {name: case.said(name) for name in BY_NAME}
    days = _days_of_use(case, today)
    band = dose_band(drug, recorded, bands, equivalences)
    total = highest_total(recorded, equivalences)
    over, from_ = thresholds["specialist_over_diazepam_mg"].value, thresholds["inpatient_from_diazepam_mg"].value
    said |= {
        "drug": " ".join(recorded.drugs),
        "age_group": _age_group(case, thresholds),
        "dose_band": band,
        "over_40_mg": _yes(None if total is None else total.high > over),
        "from_100_mg": _yes(None if total is None else total.high >= from_),
        "over_ceiling": _over_ceiling(recorded, ceilings, case.region, max),
        "over_a_ceiling": _over_ceiling(recorded, ceilings, case.region, min),
        "planned_here": _yes(not not_planned),
        "has_stopped": UNKNOWN if case.value("stopped") is None else _yes(said["stopped"] != "no"),
        "not_daily": _not_daily(case.value("days_per_week")),
        "long_use": _yes(None if days is None else days >= thresholds["long_use_years"].whole * 365),
        "long_enough": _daily_for(case, days, ONE_MONTH_DAYS),
        "two_weeks": _daily_for(case, days, TWO_WEEKS_DAYS),
        "three_months": _daily_for(case, days, THREE_MONTHS_DAYS),
    }
    # The table is of people who take it. After a stop it says nothing of what is left.
    gone = said["has_stopped"] == "yes"
    said["dependence"] = UNKNOWN if gone else dependence(days, case.value("days_per_week"), band)
    return said


def dependence(days: int | None, per_week: object, band: str) -> str:
    """How likely physical dependence is by the guideline's table: rare, possible, likely, or unknown.

    ASAM 2025, pocket guide table 2 (consensus). It is expected after regular use and is not a disorder of use.
    """
    if isinstance(per_week, int) and per_week <= 3:
        return "rare"
    if days is None or not isinstance(per_week, int):
        return UNKNOWN
    if days >= THREE_MONTHS_DAYS:
        return "likely"
    if days < ONE_MONTH_DAYS:
        return "possible"
    return {"low": "possible", "moderate": "likely", "high": "likely"}.get(band, UNKNOWN)


def dose_band(drug: str, recorded: Regimen, bands: tuple[DoseBand, ...], equivalences: Equivalences) -> str:
    """low, moderate or high by the guideline's own limits for the drug, else by the highest equivalent of any table.

    At exactly 10 mg diazepam-equivalent, where two bands touch, it is low. With several sedatives the total counts.
    """
    by_name = {b.band: b for b in bands}
    total = highest_total(recorded, equivalences)
    own_low, own_high = by_name["low"].limit(drug), by_name["high"].limit(drug)
    dose: Fraction | None
    if own_low is not None and own_high is not None and len(recorded.drugs) == 1:
        dose, low, high = recorded.total(drug).mg, own_low.high, own_high.over
    else:
        limits = (by_name["low"].diazepam_equivalent.high, by_name["high"].diazepam_equivalent.over)
        dose, (low, high) = None if total is None else total.high, limits
    if dose is None or low is None or high is None:
        return UNKNOWN
    return "low" if dose <= low else "high" if dose > high else "moderate"


def _days_of_use(case: Case, today: date) -> int | None:
    since = case.value("since")
    return (today - since).days if isinstance(since, date) else None


def _daily_for(case: Case, days: int | None, least: int) -> str:
    """Whether it has been taken on most days of the week for so long."""
    per_week = case.value("days_per_week")
    if isinstance(per_week, int) and per_week <= 3:
        return "no"
    if days is not None and days < least:
        return "no"
    return _yes(None if days is None or per_week is None else True)


def _age_group(case: Case, thresholds: Mapping[str, Threshold]) -> str:
    age = case.value("age")
    if not isinstance(age, int):
        return UNKNOWN
    if age < thresholds["adult_age_years"].whole:
        return "under_18"
    return "65_plus" if age >= thresholds["older_age_years"].whole else "18_to_64"


def _over_ceiling(
    recorded: Regimen,
    ceilings: Mapping[str, tuple[Ceiling, ...]],
    region: str,
    which: Callable[[list[Fraction]], Fraction],
) -> str:
    """Whether any drug is above the highest (max) or lowest (min) maximum stated for it, of the region or else of any.

    Maximums differ by use, age and form, which the line does not say.
    """
    found = []
    for drug in recorded.drugs:
        rows = ceilings.get(drug, ())
        own = [c.mg_per_day for c in rows if c.region == region] or [c.mg_per_day for c in rows]
        found.append(None if not own else recorded.total(drug).mg > which(own))
    return _yes(True if True in found else None if None in found else False)


def _not_daily(per_week: object) -> str:
    return _yes(per_week < _DAYS_OF_A_WEEK if isinstance(per_week, int) else None)


def _yes(found: bool | None) -> str:
    return UNKNOWN if found is None else "yes" if found else "no"
