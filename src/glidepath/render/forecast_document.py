"""A forecast as plain JSON values and as CSV: every number of the picture, with its unit and what is assumed."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from typing import Any

from glidepath.facts.response import response_digest
from glidepath.pharmacology.forecast import Course, Forecast
from glidepath.pharmacology.seizure_order import seizure_order
from glidepath.pharmacology.tables import rows
from glidepath.render import forecast_words as words
from glidepath.render.document import EVALUATION, Document

FORMAT, FORMAT_VERSION = "glidepath-forecast", "1.0"


def forecast_document(forecasts: Mapping[str, Forecast], facts: tuple[str, str], engine_version: str) -> Document:
    """One or two forecasts. Numbers of a model are JSON numbers; no dose that a person could act on is in here."""
    return {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "evaluation": EVALUATION,
        "limits": [words.NOT_A_CHANCE, words.DRIVE, words.CURVES],
        "engine_version": engine_version,
        "facts": {"version": facts[0], "digest": facts[1], "response_digest": response_digest()},
        "compared": words.which_is_gentler(forecasts) if len(forecasts) == 2 else None,
        "plans": [{"name": name, **_plan(one)} for name, one in forecasts.items()],
    }


def forecast_text(document: Document) -> str:
    """The document as the text of a JSON file."""
    return json.dumps(document, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def forecast_csv(forecasts: Mapping[str, Forecast]) -> str:
    """Every day, quantity and scenario as a row; the plan is named first."""
    out = io.StringIO(newline="")
    writer = None
    for name, one in forecasts.items():
        for row in rows(one):
            shown = {"plan": _cell(name), **{k: f"{v:.6g}" if isinstance(v, float) else v for k, v in row.items()}}
            if writer is None:
                writer = csv.DictWriter(out, list(shown), lineterminator="\r\n")
                writer.writeheader()
            writer.writerow(shown)
    return out.getvalue()


def _cell(name: str) -> str:
    """A name that no spreadsheet takes for a formula."""
    return f"'{name}" if name[:1] in "=+-@" else name


def _plan(one: Forecast) -> Document:
    return {
        "starts": None if one.history.starts is None else one.history.starts.isoformat(),
        "days": one.days,
        "n": one.n,
        "seed": one.seed,
        "quantiles": list(one.levels),
        "drugs": [k.drug for k in one.model.drugs],
        "dose_mg": _numbers(one.dose_mg),
        "substances": list(one.substances),
        "concentration_ng_ml": _numbers(one.conc_ng_ml),
        "highest_concentration_ng_ml": _numbers(one.conc_peak_ng_ml),
        "lowest_concentration_ng_ml": _numbers(one.conc_trough_ng_ml),
        "first_day_typical_ng_ml": _numbers(one.first_day_ng_ml),
        "scenarios": [_course(one, course) for course in one.courses],
        "assumed": list(words.assumed_lines(one)),
    }


def _course(one: Forecast, course: Course) -> Document:
    order = seizure_order(one.model, one.history, course.scenario)
    return {
        "id": course.scenario.id,
        "says": course.scenario.says,
        "drive": _numbers(course.drive),
        "drive_monte_carlo_error": _numbers(course.drive_error),
        "peak_drive": _numbers(course.peak_drive),
        "peak_drive_monte_carlo_error": _numbers(course.peak_error),
        "peak_day": _numbers(course.peak_day),
        "drive_days": _numbers(course.drive_days),
        "days_above_noticeable": _numbers(course.days_above),
        "seizure_order": None if order is None else order.value,
    }


def _numbers(values: Any) -> Any:
    """Nested lists of numbers with six digits; null where there is none."""
    if values.ndim == 0:
        return None if values != values else float(f"{float(values):.6g}")
    return [_numbers(value) for value in values]
