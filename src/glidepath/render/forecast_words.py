"""What every picture and table of a forecast says beside its numbers: what is assumed, and what it is not."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta

import numpy as np

from glidepath.pharmacology.forecast import Course, Forecast
from glidepath.pharmacology.history import DosingHistory
from glidepath.pharmacology.illness import returns_in
from glidepath.pharmacology.model import Model
from glidepath.pharmacology.seizure_order import Order, seizure_order

# A level whose highest point lies this far above its mean swings between doses, and is drawn so.
SWING = 1.15
_FEWEST_TO_ORDER = 100
# What the curves rest on beside the kinetics; the rest of the response is of ratings, which are not drawn.
_OF_THE_DRIVE = (
    "kappa",
    "tau_main",
    "tau_slow",
    "share_slow",
    "rho",
    "ec50_spread",
    "volume_spread",
    "absorption_spread",
    "metabolite_clearance_spread",
    "metabolite_potency",
)
_OF_A_RETURN = ("return_points", "return_rise", "return_below", "return_within")
MIDDLE = 2  # where the median lies among the quantiles
MARK = "SIMULATION: not a plan to follow"
NOT_A_CHANCE = (
    "Shape and timing of a model, not a forecast for a person: no chance of success or of a seizure is in it."
)
RETURNED = (
    "what an illness adds is in it, which is no withdrawal. That it comes back in everybody is an assumption, and the "
    "sum is cut at 1."
)
DRIVE = "Withdrawal drive has no unit: 0 is none, and a sudden stop from a high dose comes to a few tenths."
CURVES = "A curve never makes a schedule right: limits of guidance are looked at first and stand above it."


def title_of(forecasts: Mapping[str, Forecast]) -> str:
    names = list(forecasts)
    return names[0] if len(names) == 1 else " beside ".join(names)


def drive_title(course: Course) -> str:
    """What the drive of a scenario is: with a returning illness it is not withdrawal alone."""
    if returns_in(course.scenario):
        return f"withdrawal drive and {course.scenario.title} (own axis)"
    return f"withdrawal drive: {course.scenario.title}"


def same_start(forecasts: Mapping[str, Forecast]) -> bool:
    """Whether all plans begin from the same day of doses."""
    return len({one.history.before for one in forecasts.values()}) == 1


def same_end(forecasts: Mapping[str, Forecast]) -> bool:
    """Whether all plans come to the same doses a day in the end."""
    ends = [{k.drug: f.dose_mg[i, -1] for i, k in enumerate(f.model.drugs)} for f in forecasts.values()]
    return len({frozenset((drug, mg) for drug, mg in end.items() if mg > 0) for end in ends}) == 1


def same_person(forecasts: Mapping[str, Forecast]) -> bool:
    """Whether what is known of the person changes every plan in the same way; of a drug in one plan only, nothing."""
    all_drugs = [{k.drug for k in one.model.drugs} for one in forecasts.values()]
    shared = set.intersection(*all_drugs)
    told = {frozenset(a for a in one.model.covariates if a.drug in shared) for one in forecasts.values()}
    return len(told) == 1


def lines_of(forecasts: Mapping[str, Forecast]) -> tuple[str, ...]:
    """What is assumed in all of them, each line once; one that is not of every plan begins with the plan's name."""
    by_name = {name: assumed_lines(one) for name, one in forecasts.items()}
    everywhere = set.intersection(*(set(lines) for lines in by_name.values()))
    return tuple(
        dict.fromkeys(
            line if line in everywhere else f"{name}: {line}" for name, lines in by_name.items() for line in lines
        )
    )


def assumed_lines(forecast: Forecast) -> tuple[str, ...]:
    """Everything that is taken for granted, with how well each is known."""
    model = forecast.model
    names = [*_OF_THE_DRIVE, *(_OF_A_RETURN if any(returns_in(c.scenario) for c in forecast.courses) else ())]
    used = [model.response.parameters[name] for name in names]
    known = {
        status: [re.split("[:;]", p.says)[0] for p in used if p.status == status]
        for status in ("calibrated", "assumption")
    }
    return (
        NOT_A_CHANCE,
        DRIVE,
        CURVES,
        *([f"Simulated: {forecast.history.says}."] if forecast.history.says else []),
        f"{forecast.n} simulated people, seed {forecast.seed}: they differ in clearance, volume, absorption, "
        "sensitivity and speed of adaptation. Bands are this spread, not the doubt "
        "whether the model is right; scenarios show a part of that.",
        *(f"Scenario {c.scenario.title}: {c.scenario.says}." for c in forecast.courses),
        *_of_drugs(model),
        "Times of day: 8:00, 13:00, 18:00, 22:00.",
        *(as_immediate(form) for form in forecast.history.as_immediate),
        f"Calibrated to published numbers: {'; '.join(known['calibrated'])}.",
        f"Assumed, not measured: {'; '.join(known['assumption'])}.",
        *(
            ["With several drugs, what equivalence tables leave open between them widens the band."]
            if len(model.drugs) > 1
            else []
        ),
    )


def as_immediate(form: str) -> str:
    """That a form is drawn as another one."""
    return f"{form} is drawn as immediate release: between doses its levels do not swing as they are drawn."


def swings(forecast: Forecast) -> dict[str, float]:
    """How far the level at its highest lies above the mean of the day, by drug: the median person.

    Of two days, the larger: the one with the highest mean among those on which it is taken, and the last of them.
    """
    found: dict[str, float] = {}
    for drug, kinetics in enumerate(forecast.model.drugs):
        index, taken = forecast.substances.index(kinetics.moiety), np.flatnonzero(forecast.dose_mg[drug] > 0)
        mean, top = (level[index, :, MIDDLE] for level in (forecast.conc_ng_ml, forecast.conc_peak_ng_ml))
        for day in {int(taken[mean[taken].argmax()]), int(taken[-1])} if len(taken) else ():
            if mean[day] > 0:
                found[kinetics.moiety] = max(found.get(kinetics.moiety, 1.0), float(top[day] / mean[day]))
    return found


def fullest_day(forecast: Forecast, substance: str) -> int:
    """The day, from 0, with the highest mean level of a substance in the median person."""
    return int(forecast.conc_ng_ml[forecast.substances.index(substance), :, MIDDLE].argmax())


def when(history: DosingHistory, day: float) -> str:
    """A day of the course, counted from 0, as a date, or by its number where there is no date."""
    if history.starts is None:
        return f"day {int(day) + 1}"
    return (history.starts + timedelta(days=int(day))).isoformat()


def course_words(history: DosingHistory, course: Course) -> tuple[str, str, str, str]:
    """Peak, its day, the sum over time, days above a noticeable drive: median, and 90 % of people (its day: 50 %)."""
    peak, day = course.peak_drive, course.peak_day
    middle, low, high = (None if value != value else when(history, value) for value in (day[MIDDLE], day[1], day[-2]))
    return (
        f"{peak[MIDDLE]:.3f} ({peak[0]:.3f} to {peak[-1]:.3f})",
        "no day stands out" if middle is None else f"{middle} ({low} to {high})",
        f"{course.drive_days[MIDDLE]:.2f} ({course.drive_days[0]:.2f} to {course.drive_days[-1]:.2f})",
        f"{course.days_above[MIDDLE]:.0f} ({course.days_above[0]:.0f} to {course.days_above[-1]:.0f})",
    )


def orders_of(forecast: Forecast) -> dict[str, str]:
    """Where a course stands in order as to a seizure, by scenario; one entry where all say the same."""
    found = {c.scenario.title: seizure_order(forecast.model, forecast.history, c.scenario) for c in forecast.courses}
    if len(set(found.values())) == 1:
        return {"in every scenario": order_words(next(iter(found.values())))}
    return {title: order_words(order) for title, order in found.items()}


def order_words(order: Order | None) -> str:
    """Where it stands in order as to a seizure; never that it is safe."""
    return (
        "cannot tell"
        if order is None
        else f"{order.value}, of the same doses (an order, not a chance; never means safe)"
    )


def which_is_gentler(forecasts: Mapping[str, Forecast]) -> str:
    """Of two plans: whose peak is lower, if every scenario says so beyond Monte-Carlo error; else that it is open."""
    (name_a, a), (name_b, b) = forecasts.items()
    if min(a.n, b.n) < _FEWEST_TO_ORDER:
        return f"Fewer than {_FEWEST_TO_ORDER} people are too few to tell which peak is lower."
    if not same_start(forecasts):
        return "The plans do not begin with the same doses: which peak is lower says nothing about them."
    if not same_end(forecasts):
        return "The plans do not end at the same doses: reducing less brings less drive, which says nothing for it."
    if not same_person(forecasts):
        return (
            "The plans are of people who differ in age, liver or medicines: which peak is lower says nothing of them."
        )
    lower = set()
    for first, second in zip(a.courses, b.courses, strict=True):
        if returns_in(first.scenario):
            continue  # what it adds is no withdrawal
        gap = first.peak_drive[MIDDLE] - second.peak_drive[MIDDLE]
        error = (first.peak_error[MIDDLE] ** 2 + second.peak_error[MIDDLE] ** 2) ** 0.5
        lower.add("open" if abs(gap) <= 2 * error else name_b if gap > 0 else name_a)
    if len(lower) == 1 and "open" not in lower:
        of_what = "scenario of withdrawal" if any(returns_in(c.scenario) for c in a.courses) else "scenario"
        return f"In every {of_what} the highest drive of {lower.pop()} is lower."
    return "The scenarios do not agree on which peak is lower, or the difference is within the Monte-Carlo error."


def _of_drugs(model: Model) -> list[str]:
    lines = []
    for k in model.drugs:
        parts = "two compartments" if k.is_two_compartment else "one compartment"
        taken = "" if k.moiety == k.drug else f"; it is {k.moiety} in the blood, {k.part:.2f} mg of each mg"
        made = f"; active metabolites {_listed([m.name for m in k.metabolites])}" if k.metabolites else ""
        lines.append(f"{k.drug}: {parts}, half-life {k.half_life_h:.0f} h{taken}{made} ({', '.join(k.sources)}).")
        lines += [f"Assumed: {says}." for says in k.assumed]
    lines += [
        f"{a.drug}: clearance x {a.clearance_ratio:.2f} for {a.factor} ({a.basis}; {a.source}"
        f"{'' if a.verified else '; not verified'})."
        for a in model.covariates
    ]
    if any("mg" in a.factor for a in model.covariates):
        lines.append("A medicine beside it counts as at the dose of its study, whatever is really taken of it.")
    for drug in dict.fromkeys(a.drug for a in model.covariates):
        if sum(a.drug == drug for a in model.covariates) > 1:
            lines.append(f"{drug}: the factors of clearance are multiplied; no study looked at them together.")
    if not model.covariates:
        lines.append("No factor of clearance was applied: age, liver and other medicines are as for anybody.")
    if model.not_quantified:
        lines.append(f"Known of the person, without a figure here, so not drawn: {_listed(model.not_quantified)}.")
    return lines


def _listed(names: list[str] | tuple[str, ...]) -> str:
    return ", ".join(dict.fromkeys(name.replace("_", " ") for name in names)) or "nothing"
