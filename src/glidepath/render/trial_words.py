"""The sentences of a report on a virtual trial, in one place, so that a clinician can read and change them together."""

from __future__ import annotations

MEASURE_TITLES = {
    "peak_drive": "highest drive",
    "drive_days": "drive summed over days",
    "days_above": "days above the level",
    "peak_day": "day of the highest drive",
}
MEASURE_SAYS = {
    "peak_drive": "Withdrawal drive of the day with the highest mean; no unit.",
    "drive_days": "Withdrawal drive summed over the whole time, in days: 0.1 for ten days makes 1.",
    "days_above": "Days with a drive above the level, hours added up.",
    "peak_day": "The first day as near to the highest drive as can be told; of those of whom one day stands out.",
}
LIMITS = (
    "These are simulated people. Nobody was treated, nothing was measured, and this is no evidence that an arm is safe "
    "or that it works.",
    "Withdrawal drive is a number of a simple model without a unit. It is no symptom score and no forecast for a "
    "person.",
    "There is no probability of success, of relapse, or of a seizure in it, and none can be worked out from it.",
    "Trust the shape of concentrations well, the order and the timing of arms moderately, and the height of the drive "
    "hardly at all.",
    "An order of two arms counts only where every scenario agrees. Where scenarios disagree, the answer is not known. "
    "A returning illness is shown and left out of that: what it adds is no withdrawal.",
    "Bands are the spread between simulated people, not the doubt about the model. The Monte-Carlo error says only how "
    "much a run with another seed would differ.",
    "A lower curve never makes a schedule right. An arm that breaks a limit of guidance is not suggested, whatever "
    "its curve.",
    "Tables of equivalents differ two- to threefold; a comparison of two drugs carries that doubt.",
    "Left out: alcohol, opioids and other medicines, symptoms that last for months, the first nights without sleep, "
    "support and expectation, and everyone under 18.",
    "Doses of an arm made by a rule need not be dispensable, and were not planned or proven.",
)
AGREES_LOWER = "lower in every scenario"
AGREES_HIGHER = "higher in every scenario"
EARLIER, LATER = "earlier in every scenario", "later in every scenario"
DISAGREES = "scenarios disagree: not known"
NO_DIFFERENCE = "no difference beyond Monte-Carlo error in any scenario"
UNCLEAR = "not beyond Monte-Carlo error in every scenario: not known"
RULE_ARM = "a rule: doses need not be dispensable, and were not held against guidance"
PLAN_ARM = "a plan: doses as they stand in the plan document"
OVER_LIMIT = "passes the limit"
FALL_NOT_MEASURED = "largest fall not measured: more than one drug"


def agreement(measure: str, differences: list[tuple[float | None, float | None]]) -> str:
    """What differences with their Monte-Carlo errors, one of each scenario, say together."""
    higher, lower = (LATER, EARLIER) if measure == "peak_day" else (AGREES_HIGHER, AGREES_LOWER)
    signs = set()
    for mean, error in differences:
        is_clear = mean is not None and error is not None and abs(mean) > 2 * error
        signs.add(0 if not is_clear or mean is None else (1 if mean > 0 else -1))
    if signs == {0}:
        return NO_DIFFERENCE
    if signs == {1}:
        return higher
    if signs == {-1}:
        return lower
    return DISAGREES if {1, -1} <= signs else UNCLEAR
