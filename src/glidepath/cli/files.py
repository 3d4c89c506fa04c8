"""Reading and writing files at the door: bounded input, all-or-nothing output."""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
from collections.abc import Mapping
from pathlib import Path

from glidepath.errors import InputError, StoreError


def read_input(path: Path, most_bytes: int) -> bytes:
    """The bytes of a regular text file up to a limit; anything else is INPUT_TOO_LARGE."""
    data = read_any(path, most_bytes)
    if b"\0" in data:
        raise too_large(most_bytes)
    return data


def read_any(path: Path, most_bytes: int) -> bytes:
    """The bytes of a regular file up to a limit.

    Devices, pipes and larger files are refused (INPUT_TOO_LARGE) without reading past the limit.
    """
    try:
        info = path.stat()
    except OSError as error:
        raise StoreError(
            "INPUT_MISSING", "The file cannot be read.", field="file", fix="Check that it exists and may be read."
        ) from error
    if not stat.S_ISREG(info.st_mode) or info.st_size > most_bytes:
        raise too_large(most_bytes)
    try:
        with path.open("rb") as file:
            data = file.read(most_bytes + 1)
    except OSError as error:
        raise StoreError("INPUT_MISSING", "The file cannot be read.", field="file", fix="Check its rights.") from error
    if len(data) > most_bytes:
        raise too_large(most_bytes)
    return data


def too_large(most_bytes: int) -> InputError:
    return InputError(
        "INPUT_TOO_LARGE",
        f"The file is larger than {most_bytes // 2**20} MiB, not a plain file, or not text.",
        field="file",
        fix="Give the text file itself.",
    )


def write_all(folder: Path, files: Mapping[str, bytes], *, force: bool) -> None:
    """Write all files below `folder`, or none of them.

    Everything is written beside its place first and renamed at the end. What exists is kept unless `force`; a link
    is never followed. Raises `StoreError` OUTPUT_EXISTS.
    """
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise _exists("The output folder is a link or a file.")
    targets = {folder / name: data for name, data in files.items()}
    for target in targets:
        if any(p.is_symlink() for p in (target, *target.parents) if folder in p.parents):
            raise _exists("An output is a link.")
        if os.path.lexists(target) and not force:
            raise _exists("An output file exists.")
        if target.is_dir():
            raise _exists("An output is a folder.")
    is_new = not folder.exists()
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        staging = Path(tempfile.mkdtemp(prefix=".glidepath-", dir=folder.parent if is_new else folder))
    except OSError as error:
        raise _exists("The output folder cannot be written.") from error
    try:
        for name, data in files.items():
            place = staging / name
            place.parent.mkdir(parents=True, exist_ok=True)
            _write_synced(place, data)
        if is_new:
            staging.chmod(0o755)
            staging.rename(folder)
            return
        for name in files:
            place = folder / name
            place.parent.mkdir(parents=True, exist_ok=True)
            (staging / name).replace(place)
    except OSError as error:
        raise _exists("The output folder cannot be written.") from error
    finally:
        if staging.exists():
            shutil.rmtree(staging, ignore_errors=True)


def write_one(target: Path, data: bytes, *, force: bool) -> None:
    """Write one file by renaming a finished one into its place."""
    if target.is_symlink() or target.is_dir() or (target.exists() and not force):
        raise _exists("The output file exists, is a link or is a folder.")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=".glidepath-", dir=target.parent)
        os.close(handle)
        staged = Path(name)
        try:
            _write_synced(staged, data)
            staged.chmod(0o644)
            staged.replace(target)
        finally:
            staged.unlink(missing_ok=True)
    except OSError as error:
        raise _exists("The output file cannot be written.") from error


def _write_synced(path: Path, data: bytes) -> None:
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _exists(message: str) -> StoreError:
    return StoreError(
        "OUTPUT_EXISTS", message, field="out", fix="Name another folder, or add --force to overwrite plain files."
    )
