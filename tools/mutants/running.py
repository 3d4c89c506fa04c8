"""Trying many mutants: several at a time, each in a copy of the tree of its own."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from queue import SimpleQueue
from typing import TypeVar

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from tools.mutants.drawing import Mutant
from tools.mutants.trying import Result, attempt, copy_tree, seconds_unchanged

T = TypeVar("T")
Tests = tuple[str, ...]


@contextmanager
def copies(root: Path, count: int) -> Iterator[list[Path]]:
    """As many copies of the tree as are worked in at a time, all of one moment."""
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        trees = [Path(folder) / f"tree-{number}" for number in range(count)]
        for source, tree in zip([root, *trees], trees, strict=False):
            copy_tree(source, tree)
        yield trees


def limits(tests: Iterable[Tests], trees: list[Path], console: Console) -> dict[Tests, float]:
    """The processor time each set of tests may use. `RuntimeError` if one fails without any mistake in the code."""
    found: dict[Tests, float] = {}

    def measured(names: Tests, tree: Path) -> tuple[Tests, float]:
        return names, seconds_unchanged(tree, names)

    for names, seconds in _in_parallel([partial(measured, names) for names in dict.fromkeys(tests)], trees):
        # By the clock, which on a busy machine is more than the processor time: only a generous limit may kill.
        found[names] = 2 * seconds + 20
        console.print(f"Without a mistake {names[0]} and what follows it take {seconds:.0f} s.")
    return found


def try_all(
    todo: Mapping[Mutant, Tests], limit_s: Mapping[Tests, float], trees: list[Path], console: Console
) -> Iterator[Result]:
    """Every result as it comes, with a bar."""

    def tried(mutant: Mutant, tree: Path) -> Result:
        return attempt(mutant, tree, todo[mutant], limit_s[todo[mutant]])

    counted: Counter[str] = Counter()
    columns = (BarColumn(), MofNCompleteColumn(), TextColumn("{task.description}"), TimeRemainingColumn())
    with Progress(*columns, console=console) as progress:
        bar = progress.add_task("", total=len(todo))
        for result in _in_parallel([partial(tried, mutant) for mutant in todo], trees):
            counted[result.outcome.value] += 1
            said = ", ".join(f"{number} {outcome}" for outcome, number in sorted(counted.items()))
            progress.update(bar, advance=1, description=said)
            yield result


def _in_parallel(calls: Sequence[Callable[[Path], T]], trees: list[Path]) -> Iterator[T]:
    """Call everything with a tree that nothing else uses meanwhile."""
    free: SimpleQueue[Path] = SimpleQueue()
    for tree in trees:
        free.put(tree)

    def one(call: Callable[[Path], T]) -> T:
        tree = free.get()
        try:
            return call(tree)
        finally:
            free.put(tree)

    with ThreadPoolExecutor(len(trees)) as pool:
        try:
            for done in as_completed([pool.submit(one, call) for call in calls]):
                yield done.result()
        finally:
            pool.shutdown(cancel_futures=True)
