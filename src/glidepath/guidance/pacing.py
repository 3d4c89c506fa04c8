"""Which pace a profile means for this case: the interval, the cap on holds, and why it is the slower one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from glidepath.errors import InputError, RefusedError
from glidepath.facts.records import PaceProfile, Threshold
from glidepath.guidance.pace import Band, Pace, Rhythm

_SHORTEST_INTERVAL_DAYS = 7
_LONGEST_INTERVAL_DAYS = 182
_SMALLEST_PERCENT = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class PaceWish:
    """What was asked for: a profile, or a free percent of the current dose every so many days."""

    profile: str = "asam-2025"
    percent: Fraction | None = None
    every_days: int | None = None
    max_hold_days: int | None = None
    rhythm: Rhythm = "weeks"


def pace_of(
    wish: PaceWish,
    drug: str,
    profiles: Mapping[str, PaceProfile],
    thresholds: Mapping[str, Threshold],
    slower_because: tuple[str, ...],
) -> Pace:
    """The pace for one drug. `slower_because` lists what asks for the longer interval of the profile.

    Raises `RefusedError` CUT_OVER_25 for a free pace over the ceiling, `InputError` PROFILE_UNKNOWN or PACE_INVALID.
    """
    if wish.percent is not None or wish.every_days is not None:
        return _free_pace(wish, thresholds)
    profile = profiles.get(wish.profile)
    usable = tuple(name for name, p in profiles.items() if not p.comparison_only)
    if profile is None or profile.comparison_only or profile.percent is None or profile.interval_days is None:
        why = f" It is for comparison only: {profile.why}." if profile is not None and profile.why else ""
        raise InputError(
            "PROFILE_UNKNOWN",
            f"The pace profile is not one to plan with.{why}",
            field="profile",
            fix=f"Profiles: {', '.join(usable)}; or --percent with --every.",
            seen=wish.profile,
        )
    slower = bool(slower_because) and profile.slower_interval_days is not None
    interval = profile.slower_interval_days if slower and profile.slower_interval_days else profile.interval_days
    bands = profile.bands if profile.band_drug == drug else ()
    return Pace(
        name=profile.name,
        asked_frac=profile.percent / 100,
        interval_days=interval,
        max_hold_days=wish.max_hold_days or _cap(interval, thresholds),
        rhythm=wish.rhythm,
        bands=tuple(Band(above_mg=b.to_mg, decrease_mg=b.cut_mg) for b in bands),
        bands_up_to_mg=max((b.from_mg for b in bands), default=None),
        sources=profile.sources,
        verified=profile.verified,
        note=profile.note or "",
    )


def _free_pace(wish: PaceWish, thresholds: Mapping[str, Threshold]) -> Pace:
    if wish.percent is None or wish.every_days is None:
        raise InputError(
            "PACE_INVALID",
            "A free pace needs both a percent and an interval.",
            field="percent" if wish.percent is None else "every",
            fix="Write for example --percent 7.5 --every 21d.",
        )
    if wish.percent < _SMALLEST_PERCENT:
        raise InputError(
            "PACE_INVALID",
            f"The percent is below {_SMALLEST_PERCENT}: such a plan would outlast a lifetime.",
            field="percent",
            fix="Ask for at least 1 percent of the current dose, or plan to stay at a dose with --maintain.",
        )
    if not _SHORTEST_INTERVAL_DAYS <= wish.every_days <= _LONGEST_INTERVAL_DAYS:
        if wish.percent > thresholds["ceiling_percent"].value:
            raise _over(thresholds)
        raise InputError(
            "PACE_INVALID",
            f"The interval is not between {_SHORTEST_INTERVAL_DAYS} and {_LONGEST_INTERVAL_DAYS} days.",
            field="every",
            fix="Give days or weeks, for example 14d or 4w.",
            seen=wish.every_days,
        )
    pace = Pace(
        name=f"{float(wish.percent):g} % every {wish.every_days} days",
        asked_frac=wish.percent / 100,
        interval_days=wish.every_days,
        max_hold_days=wish.max_hold_days or _cap(wish.every_days, thresholds),
        rhythm=wish.rhythm,
        sources=(),
        verified=False,
        note="A free pace, set by the prescriber.",
    )
    if pace.compounded(thresholds["ceiling_window_days"].whole) > thresholds["ceiling_percent"].value / 100:
        raise _over(thresholds)
    return pace


def _over(thresholds: Mapping[str, Threshold]) -> RefusedError:
    ceiling, window = thresholds["ceiling_percent"].value, thresholds["ceiling_window_days"].whole
    return RefusedError(
        "CUT_OVER_25",
        f"The pace asked for falls by more than {ceiling} % in {window} days.",
        field="percent",
        fix=f"Ask for a smaller percent or a longer interval; {ceiling} % in {window} days is the usual ceiling.",
        details=("Published by the 2025 joint guideline as usually not to be exceeded.",),
    )


def _cap(interval_days: int, thresholds: Mapping[str, Threshold]) -> int:
    longer = interval_days >= 28
    return thresholds["max_hold_days_extended" if longer else "max_hold_days"].whole


def ladder(
    profiles: Mapping[str, PaceProfile], thresholds: Mapping[str, Threshold], rhythm: Rhythm, max_hold: int | None
) -> tuple[Pace, ...]:
    """The paces every plan is shown against: the default at both intervals, and the slow profile."""
    default, slow = profiles["asam-2025"], profiles["slow"]
    rungs = ((default, default.interval_days), (default, default.slower_interval_days), (slow, slow.interval_days))
    return tuple(
        Pace(
            name=f"{profile.percent} % per {days} days",
            asked_frac=profile.percent / 100,
            interval_days=days,
            max_hold_days=max_hold or _cap(days, thresholds),
            rhythm=rhythm,
            sources=profile.sources,
            verified=profile.verified,
        )
        for profile, days in rungs
        if profile.percent is not None and days is not None
    )
