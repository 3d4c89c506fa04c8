"""From raw answers to what a person has to do, and by when. It comes first, before any score.

An answer that is missing, unknown or unreadable is an escalation of its own kind: it has to be asked. Nothing that is
said besides lowers anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from glidepath.facts.records import Place
from glidepath.facts.red_flags import ByWhen, OnTaper, RedFlag, Sooner
from glidepath.monitor.emergency import EmergencyBlock, emergency_block
from glidepath.monitor.raw_answers import Reading, Told, read_measure, read_question
from glidepath.patient.instruments import SafetySign

UNREAD = "UNREAD"


class Kind(StrEnum):
    """A sign is there; or it could not be told; or something was said that is no answer to any question."""

    RAISED = "raised"
    UNANSWERED = "could not be told"
    UNREAD = "said besides"


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalation:
    """What has to be done, by when, and what becomes of the taper meanwhile.

    `by_when_status` is project_proposal where no source gives the time. `saw` says on which answers this rests.
    `emergency` is there when it is immediate.
    """

    kind: Kind
    id: str
    sign: str
    do: str
    by_when: ByWhen
    by_when_basis: str
    by_when_status: str
    taper: OnTaper
    taper_says: str
    sources: tuple[str, ...]
    status: str
    saw: tuple[str, ...] = ()
    emergency: EmergencyBlock | None = None


def escalations(
    answers: Mapping[str, object],
    flags: Iterable[RedFlag],
    region: Place | None,
    found: Iterable[SafetySign] = (),
) -> tuple[Escalation, ...]:
    """Every sign that is there or could not be told, the most urgent first. Never raises for what was answered.

    `answers` has yes, no, unknown or not asked by question, and numbers for what was measured; a key that is missing
    was not asked. `found` are the safety findings of instruments, which raise their sign whatever was answered here.
    """
    block = emergency_block(region)
    flags, found = tuple(flags), tuple(found)
    out = [e for flag in flags if (e := _judge(flag, answers, found, block)) is not None]
    besides = set(answers) - {key for flag in flags for key in flag.keys}
    strays = {sign.flag for sign in found} - {flag.id for flag in flags}
    if besides or strays:
        out.append(_unread(len(besides) + len(strays)))
    return tuple(sorted(out, key=lambda e: (e.by_when.rank, list(Kind).index(e.kind), e.taper.rank, e.id)))


def questions(flags: Iterable[RedFlag]) -> tuple[tuple[str, str], ...]:
    """What has to be asked of everybody: the key of each sign and its words."""
    return tuple((flag.key, flag.ask) for flag in flags)


def on_taper(raised: Iterable[Escalation]) -> OnTaper | None:
    """What becomes of the taper: the firmest of all, or None when nothing was raised."""
    return min((e.taper for e in raised), key=lambda t: t.rank, default=None)


def _judge(
    flag: RedFlag, answers: Mapping[str, object], found: tuple[SafetySign, ...], block: EmergencyBlock
) -> Escalation | None:
    sign = read_question(answers, flag.key)
    measured = [read_measure(answers, m) for m in flag.measures]
    further = _read_further(flag.sooner, answers)
    instruments = [Reading(Told.YES if s.told else Told.UNKNOWN, s.finding.says) for s in found if s.flag == flag.id]
    sooner = _all_hold(further)

    yes = [r for r in (sign, *measured, *instruments) if r.told is Told.YES]
    if yes or sooner is Told.YES:
        hurry = flag.sooner if sooner is not Told.NO else None
        limits = [m.sources for m, r in zip(flag.measures, measured, strict=True) if r.told is Told.YES]
        saw = tuple(r.saw for r in (*yes, *(further if hurry else ())))
        return _raised(flag, hurry, saw, (*flag.sources, *(s for ids in limits for s in ids)), block)

    # A measurement that nobody made takes nothing from a plain no; one that was tried and failed does.
    open_ones = [r for r in (*measured, *instruments) if r.told in (Told.UNKNOWN, Told.UNREADABLE)]
    if not sign.told.known:
        open_ones.insert(0, sign)
    if sooner is Told.UNKNOWN and further[0].told is not Told.NOT_ASKED:
        open_ones += [r for r in further if r.told is not Told.NO]
    return _unanswered(flag, tuple(r.saw for r in open_ones)) if open_ones else None


def _read_further(sooner: Sooner | None, answers: Mapping[str, object]) -> list[Reading]:
    if sooner is None:
        return []
    return [
        read_question(answers, c.key) if c.measure is None else read_measure(answers, c.measure)
        for c in sooner.conditions
    ]


def _all_hold(further: list[Reading]) -> Told:
    """Whether all conditions hold: no as soon as one is known not to, unknown as long as one is not known."""
    if not further or any(r.told is Told.NO for r in further):
        return Told.NO
    return Told.YES if all(r.told is Told.YES for r in further) else Told.UNKNOWN


def _raised(
    flag: RedFlag, hurry: Sooner | None, saw: tuple[str, ...], sources: tuple[str, ...], block: EmergencyBlock
) -> Escalation:
    by_when = flag.by_when if hurry is None else hurry.by_when
    return Escalation(
        kind=Kind.RAISED,
        id=flag.id,
        sign=flag.sign,
        do=flag.do if hurry is None else f"{hurry.do}; {flag.do}",
        by_when=by_when,
        by_when_basis=flag.by_when_basis if hurry is None else f"{hurry.says} ({flag.by_when_basis})",
        by_when_status=flag.by_when_status if hurry is None else hurry.status,
        taper=flag.taper,
        taper_says=flag.taper_says,
        sources=tuple(dict.fromkeys(sources if hurry is None else (*sources, *hurry.sources))),
        status=flag.status,
        saw=saw,
        emergency=block if by_when is ByWhen.IMMEDIATE else None,
    )


def _unanswered(flag: RedFlag, saw: tuple[str, ...]) -> Escalation:
    return Escalation(
        kind=Kind.UNANSWERED,
        id=flag.id,
        sign=flag.sign,
        do=f"ask now: {flag.ask} If it still cannot be told, the prescriber judges today",
        by_when=ByWhen.SAME_DAY,
        by_when_basis="project proposal",
        by_when_status="project_proposal",
        taper=OnTaper.HOLD,
        taper_says="hold; no further cut until it is answered",
        sources=("PROJECT",),
        status="project_proposal",
        saw=saw,
    )


def _unread(number: int) -> Escalation:
    return Escalation(
        kind=Kind.UNREAD,
        id=UNREAD,
        sign="something was said that is no answer to any of the questions",
        do="a person reads it today, and asks the question it belongs to",
        by_when=ByWhen.SAME_DAY,
        by_when_basis="project proposal",
        by_when_status="project_proposal",
        taper=OnTaper.HOLD,
        taper_says="hold; no further cut until it is read",
        sources=("PROJECT",),
        status="project_proposal",
        saw=(f"{number} not read",),
    )
