"""What is kept: the results of this run so that it can go on, and why a mutant may survive."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from tools.mutants.drawing import Key
from tools.mutants.trying import Outcome, Result


class Kept:
    """A file with one JSON line for each mutant that was tried, and the digest of the tree it was tried in."""

    def __init__(self, path: Path, digest: str) -> None:
        self._path, self._digest = path, digest

    def results(self) -> dict[Key, Result]:
        """What was found in the tree as it is now."""
        return {result.key: result for digest, result in self._lines() if digest == self._digest}

    def survivors_of_any_state(self) -> set[Key]:
        """What survived when it was last tried, whatever the tree was then."""
        last = {result.key: result.outcome for _, result in self._lines()}
        return {key for key, outcome in last.items() if outcome is Outcome.SURVIVED}

    def add(self, result: Result) -> None:
        """Write a result down at once, so that a run that is stopped loses none."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._path.open("a", encoding="utf-8") as out:
            out.write(json.dumps({"digest": self._digest, **asdict(result)}) + "\n")

    def _lines(self) -> Iterator[tuple[str, Result]]:
        for line in self._path.read_text("utf-8").splitlines() if self._path.is_file() else ():
            try:
                said = json.loads(line)
            except ValueError:  # a last line that was cut off
                continue
            digest, key, outcome = said.pop("digest"), Key(**said.pop("key")), Outcome(said.pop("outcome"))
            before, after = tuple(said.pop("before")), tuple(said.pop("after"))
            yield digest, Result(key=key, outcome=outcome, before=before, after=after, **said)


def explanations(path: Path) -> dict[Key, str]:
    """Why each survivor may survive, from the file that people write. Raises `ValueError` where one says nothing."""
    found: dict[Key, str] = {}
    for entry in tomllib.loads(path.read_text("utf-8")).get("survivor", []):
        key = Key(entry["file"], entry["inside"], entry["line"], entry["operator"], entry.get("nth", 0))
        because = entry["because"].strip()
        if not because or key in found:
            raise ValueError(f"{path.name}: {'explained twice' if key in found else 'no explanation'}: {key}")
        found[key] = because
    return found


def to_explain(result: Result) -> str:
    """The entry that an unexplained survivor needs, with the reason left open."""
    rows = [
        "[[survivor]]",
        f"file = {_text(result.key.file)}",
        f"inside = {_text(result.key.inside)}",
        f"line = {_text(result.key.line)}",
        f"becomes = {_text(' / '.join(result.after))}",
        f"operator = {_text(result.key.operator)}",
        *([f"nth = {result.key.nth}"] if result.key.nth else []),
        'because = ""',
    ]
    return "\n".join(rows)


def _text(value: str) -> str:
    # A basic string of TOML is written as one of JSON is.
    return json.dumps(value, ensure_ascii=False)
