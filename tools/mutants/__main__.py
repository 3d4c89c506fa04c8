"""Change the code in hundreds of small ways and see whether the tests notice.

    python -m tools.mutants                                # the whole sample; writes docs/reference/mutants.md
    python -m tools.mutants --package quantity --count 20  # a look at one package; writes to build/mutants/
    python -m tools.mutants --survivors                    # only those that survived when they were last tried

A run that was stopped goes on where it was, as long as nothing in src and tests has changed. It ends with 1 when too
few are killed or a survivor is not explained, and with 2 when it could not be run.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from rich.console import Console

from tools.mutants.drawing import Key, draw, mutants_of
from tools.mutants.packages import AT_LEAST, KILLED_AT_LEAST, PACKAGES, SEED, Package, matching
from tools.mutants.report import Tried, killed_and_judged, page, percent
from tools.mutants.results import Kept, explanations, to_explain
from tools.mutants.running import copies, limits, try_all
from tools.mutants.trying import Outcome, digest_of

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / "build" / "mutants"
RESULTS = BUILD / "results.jsonl"
SURVIVORS = ROOT / "tests" / "mutants" / "survivors.toml"
PAGE = ROOT / "docs" / "reference" / "mutants.md"

console = Console(highlight=False, markup=False, soft_wrap=True)


def main() -> int:
    """Draw, try, report; returns the exit code."""
    asked = _arguments()
    packages = [p for p in PACKAGES if not asked.package or p.short in asked.package]
    is_whole = not (asked.package or asked.count or asked.survivors)
    try:
        why = explanations(SURVIVORS)
        tried, there = _tried(packages, asked)
    except KeyboardInterrupt:
        console.print("Stopped. The same command goes on from here.")
        return 2
    except (OSError, ValueError, RuntimeError) as error:
        console.print(str(error))
        return 2
    where = PAGE if is_whole else BUILD / "report.md"
    where.parent.mkdir(parents=True, exist_ok=True)
    where.write_text(page(tried, why, asked.seed, asked.jobs), encoding="utf-8")
    killed, judged = killed_and_judged(tried)
    console.print(f"{killed} of {judged} killed, {percent(killed, judged)}; wrote {where.relative_to(ROOT).as_posix()}")
    faults = list(_unexplained(tried, why))
    if 100 * killed < KILLED_AT_LEAST * judged and not asked.survivors:
        faults.append(f"Fewer than {KILLED_AT_LEAST} % were killed.")
    if is_whole:
        faults += _faults_of_the_whole(judged, why, there)
    for fault in faults:
        console.print(fault)
    return 1 if faults else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tools.mutants", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    names = [p.short for p in PACKAGES]
    parser.add_argument("--package", action="append", choices=names, help="only this one; can be given again")
    parser.add_argument("--count", type=int, help="draw so many of each package instead of the numbers of the table")
    parser.add_argument("--seed", type=int, default=SEED, help="of the draw (%(default)s)")
    parser.add_argument("--jobs", type=int, default=2, help="how many to try at a time (%(default)s)")
    parser.add_argument("--survivors", action="store_true", help="only those that survived when they were last tried")
    return parser.parse_args()


def _tried(packages: list[Package], asked: argparse.Namespace) -> tuple[tuple[Tried, ...], set[Key]]:
    """What became of every mutant that is asked for, and the keys of all mutants that there are."""
    with copies(ROOT, asked.jobs) as trees:
        tree = trees[0]
        kept = Kept(RESULTS, digest_of(tree))
        known = kept.results()
        there: set[Key] = set()
        drawn: list[Tried] = []
        for package in packages:
            tests = matching(tree, package.tests)
            every = mutants_of(tree, matching(tree, package.files))
            sample = draw(every, asked.count or package.drawn, asked.seed, tree)
            if asked.survivors:
                survivors = kept.survivors_of_any_state()
                sample = replace(sample, mutants=tuple(m for m in every if m.key in survivors))
            there |= {m.key for m in every}
            drawn.append(Tried(package.name, sample, (), tests))
        todo = {m: one.tests for one in drawn for m in one.sample.mutants if m.key not in known}
        for result in try_all(todo, limits(todo.values(), trees, console), trees, console):
            kept.add(result)
            known[result.key] = result
    return tuple(replace(one, results=tuple(known[m.key] for m in one.sample.mutants)) for one in drawn), there


def _unexplained(tried: tuple[Tried, ...], why: Mapping[Key, str]) -> Iterator[str]:
    survivors = [r for one in tried for r in one.results if r.outcome is Outcome.SURVIVED]
    unexplained = [r for r in survivors if r.key not in why]
    if unexplained:
        yield f"{len(unexplained)} of {len(survivors)} survivors have no explanation in {_name(SURVIVORS)}:"
        yield from (f"\n{to_explain(result)}" for result in unexplained)


def _faults_of_the_whole(judged: int, why: Mapping[Key, str], there: set[Key]) -> Iterator[str]:
    if judged < AT_LEAST:
        yield f"Only {judged} mutants were judged; at least {AT_LEAST} are asked for."
    for key in why:
        if key not in there:
            yield f"{_name(SURVIVORS)} explains a mutant that is not there any more: {key}"


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


if __name__ == "__main__":
    sys.exit(main())
