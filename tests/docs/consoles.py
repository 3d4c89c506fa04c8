"""Reading the ```console blocks of a document and running their commands for real."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Shown:
    """One command as a document shows it, with the output it promises."""

    command: str
    output: tuple[str, ...]


def blocks(text: str, language: str) -> list[str]:
    """The fenced blocks of one language, in order."""
    return [found[2] for found in _BLOCK.finditer(text) if found[1] == language]


def shown_commands(text: str) -> list[Shown]:
    """Every `$ ` line of the console blocks (and the `> ` lines that go on with it), with the lines below it."""
    found: list[Shown] = []
    for block in blocks(text, "console"):
        for line in block.splitlines():
            if line.startswith("$ "):
                found.append(Shown(line[2:], ()))
            elif line.startswith("> ") and not found[-1].output:
                found[-1] = Shown(f"{found[-1].command}\n{line[2:]}", ())
            else:
                found[-1] = Shown(found[-1].command, (*found[-1].output, line.rstrip()))
    return found


def run(command: str, folder: Path) -> list[str]:
    """What `glidepath …` prints on both streams, line by line, run in a folder."""
    name, *arguments = shlex.split(command)
    if name != "glidepath":
        raise ValueError(f"a document may only show the glidepath command, not {name}")
    done = subprocess.run(
        [sys.executable, "-m", "glidepath.cli.main", *arguments],
        cwd=folder,
        env={**os.environ, "COLUMNS": "100"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=120,
        check=False,
    )
    return [line.rstrip() for line in done.stdout.splitlines()]


def agrees(shown: tuple[str, ...], printed: list[str]) -> bool:
    """Whether what was printed is what is shown; a line of three dots stands for any lines, also for none."""
    pattern = "".join(r"(?:.*\n)*?" if line == "..." else re.escape(line) + r"\n" for line in shown)
    return re.fullmatch(pattern, "".join(line + "\n" for line in printed)) is not None
