"""The one typeface of every page and picture: DejaVu Sans as it comes with the drawing library.

Fonts of the machine are never used, so that a page is the same on every machine.
"""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from pathlib import Path

from glidepath.errors import InputError

FAMILY = "DejaVu Sans"


@cache
def font_folder() -> Path:
    """The folder with the typeface; found without loading the drawing library."""
    spec = find_spec("matplotlib")
    if spec is None or spec.origin is None:
        raise missing("matplotlib")
    return Path(spec.origin).parent / "mpl-data" / "fonts" / "ttf"


def missing(library: str) -> InputError:
    """The error for a library that paper needs and that is not installed."""
    return InputError(
        "EXTRA_MISSING",
        f"Paper, pictures and calendars need {library}, which is not installed.",
        field="paper",
        fix="Install it with: pip install glidepath[paper]",
    )
