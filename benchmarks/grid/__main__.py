"""Plan and check the cases of the grid on all cores: `python -m benchmarks.grid --cases 1000000 --out build/grid`.

Goes on where it was interrupted: finished parts are lines of `parts.jsonl`, and a part that is there is not run again.
At the end the report is written; it ends with 6 when the two opinions ever differed.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import sys
from collections import Counter
from concurrent.futures import ProcessPoolExecutor, as_completed
from datetime import date
from pathlib import Path
from time import perf_counter
from typing import Any

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from benchmarks.grid import axes
from benchmarks.grid.report import write_report
from glidepath import __version__
from glidepath.errors import Exit, GlidepathError
from glidepath.facts.formulary import load_formulary

PART = 250


def run_part(first: int, last: int) -> dict[str, Any]:
    """Plan the cases first to last - 1; every plan that comes back was checked by both opinions."""
    from glidepath.casework.plan import propose
    from glidepath.casework.request import PlanRequest

    formulary, today = load_formulary(), date.fromisoformat(axes.TODAY)
    counted: Counter[str] = Counter()
    spent: list[float] = []
    differ: list[dict[str, Any]] = []
    for number in range(first, last):
        case = axes.case(number)
        began = perf_counter()
        try:
            proposal = propose(PlanRequest.of({"sig": case.sig, **case.options}, today=today), formulary)
        except GlidepathError as error:
            counted["refused " + error.code] += 1
            if error.code == "OPINIONS_DIFFER":
                differ.append({"case": number, "sig": case.sig, "options": case.options, "says": error.details})
            continue
        finally:
            spent.append(perf_counter() - began)
        counted["proposals"] += 1
        for option in proposal.options.options:
            if option.proof is None:
                continue
            counted["plans"] += 1
            counted["plans " + option.route.value] += 1
            counted["plans without a breach"] += not option.proof.breaches
            counted.update(f"breach {c.id}" for c in option.proof.breaches)
            counted.update(f"caution {c.id}" for c in option.proof.cautions)
    return {
        "first": first,
        "last": last,
        "seconds": round(sum(spent), 3),
        "slowest_s": round(max(spent), 3),
        "counted": dict(counted),
        "differ": differ,
    }


def state(cases: int) -> dict[str, Any]:
    """What a run is recognized by: parts of another version, other facts or other axes are not mixed in."""
    shape = hashlib.sha256(repr((axes.axes(), axes.PACES, axes.GOALS, axes.UNITS)).encode()).hexdigest()[:12]
    return {"cases": cases, "version": __version__, "facts": load_formulary().digest, "axes": shape}


def finished_parts(place: Path) -> dict[int, dict[str, Any]]:
    """The parts that are done; a line that was cut off in the middle is left out."""
    done: dict[int, dict[str, Any]] = {}
    if place.exists():
        for line in place.read_text().splitlines(keepends=True):
            if line.endswith("\n"):
                part = json.loads(line)
                done[part["first"]] = part
    return done


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=0, help="how many cases (default: all)")
    parser.add_argument("--out", type=Path, default=Path("build/grid"), help="where finished parts are kept")
    parser.add_argument("--report", type=Path, default=Path("docs/reference/grid.md"))
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    asked = parser.parse_args()
    cases = min(asked.cases or axes.size(), axes.size())
    asked.out.mkdir(parents=True, exist_ok=True)
    about, place = asked.out / "run.json", asked.out / "parts.jsonl"
    if about.exists() and {**json.loads(about.read_text()), "cases": cases} != state(cases):
        sys.exit(f"{asked.out} holds parts of another version: name another folder with --out, or delete it.")
    about.write_text(json.dumps(state(cases)) + "\n")
    done = finished_parts(place)
    place.write_text("".join(json.dumps(part) + "\n" for part in done.values()))
    waiting = [n for n in range(0, cases, PART) if n not in done or done[n]["last"] < min(n + PART, cases)]
    columns = (TextColumn("planning and checking"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns) as bar, place.open("a") as out, ProcessPoolExecutor(asked.jobs) as pool:
        task = bar.add_task("", total=cases, completed=cases - sum(min(n + PART, cases) - n for n in waiting))
        running = [pool.submit(run_part, n, min(n + PART, cases)) for n in waiting]
        for future in as_completed(running):
            part = future.result()
            done[part["first"]] = part
            out.write(json.dumps(part) + "\n")
            out.flush()
            bar.advance(task, part["last"] - part["first"])
    parts = [done[n] for n in sorted(done) if n < cases]
    total = write_report(asked.report, parts, cases=cases, of=axes.size(), jobs=asked.jobs)
    print(f"{total['plans']} plans, {total['disagreements']} disagreements; report in {asked.report}")
    sys.exit(int(Exit.INTEGRITY) if total["disagreements"] else 0)


if __name__ == "__main__":
    main()
