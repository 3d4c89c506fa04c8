"""Running the real command in a process of its own, as a person does."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

TODAY = "2026-11-22"
START = "2026-12-07"


@dataclass(frozen=True)
class Outcome:
    """What a command ended with."""

    code: int
    out: str
    err: str

    @property
    def error_code(self) -> str:
        """The stable code an error line begins with."""
        return self.err.split(":", 1)[0]

    def json(self) -> Any:
        return json.loads(self.out)


def glidepath(*arguments: str | Path, cwd: Path | None = None, env: dict[str, str] | None = None) -> Outcome:
    """Run `glidepath` with arguments; never through a shell."""
    done = subprocess.run(
        [sys.executable, "-m", "glidepath.cli.main", *map(str, arguments)],
        capture_output=True,
        text=True,
        cwd=cwd,
        env={**os.environ, **(env or {})},
        timeout=120,
        stdin=subprocess.DEVNULL,
        check=False,
    )
    assert "Traceback" not in done.stderr, done.stderr
    return Outcome(done.returncode, done.stdout, done.stderr)


def plan(sig: str, *arguments: str | Path) -> Outcome:
    """`glidepath plan` with a fixed today and start, so that the test means the same every day."""
    return glidepath("plan", sig, "--today", TODAY, "--start", START, *arguments)


def plan_json(sig: str, *arguments: str | Path) -> Any:
    """The plan document of a line."""
    outcome = plan(sig, "--format", "json", *arguments)
    assert outcome.code == 0, outcome.err
    return outcome.json()


def option(document: Any, route: str) -> Any:
    return next(o for o in document["options"] if o["route"] == route)


def doses(chosen: Any, drug: str | None = None) -> list[tuple[Fraction, int]]:
    """(mg a day, days) of each step of an option, for one drug."""
    name = drug or chosen["plan"]["drug"]
    return [
        (sum((Fraction(i["dose_mg"]) for i in s["intakes"] if i["drug"] == name), Fraction(0)), s["days"])
        for s in chosen["plan"]["steps"]
    ]


def falls(chosen: Any) -> list[Fraction]:
    """The fall of every reduction of an option."""
    return [Fraction(s["reduction"]) for s in chosen["plan"]["steps"] if s["kind"] != "recorded"]


def check(chosen: Any, check_id: str) -> Any:
    return next(c for c in chosen["proof"] if c["id"] == check_id)
