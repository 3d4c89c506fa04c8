"""`glidepath plan --batch`: many lines, one record each, in order; never stopped by one bad line, resumable."""

from __future__ import annotations

import hashlib
import json
import os
import re
import signal
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from glidepath import __version__
from glidepath.cli.files import read_input, too_large, write_one
from glidepath.errors import GlidepathError, InputError, StoreError

_MOST_BYTES = 2**30
_LONGEST_LINE = 64 * 1024
_SAFE_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}", re.ASCII)
_WAITING_PER_JOB = 64
_RESERVED = {"results.jsonl", "results.part.jsonl", "batch.json"}

Planned = tuple[dict[str, Any], str | None]  # the record and, when planned, the day table


def run_batch(source: Path, out: Path, defaults: dict[str, Any], today: date, *, jobs: int, force: bool) -> None:
    """Plan every line of `source` into `out`.

    `results.part.jsonl` grows line by line and becomes `results.jsonl` at the end; a run that was interrupted goes on
    where it stopped when it is started again with the same input, options and version.
    """
    total = _count_lines(source)
    finished = out / "results.jsonl"
    if out.is_symlink() or finished.is_symlink() or (finished.exists() and not force):
        raise StoreError(
            "OUTPUT_EXISTS", "The results of a batch exist there.", field="out", fix="Name another folder, or --force."
        )
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(
            "OUTPUT_EXISTS", "The output folder cannot be written.", field="out", fix="Name another."
        ) from error
    state = batch_state(source, defaults, today.isoformat())
    resumed = (out / "results.part.jsonl").exists()
    today, done, seen = _resume(out, state, today)
    part = out / "results.part.jsonl"
    with (
        _bar() as progress,
        part.open("a", encoding="utf-8") as results,
        source.open("rb") as lines,
    ):
        task = progress.add_task("planning", total=total, completed=done)
        skipped = _bounded(lines)
        for _ in range(done):
            next(skipped, b"")
        for number, (record, table) in enumerate(_answers(_bounded(lines), done, defaults, today, seen, jobs)):
            if table is not None:
                # The first line after an interruption may have written its table already.
                record = _written(out, record, table, force=force or (number == 0 and resumed))
            results.write(json.dumps(record, ensure_ascii=False, sort_keys=True) + "\n")
            results.flush()
            progress.advance(task)
        os.fsync(results.fileno())
    part.replace(finished)
    (out / "batch.json").unlink(missing_ok=True)
    _summary(finished)


def _written(out: Path, record: dict[str, Any], table: str, *, force: bool) -> dict[str, Any]:
    """Write the day table of a record; a place that cannot be written makes it an error record, never a stop."""
    folder = out / record["id"]
    try:
        if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
            raise StoreError(
                "OUTPUT_EXISTS",
                "The folder of this id is a link or a file.",
                field="id",
                fix="Use another id or folder.",
            )
        write_one(folder / "days.csv", table.encode(), force=force)
    except StoreError as error:
        return {"id": record["id"], "line": record["line"], "status": "error", "error": error.as_record()}
    return record


def _bounded(file: BinaryIO) -> Iterator[bytes]:
    """The lines of a file; one that is too long is cut at the bound and its rest is skipped unread."""
    while line := file.readline(_LONGEST_LINE + 1):
        rest = line
        while len(rest) > _LONGEST_LINE and not rest.endswith(b"\n"):
            rest = file.readline(_LONGEST_LINE + 1)
        yield line


def _bar() -> Progress:
    from rich.console import Console

    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
    )


def _count_lines(source: Path) -> int:
    import stat

    try:
        info = source.stat()
    except OSError as error:
        raise StoreError(
            "INPUT_MISSING", "The batch file cannot be read.", field="batch", fix="Check that it exists."
        ) from error
    if not stat.S_ISREG(info.st_mode) or info.st_size > _MOST_BYTES:
        raise too_large(_MOST_BYTES)
    count = 0
    with source.open("rb") as file:
        while chunk := file.read(2**20):
            if b"\0" in chunk:
                raise too_large(_MOST_BYTES)
            count += chunk.count(b"\n")
            last = chunk[-1:]
    return count + (info.st_size > 0 and last != b"\n")


def batch_state(source: Path, defaults: dict[str, Any], today: str) -> dict[str, Any]:
    """What an interrupted batch is recognized by: its input, options, version and the day it was begun."""
    digest = hashlib.sha256()
    with source.open("rb") as file:
        while chunk := file.read(2**20):
            digest.update(chunk)
    return {
        "input": digest.hexdigest(),
        "options": dict(sorted(defaults.items())),
        "version": __version__,
        "today": today,
    }


def _resume(out: Path, state: dict[str, Any], today: date) -> tuple[date, int, set[str]]:
    """The day the batch was begun, how many records are done, and the ids they used."""
    place, part = out / "batch.json", out / "results.part.jsonl"
    if not (place.exists() and part.exists()):
        part.unlink(missing_ok=True)
        write_one(place, json.dumps(state, sort_keys=True).encode(), force=True)
        return today, 0, set()
    before = json.loads(read_input(place, 2**20))
    if {**before, "today": ""} != {**state, "today": ""}:
        raise StoreError(
            "OUTPUT_EXISTS",
            "The folder holds an interrupted batch of another input, other options or another version.",
            field="out",
            fix="Name another folder, or delete results.part.jsonl and batch.json there.",
        )
    complete = []
    for line in part.read_text(encoding="utf-8").splitlines(keepends=True):
        # A line that was cut off in the middle of being written is planned again.
        if not line.endswith("\n"):
            break
        complete.append(line)
    staged = part.with_suffix(".tmp")
    staged.write_text("".join(complete), encoding="utf-8")
    staged.replace(part)
    ids = {str(json.loads(line).get("id")) for line in complete}
    return date.fromisoformat(before["today"]), len(complete), ids


def _answers(
    lines: Iterator[bytes], done: int, defaults: dict[str, Any], today: date, seen: set[str], jobs: int
) -> Iterator[Planned]:
    """One answer per line, in order of the lines."""
    numbered = ((number, raw) for number, raw in enumerate(lines, start=done + 1))
    if jobs == 1:
        for number, raw in numbered:
            yield _plan_or_error(number, raw, defaults, today, seen)
        return
    with ProcessPoolExecutor(max_workers=jobs, initializer=_leave_signals_to_the_parent) as pool:
        waiting: list[Future[Planned] | Planned] = []
        for number, raw in numbered:
            case = _read_case(number, raw, seen)
            waiting.append(case if isinstance(case, tuple) else pool.submit(plan_case, case, defaults, today))
            if len(waiting) >= jobs * _WAITING_PER_JOB:
                yield _result(waiting.pop(0))
        while waiting:
            yield _result(waiting.pop(0))


def _leave_signals_to_the_parent() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)


def _result(entry: Future[Planned] | Planned) -> Planned:
    return entry if isinstance(entry, tuple) else entry.result()


def _plan_or_error(number: int, raw: bytes, defaults: dict[str, Any], today: date, seen: set[str]) -> Planned:
    case = _read_case(number, raw, seen)
    return case if isinstance(case, tuple) else plan_case(case, defaults, today)


def _read_case(number: int, raw: bytes, seen: set[str]) -> dict[str, Any] | Planned:
    """The object of a line with a usable id, or the record that says what is wrong with it."""
    from glidepath.render.reading import parse_json

    case_id: str | None = None
    try:
        if len(raw) > _LONGEST_LINE:
            raise too_large(_LONGEST_LINE)
        case = parse_json(raw)
        if not isinstance(case, dict):
            raise InputError("JSON_INVALID", "The line is not a JSON object.", field="line", fix="Write one object.")
        case_id = case.get("id")
        if not isinstance(case_id, str) or not _SAFE_ID.fullmatch(case_id) or case_id in _RESERVED:
            case_id = None
            raise InputError(
                "OPTION_INVALID",
                "The line has no id that can name a folder.",
                field="id",
                fix="Give an id of letters, digits, dots, hyphens and underscores, at most 100.",
            )
        if case_id in seen:
            raise InputError("OPTION_INVALID", "The id is used twice.", field="id", fix="Give each line its own id.")
        seen.add(case_id)
        return {**case, "line": number}
    except GlidepathError as error:
        return (
            {"id": case_id or _readable_id(raw), "line": number, "status": "error", "error": error.as_record()},
            None,
        )


def _readable_id(raw: bytes) -> str | None:
    """The id of a line that is refused for something else, so that its record can be found again."""
    if len(raw) > _LONGEST_LINE:
        return None
    try:
        case = json.loads(raw)
    except (ValueError, RecursionError):
        return None
    found = case.get("id") if isinstance(case, dict) else None
    return found if isinstance(found, str) and _SAFE_ID.fullmatch(found) else None


def plan_case(case: dict[str, Any], defaults: dict[str, Any], today: date) -> Planned:
    """Plan one object of a batch: its record, and the day table of the route shown first."""
    from glidepath.casework.outputs import shown_route, stdout_text
    from glidepath.casework.plan import propose
    from glidepath.casework.request import PlanRequest, field_of
    from glidepath.facts.formulary import load_formulary
    from glidepath.render.document import to_document

    record: dict[str, Any] = {"id": case["id"], "line": case["line"]}
    try:
        values = {k: v for k, v in case.items() if k not in ("id", "line")}
        own = {field_of(name) for name in values}
        kept = {name: value for name, value in defaults.items() if field_of(name) not in own}
        proposal = propose(PlanRequest.of({**kept, **values}, today=today), load_formulary())
        document = to_document(proposal)
        table = stdout_text(proposal, "days", document)
    except GlidepathError as error:
        return ({**record, "status": "error", "error": error.as_record()}, None)
    except Exception as error:
        fault = GlidepathError("INTERNAL", f"A fault in Glidepath itself ({type(error).__name__}).")
        return ({**record, "status": "error", "error": fault.as_record()}, None)
    route = shown_route(proposal)
    option = next(o for o in document["options"] if o["route"] == route)
    record |= {
        "status": "planned",
        "understood": proposal.understood,
        "route": route,
        "recommended": document["recommended"],
        "numbers": option["numbers"],
        "last_dose_mg": option["end"]["last_dose_mg"],
        "breaches": [c["id"] for c in option["proof"] if c["status"] == "breach"],
        "cautions": [c["id"] for c in option["proof"] if c["status"] == "caution"],
        "not_assessable": [c["id"] for c in option["proof"] if c["status"] == "not assessable"],
        "unanswered": document["person"]["unanswered"],
        "findings": [f["rule"] for f in document["findings"]],
        "digest": document["digest"],
    }
    return (record, table)


def _summary(finished: Path) -> None:
    import click

    planned = errors = 0
    with finished.open(encoding="utf-8") as file:
        for line in file:
            planned += json.loads(line)["status"] == "planned"
            errors += json.loads(line)["status"] == "error"
    click.echo(f"{planned} planned, {errors} with an error; written to {finished}")
