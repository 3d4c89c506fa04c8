"""Small virtual trials for tests."""

from __future__ import annotations

import json
from typing import Any

from glidepath.casework.trial_file import trial_of
from glidepath.casework.trial_template import FORMAT
from glidepath.pharmacology.trial import Trial

SLOW = {
    "line": "clonazepam 1 mg twice daily",
    "reduce_percent": 25,
    "every_days": 14,
    "until_mg": "0.5",
    "tail_days": 14,
}
FAST = {**SLOW, "every_days": 7}
STRAIGHT = {"line": "clonazepam 1 mg twice daily", "linear_weeks": 6, "every_days": 7}


def asked(**changed: Any) -> dict[str, Any]:
    """The fields of a trial of two rules; what is changed to None is left out."""
    fields: dict[str, Any] = {
        "format": FORMAT,
        "title": "Two paces",
        "seed": 7,
        "n": 40,
        "region": "US",
        "follow_days": 14,
        "arms": [{"name": "slow", "rule": SLOW}, {"name": "fast", "rule": FAST}],
        **changed,
    }
    return {name: value for name, value in fields.items() if value is not None}


def written(**changed: Any) -> bytes:
    """The same as a file: JSON is YAML too."""
    return json.dumps(asked(**changed), indent=1).encode()


def a_trial(**changed: Any) -> Trial:
    """The same as it is read; plans that it names are not there."""
    return trial_of(written(**changed), lambda name: b"")
