"""A finished part of a virtual trial as the bytes of one small file, and back.

The file says which trial, scenario and chunk it is of; one that is damaged is no part at all and is made again.
"""

from __future__ import annotations

import json
import zipfile
import zlib
from io import BytesIO
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glidepath.errors import StoreError
from glidepath.pharmacology.bands import Counts
from glidepath.pharmacology.trial import MEASURES, ArmResult, PartResult, Sums, Trial, drive_in_bins, in_bins

_ABOUT, _SUMS = "about", "sums"


def part_bytes(trial: Trial, scenario_id: str, chunk: int, part: PartResult) -> bytes:
    """A part with what it is of; the same part gives the same bytes."""
    about = {"trial": trial.digest, "scenario": scenario_id, "chunk": chunk}
    written = BytesIO()
    arrays: dict[str, Any] = {_ABOUT: _text(about), **_arrays(part)}
    np.savez_compressed(written, **arrays)
    return written.getvalue()


def part_from(data: bytes, trial: Trial, scenario_id: str, chunk: int) -> PartResult | None:
    """The part of some bytes, None when they are damaged. Raises OUTPUT_EXISTS for a part of another trial."""
    try:
        with np.load(BytesIO(data), allow_pickle=False) as loaded:
            arrays = {name: loaded[name] for name in loaded.files}
        about = json.loads(arrays[_ABOUT].tobytes())
        is_ours = about["trial"] == trial.digest
        if is_ours and (about["scenario"], about["chunk"]) == (scenario_id, chunk):
            return _from_arrays(arrays, trial, scenario_id)
    except (
        OSError,
        EOFError,
        KeyError,
        ValueError,
        IndexError,
        TypeError,
        AttributeError,
        zipfile.BadZipFile,
        zlib.error,
    ):
        return None
    raise StoreError(
        "OUTPUT_EXISTS",
        "The folder holds parts of another trial, or of another version of the facts or of Glidepath.",
        field="out",
        fix="Name another folder, or delete the folder `parts` in it.",
    )


def _text(value: object) -> NDArray[Any]:
    return np.frombuffer(json.dumps(value).encode(), dtype=np.uint8)


def _arrays(part: PartResult) -> dict[str, NDArray[Any]]:
    """A part as plain arrays of whole numbers, those that are not zero with their places."""
    found: dict[str, NDArray[Any]] = {}
    for number, arm in enumerate(part.arms):
        for name, counts in (("drive", arm.drive), ("whole", arm.whole)):
            if counts is not None:
                places = np.flatnonzero(counts.counts)
                found[f"{name}{number}_at"] = places.astype(np.uint32)
                found[f"{name}{number}"] = counts.counts.ravel()[places].astype(np.uint16)
    sums = [[s.n, s.total, s.squares] for row in (*(a.sums for a in part.arms), *part.differences) for s in row]
    found[_SUMS] = _text([part.n, sums])
    return found


def _from_arrays(arrays: dict[str, NDArray[Any]], trial: Trial, scenario_id: str) -> PartResult:
    """The part again. Raises KeyError, ValueError or IndexError for arrays that are none of this trial."""
    n, flat = json.loads(arrays[_SUMS].tobytes())
    width, arms = len(MEASURES), len(trial.arms)
    rows = [tuple(Sums(*s) for s in flat[k : k + width]) for k in range(0, len(flat), width)]
    if len(rows) != 2 * arms - 1:
        raise ValueError("sums of other arms")

    def counted(name: str, counts: Counts) -> Counts:
        counts.counts.reshape(-1)[arrays[f"{name}_at"]] = arrays[name]
        counts.n = n
        if (counts.counts.sum(axis=-1) != n).any():
            raise ValueError("counts of other people")
        return counts

    is_shown = scenario_id in trial.scenarios
    return PartResult(
        n=n,
        arms=tuple(
            ArmResult(
                drive=counted(f"drive{k}", drive_in_bins(trial)) if is_shown else None,
                whole=counted(f"whole{k}", in_bins()),
                sums=rows[k],
            )
            for k in range(arms)
        ),
        differences=tuple(rows[arms:]),
    )
