"""When a rule applies, with three answers: it does, it does not, or it cannot be told because something is not known.

A condition is written in the facts as `field = answer answer ...`. Unknown is never no: a condition that rests on an
answer nobody has is open, and says which answers would close it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

UNKNOWN, NOT_ASKED = "unknown", "not asked"


class Holds(StrEnum):
    """Whether a condition holds."""

    YES = "yes"
    NO = "no"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Test:
    """One field of a case and the answers that make it apply."""

    field: str
    answers: frozenset[str]

    def of(self, said: Mapping[str, str]) -> Holds:
        """A missing field counts as not asked. `field = unknown` asks for the answer *unknown* itself.

        An answer of several words, as the drugs of a line, holds when any of them does.
        """
        answer = said.get(self.field, NOT_ASKED)
        if answer in self.answers or not self.answers.isdisjoint(answer.split()):
            return Holds.YES
        return Holds.OPEN if answer in (UNKNOWN, NOT_ASKED) else Holds.NO


@dataclass(frozen=True, slots=True)
class Condition:
    """Tests of which any one, or all, must hold. Without tests it always holds."""

    tests: tuple[Test, ...]
    every: bool

    def of(self, said: Mapping[str, str]) -> Holds:
        """Yes, no or open by the rules of three-valued logic."""
        if not self.tests:
            return Holds.YES
        found = {test.of(said) for test in self.tests}
        decided, other = (Holds.NO, Holds.YES) if self.every else (Holds.YES, Holds.NO)
        if decided in found:
            return decided
        return Holds.OPEN if Holds.OPEN in found else other

    def missing(self, said: Mapping[str, str]) -> tuple[str, ...]:
        """The fields whose answers would close an open condition."""
        return tuple(dict.fromkeys(test.field for test in self.tests if test.of(said) is Holds.OPEN))

    @property
    def fields(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(test.field for test in self.tests))


def read_condition(written: Mapping[str, object]) -> Condition:
    """A condition as the facts write it: `any` or `all` over a list of `field = answer ...`, or `always`."""
    if set(written) == {"always"}:
        return Condition((), every=True)
    if set(written) not in ({"any"}, {"all"}):
        raise ValueError("a condition has any, all or always")
    ((kind, lines),) = written.items()
    if not isinstance(lines, Iterable) or isinstance(lines, str):
        raise ValueError("a condition lists its tests")
    return Condition(tuple(_test(str(line)) for line in lines), every=kind == "all")


def _test(line: str) -> Test:
    field, mark, answers = line.partition(" = ")
    if not mark or not field.isidentifier() or not answers.split():
        raise ValueError(f"not a test: {line}")
    return Test(field, frozenset(answers.split()))
