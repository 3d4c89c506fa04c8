"""Trying one mutant: in a copy of the tree, against the tests of its package, until the first test that fails."""

from __future__ import annotations

import compileall
import difflib
import hashlib
import os
import re
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from py_compile import PycInvalidationMode

from cosmic_ray.mutating import use_mutation
from cosmic_ray.plugins import get_operator

from tools.mutants.drawing import Key, Mutant
from tools.mutants.packages import CORPUS

COPIED = ("src", "tests", "pyproject.toml")
NOT_COPIED = ("__pycache__", "*.egg-info", "survivors.toml")
MEMORY = 4 << 30  # bytes of address space: a mutant that fills the memory ends before the machine does
IMPORT_S = 60.0
UNCHANGED_S = 600.0
ASLEEP = 6  # how many times its limit a mutant may take by the clock, should it only wait
PYTEST = ("-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", "--assert=plain", "--tb=no")

# A law that fails has killed its mutant: the smallest example is not looked for, nothing is kept for the next mutant,
# and the examples are the same every time.
LAWS = """\
from hypothesis import Phase, settings

settings.register_profile(
    "mutants", phases=(Phase.explicit, Phase.generate), database=None, deadline=None, derandomize=True
)
settings.load_profile("mutants")
"""

_FAILED = re.compile(r"^(?:FAILED|ERROR) (\S+)", re.MULTILINE)


class Outcome(StrEnum):
    """How it ended. An incompetent mutant could not even be imported; it is no test of the tests."""

    KILLED = "killed"
    TIMEOUT = "timeout"
    SURVIVED = "survived"
    INCOMPETENT = "incompetent"

    @property
    def is_judged(self) -> bool:
        return self is not Outcome.INCOMPETENT


@dataclass(frozen=True)
class Result:
    """What became of one mutant. `by` is the test that failed, `before` and `after` the lines of the change."""

    key: Key
    outcome: Outcome
    row: int
    seconds: float
    by: str
    before: tuple[str, ...]
    after: tuple[str, ...]


def copy_tree(root: Path, into: Path) -> None:
    """Copy what the tests need, so that nothing is ever changed in the tree that someone works in."""
    into.mkdir(parents=True)
    for name in COPIED:
        if (root / name).is_dir():
            shutil.copytree(root / name, into / name, ignore=shutil.ignore_patterns(*NOT_COPIED))
        else:
            shutil.copy2(root / name, into / name)
    (into / "conftest.py").write_text(LAWS, encoding="utf-8")
    # Compiled code goes by the digest of its source, not by its time, so that no mutant runs as the one before it.
    compileall.compile_dir(into, quiet=1, invalidation_mode=PycInvalidationMode.CHECKED_HASH)


def digest_of(tree: Path) -> str:
    """A digest of everything in a copy: results are kept only while it stays the same."""
    total = hashlib.sha256(f"{CORPUS}".encode())
    for path in sorted(p for p in tree.rglob("*") if p.is_file() and "__pycache__" not in p.parts):
        data = path.read_bytes()
        total.update(f"{path.relative_to(tree).as_posix()} {len(data)}\n".encode() + data)
    return total.hexdigest()


def seconds_unchanged(tree: Path, tests: Iterable[str]) -> float:
    """How long the tests take without a mistake in the code. `RuntimeError` if they do not pass, or try other code."""
    code, said = _import(tree, "src/glidepath/__init__.py")
    if code != 0 or Path(said.strip()).parents[2] != tree.resolve():
        raise RuntimeError(f"The copy of the package is not the one that is imported: {said.strip()}")
    began = time.monotonic()
    code, said = _test(tree, tests, UNCHANGED_S)
    if code != 0:
        raise RuntimeError(f"The tests do not pass even without a mistake in the code:\n{said}")
    return time.monotonic() - began


def attempt(mutant: Mutant, tree: Path, tests: Iterable[str], limit_s: float) -> Result:
    """Change one place of a copy, see whether the tests notice, and put it back."""
    began = time.monotonic()
    operator = get_operator(mutant.operator_name)()
    with use_mutation(tree / mutant.key.file, operator, mutant.occurrence) as (source, changed):
        code, said = _import(tree, mutant.key.file)
        is_competent = code in (0, None)
        if code == 0:
            code, said = _test(tree, tests, limit_s)
    if code is None:
        outcome = Outcome.TIMEOUT
    elif code == 0:
        outcome = Outcome.SURVIVED
    else:
        outcome = Outcome.KILLED if is_competent else Outcome.INCOMPETENT
    failed = _FAILED.search(said)
    before, after = _lines_changed(source, changed)
    seconds = round(time.monotonic() - began, 2)
    return Result(mutant.key, outcome, mutant.place[0], seconds, failed[1] if failed else "", before, after)


def _test(tree: Path, tests: Iterable[str], limit_s: float) -> tuple[int | None, str]:
    return _run(tree, (*PYTEST, *tests), limit_s)


def _import(tree: Path, file: str) -> tuple[int | None, str]:
    module = file.removeprefix("src/").removesuffix(".py").removesuffix("/__init__").replace("/", ".")
    return _run(tree, ("-c", f"import {module} as m; print(m.__file__)"), IMPORT_S)


def _run(tree: Path, arguments: tuple[str, ...], limit_s: float) -> tuple[int | None, str]:
    """The exit code of Python in a copy and what it printed; no exit code when it used more than `limit_s`."""
    environment = {
        **os.environ,
        "PYTHONPATH": str(tree / "src"),  # goes before the editable installation
        "PYTHONDONTWRITEBYTECODE": "1",
        "GLIDEPATH_CORPUS": str(CORPUS),
    }
    running = subprocess.Popen(
        [sys.executable, *arguments],
        cwd=tree,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        process_group=0,
    )
    # The limit is one of processor time: a machine that is busy with other things must not kill a mutant. It also ends
    # a run that nobody is left to wait for.
    resource.prlimit(running.pid, resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.prlimit(running.pid, resource.RLIMIT_CPU, (int(limit_s), int(limit_s) + 10))
    try:
        said, _ = running.communicate(timeout=ASLEEP * limit_s)
    except subprocess.TimeoutExpired:
        os.killpg(running.pid, signal.SIGKILL)
        said, _ = running.communicate()
        return None, said
    return (None if running.returncode == -signal.SIGXCPU else running.returncode), said


def _lines_changed(source: str, changed: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    before: list[str] = []
    after: list[str] = []
    for line in difflib.ndiff(source.splitlines(), changed.splitlines()):
        if line.startswith(("- ", "+ ")) and line[2:].strip():
            (before if line.startswith("- ") else after).append(line[2:].strip())
    return tuple(before), tuple(after)
