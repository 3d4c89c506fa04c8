"""Print how many of a person's coming ratings lie in the 90 % band, and what each person was called.

    python -m benchmarks.own_course                 # the table of docs/explanation/own-course.md

Simulated people only: of the model, with a returning illness at any time, or with a rating that wanders. Nothing is
asserted here; the tests hold the same to looser bounds on fewer people.
"""

from __future__ import annotations

from collections import Counter

import numpy as np
from rich.console import Console
from rich.table import Table
from tests.support import rated

from glidepath.pharmacology.own_course import own_course
from glidepath.pharmacology.people import Floats

PEOPLE, AHEAD = 100, 28
PLANS = {"slow taper": (2.0, 0.2), "stop within two weeks": (4.0, 2.0)}


def main() -> None:
    table = Table(title="Coming ratings inside the 90 % band, 28 days ahead", title_justify="left")
    for column in ("who", "plan", "after", "inside", "inside, prior-dominated", "called"):
        table.add_column(column)
    for plan, how in PLANS.items():
        for who, told in people(how).items():
            for until in (28, 56):
                table.add_row(who, plan, f"{until // 7} weeks", *covered(how, told, until))
    Console(width=150).print(table)


def people(how: tuple[float, float]) -> dict[str, Floats]:
    """Ratings of every day, (days, people), of each kind of people."""
    _, _, of_model = rated.of_the_model(rated.a_bank(*how, seed=2, n=1_000), PEOPLE, seed=3)
    return {
        "people of the model": np.round(of_model),
        "a returning illness, at any time": rated.with_a_returning_illness(PEOPLE, seed=4, until=rated.DAYS),
        "a rating that wanders by 0.5 a day": rated.who_wander(PEOPLE, seed=5, step=0.5),
    }


def covered(how: tuple[float, float], told: Floats, until: int) -> tuple[str, str, str]:
    """The share inside for everybody and for those called prior-dominated, and how many were called what."""
    inside: list[tuple[str, float]] = []
    for person in told.T:
        ratings = rated.said(person, until)
        course = own_course(rated.a_bank(*how), rated.a_model(), rated.a_history(*how), ratings, days_ahead=AHEAD)
        days = list(course.days)
        within = (person[days] >= course.rating[:, 0]) & (person[days] <= course.rating[:, -1])
        inside.append((course.status, float(within.mean())))
    of_prior = [share for status, share in inside if status == "prior-dominated"]
    called = Counter(status for status, _ in inside)
    return (
        f"{np.mean([share for _, share in inside]):.0%}",
        f"{np.mean(of_prior):.0%} of {len(of_prior)}" if of_prior else "nobody",
        ", ".join(f"{status} {count}" for status, count in called.most_common()),
    )


if __name__ == "__main__":
    main()
