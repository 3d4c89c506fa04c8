"""Glidepath: supervised benzodiazepine tapering, exact, dispensable and proven.

The short public list; everything is imported on first use, so that `import glidepath` is fast. Nothing inside the
package imports from here.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

_PUBLIC = {
    "plan": "glidepath.casework.plan",
    "assess": "glidepath.casework.assess",
    "check": "glidepath.casework.check",
    "read": "glidepath.casework.plan",
    "convert": "glidepath.casework.plan",
    "sign": "glidepath.casework.sign",
    "simulate": "glidepath.casework.simulate",
    "follow": "glidepath.casework.simulate",
    "to_document": "glidepath.render.document",
    "to_frame": "glidepath.pharmacology.tables",
    "to_xarray": "glidepath.pharmacology.tables",
    "load_formulary": "glidepath.facts.formulary",
    "GlidepathError": "glidepath.errors",
}
__all__ = [
    "GlidepathError",
    "__version__",
    "assess",
    "check",
    "convert",
    "follow",
    "load_formulary",
    "plan",
    "read",
    "sign",
    "simulate",
    "to_document",
    "to_frame",
    "to_xarray",
]

if TYPE_CHECKING:
    from glidepath.casework.assess import assess
    from glidepath.casework.check import check
    from glidepath.casework.plan import convert, plan, read
    from glidepath.casework.sign import sign
    from glidepath.casework.simulate import follow, simulate
    from glidepath.errors import GlidepathError
    from glidepath.facts.formulary import load_formulary
    from glidepath.pharmacology.tables import to_frame, to_xarray
    from glidepath.render.document import to_document


def __getattr__(name: str) -> Any:
    if name in _PUBLIC:
        return getattr(import_module(_PUBLIC[name]), name)
    raise AttributeError(f"module 'glidepath' has no attribute {name!r}")
