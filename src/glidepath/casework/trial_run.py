"""Running a virtual trial: its parts by threads or on a cluster, in any order, each kept as soon as it is done."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from itertools import islice
from typing import Any, Protocol
from urllib.parse import urlsplit

from glidepath import __version__
from glidepath.errors import GlidepathError, InputError
from glidepath.pharmacology.trial import PartResult, Trial, model_of_trial, part_of

Part = tuple[str, int]
# So many parts wait for each thread or worker; more would only fill memory.
_WAITING_EACH = 2


class Kept(Protocol):
    """Where finished parts are kept between two runs."""

    def find(self, part: Part) -> PartResult | None: ...

    def keep(self, part: Part, result: PartResult) -> None: ...


class Nowhere:
    """Keeps nothing."""

    def find(self, part: Part) -> PartResult | None:
        return None

    def keep(self, part: Part, result: PartResult) -> None:
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialResult:
    """Everything that was counted, by the id of the scenario; those shown come first."""

    trial: Trial
    by_scenario: dict[str, PartResult]


def run_trial(
    trial: Trial,
    *,
    threads: int = 1,
    cluster: Any = None,
    kept: Kept | None = None,
    progress: Callable[[int], None] | None = None,
) -> TrialResult:
    """Make every part that is not kept yet, and add them all.

    `cluster` is the address of a Dask scheduler, or a cluster object that `distributed.Client` takes; without one,
    threads are used. Results are the same either way. `progress` is told how many people more are done.
    """
    model_of_trial(trial)
    store = kept or Nowhere()
    totals: dict[str, PartResult] = {}

    def add(part: Part, result: PartResult) -> None:
        scenario, chunk = part
        totals[scenario] = totals[scenario] + result if scenario in totals else result
        if progress is not None:
            progress(trial.people_of(chunk))

    missing = []
    for part in trial.parts():
        found = store.find(part)
        if found is None:
            missing.append(part)
        else:
            add(part, found)
    if missing:
        made = _on_threads(trial, missing, threads) if cluster is None else _on_cluster(trial, missing, cluster)
        for part, result in made:
            store.keep(part, result)
            add(part, result)
    order = dict.fromkeys(scenario for scenario, _ in trial.parts())
    return TrialResult(trial=trial, by_scenario={scenario: totals[scenario] for scenario in order})


def make_part(trial: Trial, part: Part) -> PartResult:
    """One part, wherever this runs. Raises DIGEST_MISMATCH for another version of Glidepath or of the facts."""
    if trial.engine_version != __version__:
        raise GlidepathError(
            "DIGEST_MISMATCH",
            "A worker has another version of Glidepath than the one that the trial was asked with.",
            field="cluster",
            fix="Install one version of Glidepath everywhere.",
        )
    return part_of(trial, *part)


def _on_threads(trial: Trial, parts: Sequence[Part], threads: int) -> Iterator[tuple[Part, PartResult]]:
    if threads == 1:
        yield from ((part, make_part(trial, part)) for part in parts)
        return
    pool = ThreadPoolExecutor(threads)
    left = iter(parts)
    running: dict[Future[PartResult], Part] = {}
    try:
        while True:
            for part in islice(left, threads * _WAITING_EACH - len(running)):
                running[pool.submit(make_part, trial, part)] = part
            if not running:
                return
            for done in wait(running, return_when=FIRST_COMPLETED).done:
                yield running.pop(done), done.result()
    finally:
        # After an interruption what has begun is let go on to its end, and nothing else is begun.
        pool.shutdown(wait=True, cancel_futures=True)


def _on_cluster(trial: Trial, parts: Sequence[Part], cluster: Any) -> Iterator[tuple[Part, PartResult]]:
    try:
        import distributed
    except ImportError as error:
        raise InputError(
            "EXTRA_MISSING",
            "Running on a cluster needs distributed, which is not installed.",
            field="cluster",
            fix="Install it with: pip install glidepath[cluster]",
        ) from error
    dask: Any = distributed
    if isinstance(cluster, str):
        _require_scheduler(cluster)
    client: Any = dask.Client(cluster, set_as_default=False, timeout=10)
    with client:
        asked = client.scatter(trial, broadcast=True, hash=False)
        workers = max(1, sum(client.nthreads().values()))
        left = iter(parts)

        def begin(count: int) -> dict[Any, Part]:
            return {client.submit(make_part, asked, part, pure=False): part for part in islice(left, count)}

        running = begin(workers * _WAITING_EACH)
        finished = dask.as_completed(list(running), loop=client.loop)
        for done in finished:
            part = running.pop(done)
            yield part, done.result()
            for future, one in begin(1).items():
                running[future] = one
                finished.add(future)


def _require_scheduler(address: str) -> None:
    """Raise OPTION_INVALID where nothing listens at an address, before a client is made that would go on trying."""
    parts = urlsplit(address)
    try:
        if parts.scheme not in ("tcp", "tls") or not parts.hostname or not parts.port:
            raise ValueError("no address of a scheduler")
        socket.create_connection((parts.hostname, parts.port), timeout=10).close()
    except (OSError, ValueError) as error:
        raise InputError(
            "OPTION_INVALID",
            "No Dask scheduler answers at this address.",
            field="cluster",
            fix="Give the address that the scheduler prints, as in tcp://10.0.0.1:8786.",
        ) from error
