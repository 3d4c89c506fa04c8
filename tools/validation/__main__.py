"""Hold the simulator against every published figure and write docs/reference/validation.md.

    python -m tools.validation                     # the page
    python -m tools.validation --people 8000       # with more people in each arm
    python -m tools.validation --print             # to the screen, nothing written

Exit 1, and no page, when a miss has no explanation in tools/validation/misses.py, or an explanation has no miss.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from glidepath.facts.validation import ANY, EVERY, Target, load_targets
from tools.validation.arms import World, world
from tools.validation.kinetic_tests import KineticTest, kinetic_tests
from tools.validation.measures import MEASURES
from tools.validation.page import Result, needless, page, unexplained
from tools.validation.setting import Setting
from tools.validation.stops import relapse_rule

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "validation.md"
PEOPLE, FEWEST = 4000, 1000


def main(arguments: list[str] | None = None) -> int:
    """Run, and write the page; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=PEOPLE, help=f"in each arm, at least {FEWEST} for the page")
    parser.add_argument("--print", action="store_true", help="print the page instead of writing it")
    chosen = parser.parse_args(arguments)
    if chosen.people < FEWEST and not chosen.print:
        parser.error(f"the page needs at least {FEWEST} people in each arm")
    among = world(chosen.people)
    results, tests = run(among)
    shown = [scenario.id for scenario in among.response.shown]
    without, too_many = unexplained(results, tests, shown), needless(results, tests, shown)
    for name in without:
        print(f"{name} is missed and not explained in tools/validation/misses.py", file=sys.stderr)
    for name in too_many:
        print(f"{name} is met and still explained in tools/validation/misses.py", file=sys.stderr)
    written = page(among, results, tests, {s: relapse_rule(among, s) for s in shown})
    if chosen.print:
        print(written)
        return 0
    if without or too_many:
        return 1
    PAGE.write_text(written, encoding="utf-8")
    print(f"wrote {PAGE.relative_to(PAGE.parents[2])}")
    return 0


def run(among: World) -> tuple[list[Result], list[KineticTest]]:
    """Every target in every scenario that it needs, and every concentration test."""
    results = []
    for target in load_targets():
        seen = {
            scenario: MEASURES[target.id](Setting(among, among.scenario(scenario)))
            for scenario in scenarios_of(target, among)
        }
        results.append(Result(target=target, seen=seen))
        print(f"{target.id} done", file=sys.stderr)
    return results, list(kinetic_tests())


def scenarios_of(target: Target, among: World) -> list[str]:
    """Those that are shown, for what follows the concentration; and any other that decides a check."""
    judged = [check.judged for check in target.checks]
    shown = [scenario.id for scenario in among.response.shown]
    wanted = shown if any(j in (EVERY, shown[0]) for j in judged) else shown[:1] * bool(judged)
    return [*wanted, *dict.fromkeys(j for j in judged if j not in (*wanted, EVERY, ANY))]


if __name__ == "__main__":
    sys.exit(main())
