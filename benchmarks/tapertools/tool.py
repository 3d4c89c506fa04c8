"""What a tool is to the benchmark: something that turns a case into a day table, in this process or in another one.

The contract is in docs/how-to/add-a-taper-tool.md.
"""

from __future__ import annotations

import json
import os
import selectors
import shlex
import signal
import subprocess
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from benchmarks.tapertools.case import Case

HEADER = "date,step,time,drug,product,units,dose_mg,diazepam_mg_low,diazepam_mg_high"
LIMIT_S = 60.0
MOST_BYTES = 8 * 2**20
_DECLINED = 3


@dataclass(frozen=True, slots=True)
class Reason:
    """Why the dose that begins on a day falls by more than the limit, in the tool's words."""

    date: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a tool gives for a case: the day table, and where it has them what it prints and its reasons."""

    days: str
    printed: str | None = None
    reasons: tuple[Reason, ...] = ()


class Declined(Exception):
    """The tool says that this case cannot be made, and why."""


class Failed(Exception):
    """The tool gave no answer of the contract: a crash, a wrong exit, too long, too much, or nothing to read."""


class Tool(Protocol):
    """A tool that is called in process. `about` says in one or two sentences what it does."""

    name: str
    about: str

    def plan(self, case: Case) -> Answer:
        """The day table of a case. Raises `Declined`; anything else that is raised counts as a failure."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandTool:
    """A program in any language: a case as JSON on its standard input, a day table on its standard output."""

    name: str
    command: str
    about: str = "A program that was named on the command line."
    limit_s: float = LIMIT_S
    most_bytes: int = MOST_BYTES

    def plan(self, case: Case) -> Answer:
        with tempfile.TemporaryDirectory() as folder:
            home = Path(folder)
            (home / "case.json").write_text(case.as_json() + "\n", encoding="utf-8")
            code, days = self._run(home)
            said = _text((home / "stderr").read_bytes()[:2000]).strip()
            if code == _DECLINED:
                raise Declined(said or "no reason was given")
            if code != 0:
                raise Failed(f"exit {code}: {said[-200:] or 'nothing on standard error'}")
            printed = home / "printed.csv"
            return Answer(
                days=_text(days),
                printed=_text(_some_of(printed, self.most_bytes)) if printed.exists() else None,
                reasons=_reasons(home / "reasons.jsonl", self.most_bytes),
            )

    def _run(self, home: Path) -> tuple[int, bytes]:
        """Exit code and standard output. The program and all it started are ended when it takes too long or says
        too much."""
        named = {"PRINTED": str(home / "printed.csv"), "REASONS": str(home / "reasons.jsonl")}
        with (home / "case.json").open("rb") as given, (home / "stderr").open("wb") as errors:
            try:
                process = subprocess.Popen(
                    shlex.split(self.command),
                    stdin=given,
                    stdout=subprocess.PIPE,
                    stderr=errors,
                    env={**os.environ, **named},
                    start_new_session=True,
                )
            except (OSError, ValueError) as error:
                raise Failed(f"cannot be started: {type(error).__name__}") from error
            until = time.monotonic() + self.limit_s
            try:
                said = self._read(process, until)
                return process.wait(timeout=max(0, until - time.monotonic())), said
            except subprocess.TimeoutExpired as error:
                raise Failed(f"no answer within {self.limit_s:g} s") from error
            finally:
                _end(process)

    def _read(self, process: subprocess.Popen[bytes], until: float) -> bytes:
        assert process.stdout is not None
        said = bytearray()
        with selectors.DefaultSelector() as waiting:
            waiting.register(process.stdout, selectors.EVENT_READ)
            while True:
                left = until - time.monotonic()
                if left <= 0 or not waiting.select(left):
                    raise Failed(f"no answer within {self.limit_s:g} s")
                piece = os.read(process.stdout.fileno(), 65536)
                if not piece:
                    return bytes(said)
                said += piece
                if len(said) > self.most_bytes:
                    raise Failed(f"more than {self.most_bytes} bytes on standard output")


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the program with everything that it started: it has a process group of its own."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    if process.stdout is not None:
        process.stdout.close()
    process.wait()


def _some_of(path: Path, most: int) -> bytes:
    with path.open("rb") as file:
        data = file.read(most + 1)
    if len(data) > most:
        raise Failed(f"more than {most} bytes in {path.name}")
    return data


def _text(data: bytes) -> str:
    return data.decode("utf-8", errors="replace")


def _reasons(path: Path, most: int) -> tuple[Reason, ...]:
    if not path.exists():
        return ()
    try:
        rows = [json.loads(line) for line in _some_of(path, most).decode("utf-8").splitlines() if line.strip()]
        return tuple(Reason(str(row["date"]), str(row["reason"])) for row in rows)
    except (ValueError, KeyError, TypeError) as error:
        raise Failed("the reasons are not one JSON object with date and reason on each line") from error
