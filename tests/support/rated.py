"""A plan, its bank, and people who rate their days: of the model, with a returning illness, or wandering."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from glidepath.facts.formulary import load_formulary
from glidepath.facts.response import load_response
from glidepath.pharmacology.bank import Bank, bank_of
from glidepath.pharmacology.history import Dose, DosingHistory
from glidepath.pharmacology.model import Model, model_of
from glidepath.pharmacology.ratings import Ratings, rating_scale, ratings_of, scattered, whole

DAYS = 84
MEMORY = 0.5


def clonazepam_day(mg: float) -> tuple[Dose, ...]:
    return Dose(8.0, "clonazepam", mg / 2), Dose(20.0, "clonazepam", mg / 2)


@lru_cache
def a_history(start_mg: float = 2.0, weekly_mg: float = 0.2, days: int = DAYS) -> DosingHistory:
    """Clonazepam twice a day, so much less every week, to nothing."""
    doses = [
        Dose(24.0 * day + dose.hour, dose.drug, dose.mg)
        for day in range(days)
        for dose in clonazepam_day(max(0.0, start_mg - weekly_mg * (day // 7)))
    ]
    return DosingHistory(doses=tuple(doses), days=days, before=clonazepam_day(start_mg))


@lru_cache
def a_model() -> Model:
    return model_of(["clonazepam"], load_formulary(), load_response())


@lru_cache
def a_bank(start_mg: float = 2.0, weekly_mg: float = 0.2, *, seed: int = 1, n: int = 20_000) -> Bank:
    return bank_of(a_model(), a_history(start_mg, weekly_mg), seed=seed, n=n, threads=2)


def of_the_model(bank: Bank, count: int, *, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Who they are (places in the bank), what is expected of them and what they say, both (days, count)."""
    random = np.random.default_rng(seed)
    who = random.permutation(bank.n)[:count]
    expected = np.array([bank.expected(day)[who] for day in range(bank.days)], dtype=float)
    return who, expected, np.clip(scattered(expected, bank.scatter[who].astype(float), MEMORY, random), 0, 10)


def with_a_returning_illness(count: int, *, seed: int, until: int = DAYS // 2) -> np.ndarray:
    """No drive at all; an illness that returns before a day, not in the first two weeks, within weeks. Whole points."""
    random, scale = np.random.default_rng(seed), rating_scale(load_response(), "anxiety")
    middle, width = random.uniform(14, until, count), random.uniform(2, 6, count)
    risen = random.uniform(2, 5, count) / (1 + np.exp(-(np.arange(DAYS)[:, None] - middle) / width))
    expected = scale.rating_of(scale.baseline + 0.7 * random.standard_normal(count) + risen)
    return whole(scattered(expected, np.full(count, 0.8), MEMORY, random))


def who_wander(count: int, *, seed: int, step: float = 0.6) -> np.ndarray:
    random = np.random.default_rng(seed)
    walk = np.clip(3 + np.cumsum(step * random.standard_normal((DAYS, count)), axis=0), 0, 10)
    return whole(walk + 0.3 * random.standard_normal(walk.shape))


def said(points: np.ndarray, until: int) -> Ratings:
    """One person's ratings of the days before one."""
    return ratings_of("anxiety", [(day, float(points[day])) for day in range(until)])
