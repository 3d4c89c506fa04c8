"""What a person says of a day, 0 to 10, and how the model takes it to follow the withdrawal drive.

Only numbers: no question of any questionnaire is here. Every size is an assumption of the facts' `response`. Nothing
here, and nothing made from it, may decide about a dose.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import isfinite, log
from operator import index
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from glidepath.errors import InputError
from glidepath.facts.response import Response

Floats = NDArray[np.float64]
F = TypeVar("F", bound=np.floating[Any])

# What is rated. Sleep has a fast part of adaptation of its own; the others follow the drive of the anxiety scale.
DOMAINS = ("anxiety", "sleep", "mood", "sensory")
HIGHEST = 10.0
# The highest total of each questionnaire.
HIGHEST_TOTAL = {"PHQ-9": 27, "GAD-7": 21}


@dataclass(frozen=True, slots=True, kw_only=True)
class Ratings:
    """A person's ratings of one domain: `days` count from 0, the first day of the plan; `points` are 0 to 10.

    A day without a rating is not there. Days are in order, each once. Raises `InputError` RATING_INVALID.
    """

    domain: str
    days: tuple[int, ...] = ()
    points: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        if self.domain not in DOMAINS:
            raise _invalid("is of none of " + ", ".join(DOMAINS), self.domain)
        if len(self.days) != len(self.points) or list(self.days) != sorted(set(self.days)):
            raise _invalid("must have one number for each day, each day once", self.days)
        if any(day < 0 for day in self.days):
            raise _invalid("is on a day before the plan", self.days)
        if not all(isfinite(p) and 0 <= p <= HIGHEST for p in self.points):
            raise _invalid(f"must be a number from 0 to {HIGHEST:g}", self.points)

    def __len__(self) -> int:
        return len(self.days)

    def and_then(self, more: Ratings) -> Ratings:
        """These and more of the same domain, in whatever order they came."""
        if more.domain != self.domain:
            raise _invalid(f"of {more.domain} cannot follow one of {self.domain}", more.domain)
        pairs = zip((*self.days, *more.days), (*self.points, *more.points), strict=True)
        return ratings_of(self.domain, pairs)

    def before(self, day: int) -> Ratings:
        """Those of the days before one."""
        kept = sum(d < day for d in self.days)
        return Ratings(domain=self.domain, days=self.days[:kept], points=self.points[:kept])


def ratings_of(domain: str, given: Iterable[tuple[int, float | None]]) -> Ratings:
    """Ratings from (day, points) in any order. A day with None was missed: it is as if nobody had asked."""
    try:
        pairs = [(index(day), float(points)) for day, points in given if points is not None]
    except (TypeError, ValueError) as error:
        raise _invalid("must be a day as a whole number with a number", None) from error
    told = sorted(pairs)
    return Ratings(domain=domain, days=tuple(d for d, _ in told), points=tuple(p for _, p in told))


@dataclass(frozen=True, slots=True, kw_only=True)
class RatingScale:
    """How a daily rating of one domain follows the drive W of that day, with what is assumed between people.

    Symptoms z = baseline + gain * W / gain_drive, in points; expected rating = 10 expit((z - middle)/slope). Around it
    is scatter of SD `noise` with a memory of `memory` from day to day. `baseline` and `baseline_sd` are of z (normal);
    `gain` and `noise` are log-normal.
    """

    domain: str
    middle: float
    slope: float
    gain_drive: float
    baseline: float
    baseline_sd: float
    gain: float
    gain_log_sd: float
    noise: float
    noise_log_sd: float
    memory: float

    @property
    def adaptation(self) -> str:
        """The scale of `Model.people` whose drive is meant."""
        return "sleep" if self.domain == "sleep" else "anxiety"

    def expected(self, drive: NDArray[F], baseline: NDArray[F] | float, gain: NDArray[F] | float) -> NDArray[F]:
        """The rating without scatter, 0 to 10, in the shape of what is given."""
        return self.rating_of(baseline + gain * drive * drive.dtype.type(1 / self.gain_drive))

    def rating_of(self, symptoms: NDArray[F]) -> NDArray[F]:
        """The rating without scatter for symptoms z in points."""
        one = symptoms.dtype.type
        found: NDArray[F] = one(HIGHEST) / (one(1) + np.exp((one(self.middle) - symptoms) * one(1 / self.slope)))
        return found

    def symptoms_of(self, rating: float) -> float:
        """The symptoms z whose expected rating this is; kept off the ends of the scale."""
        part = min(max(rating / HIGHEST, 0.01), 0.99)
        return self.middle + self.slope * log(part / (1 - part))


def rating_scale(response: Response, domain: str) -> RatingScale:
    """The scale of a domain from the facts. The baseline's spread is carried over at its typical value."""
    if domain not in DOMAINS:
        raise _invalid("is of none of " + ", ".join(DOMAINS), domain)
    of = response.parameters
    baseline, gain, noise = of["baseline"], of["mood_gain" if domain == "mood" else "gain"], of["noise"]
    part, slope = baseline.value / HIGHEST, of["rating_slope"].value
    middle = of["rating_middle"].value
    return RatingScale(
        domain=domain,
        middle=middle,
        slope=slope,
        gain_drive=of["gain_drive"].value,
        baseline=middle + slope * log(part / (1 - part)),
        baseline_sd=baseline.spread * slope / (HIGHEST * part * (1 - part)),
        gain=gain.value,
        gain_log_sd=gain.spread,
        noise=noise.value,
        noise_log_sd=noise.spread,
        memory=of["noise_memory"].value,
    )


def scattered(expected: Floats, noise: Floats, memory: float, random: np.random.Generator) -> Floats:
    """Ratings around what is expected, (days, n), with the SD `noise` (n,); neither rounded nor held to the scale."""
    found = np.empty_like(expected)
    people = expected.shape[1]
    left = random.standard_normal(people)
    for day, row in enumerate(expected):
        found[day] = row + noise * left
        left = memory * left + np.sqrt(1 - memory**2) * random.standard_normal(people)
    return found


def whole(points: Floats) -> Floats:
    """As a person gives it: whole points from 0 to 10."""
    return np.clip(np.round(points), 0.0, HIGHEST)


def questionnaire_totals(
    name: str, symptoms: Floats, response: Response, random: np.random.Generator | None = None
) -> Floats:
    """PHQ-9 or GAD-7 totals as on each day, (days, n), from symptoms z of each day in points.

    The total reaches the part of its highest that the rating of the mean symptoms of the days looked back on reaches
    (PHQ-9: of mood, GAD-7: of anxiety), an assumption; with scatter if `random` is given; then it is rounded to whole
    numbers. NaN until enough days have passed.
    """
    if name not in HIGHEST_TOTAL:
        raise _invalid("is of none of " + ", ".join(HIGHEST_TOTAL), name)
    days = int(response.value("questionnaire_days"))
    scale, highest = rating_scale(response, "mood" if name == "PHQ-9" else "anxiety"), HIGHEST_TOTAL[name]
    totals = np.full_like(symptoms, np.nan)
    if len(symptoms) >= days:
        running = np.cumsum(np.concatenate((np.zeros((1, symptoms.shape[1])), symptoms)), axis=0)
        part = scale.rating_of((running[days:] - running[:-days]) / days) / HIGHEST
        if random is not None:
            part = part + response.value("questionnaire_noise") * random.standard_normal(part.shape)
        totals[days - 1 :] = np.clip(np.round(highest * part), 0, highest)
    return totals


def _invalid(says: str, seen: object) -> InputError:
    return InputError(
        "RATING_INVALID",
        f"A rating {says}.",
        field="ratings",
        fix="Give each day once, counted from 0 at the first day of the plan, with a number from 0 to 10; leave out "
        "the days that were missed.",
        seen=seen,
    )
