"""From the words on when to the times of day of a dose, or the parts a daily total is divided into."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from glidepath.dosing.regimen import Slot
from glidepath.dosing.sig_pieces import Piece, unreadable
from glidepath.dosing.sig_words import MORNING, NIGHT, SLOTS_BY_COUNT, Time, When, listed
from glidepath.errors import InputError

_TIMES_FIX = "Write when it is taken, for example: 1 mg in the morning and 1 mg at night, or 2 mg at night."


@dataclass(frozen=True, slots=True)
class Placed:
    """The times of day of one dose. `share` is the part of the stated dose taken each time (1, or 1/3 of a total)."""

    slots: tuple[Slot, ...]
    share: Fraction = Fraction(1)
    assumptions: tuple[str, ...] = ()


def place(times: tuple[Piece, ...], *, at_night: bool, drug: str) -> Placed:
    """Where a dose goes in the day.

    `at_night` says that a single daily dose of this drug is a night dose. Raises `TIMES_MISSING` when no time is
    named, `TIMES_UNSUPPORTED` when they cannot be placed, `SIG_UNREADABLE` when the words allow two readings.
    """
    said = [piece.meaning for piece in times if isinstance(piece.meaning, Time)]
    ways = [time.when for time in said]
    wordings = [piece.text.casefold() for piece in times]
    if len(set(wordings)) < len(wordings):
        raise _two_readings("The same time is written twice: once too often, or a second dose.", times)
    # "Every night at bedtime" says one time in two ways.
    named = tuple(dict.fromkeys(slot for time in said if time.when is When.SLOT for slot in time.slots))
    notes = tuple(time.said for time in said if time.when is When.SLOT and time.said)
    often = [time for time in said if time.when is When.OFTEN]
    if len(often) > 1 or ways.count(When.DAILY) > 1 or ways.count(When.PER_DAY) > 1:
        raise _two_readings("How often is said twice.", times)
    if When.DIVIDED in ways:
        return _divided(times, said, named, often, notes)
    if often:
        return _often(times, ways, often[0], named, notes)
    if not said or (not named and set(ways) <= {When.PER_DAY, When.ONCE}):
        raise missing_times(times)
    if When.PER_DAY in ways or When.DAILY in ways or When.ONCE in ways:
        if len(named) > 1:
            raise _two_readings("It is not clear whether the dose is taken each time or shared over the day.", times)
        if When.ONCE in ways and When.PER_DAY in ways:
            raise _two_readings("How often is said twice.", times)
    if named:
        return Placed(named, assumptions=notes)
    slot = NIGHT if at_night else MORNING
    why = f", because {drug} is taken for sleep" if at_night else ""
    return Placed((slot,), assumptions=(f"Once daily was read as {slot.value}{why}.",))


def missing_times(times: tuple[Piece, ...] = ()) -> InputError:
    """The error for a dose without a time of day."""
    message = "A dose per day has no times of day." if times else "A dose has no time of day."
    return InputError(
        "TIMES_MISSING",
        message,
        field="sig",
        fix=_TIMES_FIX,
        seen=" ".join(piece.text for piece in times),
        details=tuple(piece.where for piece in times),
    )


def _often(
    times: tuple[Piece, ...], ways: list[When], often: Time, named: tuple[Slot, ...], notes: tuple[str, ...]
) -> Placed:
    """So many times a day; named times of day replace the convention when their number agrees."""
    if set(ways) & {When.DAILY, When.PER_DAY, When.ONCE}:
        raise _two_readings("It is not clear whether the dose is for each time or for the whole day.", times)
    if named and len(named) != often.count:
        raise _two_readings("The number of times a day differs from the times that are named.", times)
    if named:
        return Placed(named, assumptions=notes)
    return Placed(often.slots, assumptions=(often.said,))


def _divided(
    times: tuple[Piece, ...],
    said: list[Time],
    named: tuple[Slot, ...],
    often: list[Time],
    notes: tuple[str, ...],
) -> Placed:
    """A daily total in so many equal doses."""
    counts = {time.count for time in said if time.when is When.DIVIDED and time.count}
    counts |= {time.count for time in often}
    if named:
        counts.add(len(named))
    if not counts:
        raise missing_times(times)
    if often and not {When.PER_DAY, When.DAILY} & {time.when for time in said}:
        raise _two_readings("It is not clear whether the dose is for each time or for the whole day.", times)
    if len(counts) > 1:
        raise _two_readings("The number of doses is said in two ways.", times)
    count = counts.pop()
    if count not in SLOTS_BY_COUNT:
        raise InputError(
            "TIMES_UNSUPPORTED",
            "So many doses cannot be placed on one day: at most four are.",
            field="sig",
            fix=_TIMES_FIX,
            details=tuple(piece.where for piece in times),
        )
    slots = named or SLOTS_BY_COUNT[count]
    words = {1: "One dose", 2: "Two divided doses", 3: "Three divided doses", 4: "Four divided doses"}
    note = () if named else (f"{words[count]} {'was' if count == 1 else 'were'} read as {listed(slots)}.",)
    return Placed(slots, Fraction(1, count), notes + note)


def _two_readings(message: str, times: tuple[Piece, ...]) -> InputError:
    return unreadable(
        message,
        " ".join(piece.text for piece in times),
        details=tuple(piece.where for piece in times),
        fix="Write each time of day once, with its own dose: 1 mg in the morning and 2 mg at night.",
    )
