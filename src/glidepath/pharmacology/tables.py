"""A forecast as named tables: for CSV, pandas and xarray, with units in the names."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from glidepath.errors import InputError
from glidepath.pharmacology.forecast import Forecast

Row = dict[str, object]


def rows(forecast: Forecast) -> Iterator[Row]:
    """One row for each day, quantity and scenario: day from 1, date, what, scenario, unit, and each quantile."""
    _require_forecast(forecast)
    start = forecast.history.starts

    def row(day: int, what: str, of: str, scenario: str, unit: str, values: Any) -> Row:
        when = "" if start is None else (start + timedelta(days=day)).isoformat()
        named = {f"q{level * 100:g}": float(value) for level, value in zip(forecast.levels, values, strict=True)}
        return {"day": day + 1, "date": when, "what": what, "of": of, "scenario": scenario, "unit": unit, **named}

    for day in range(forecast.days):
        for index, kinetics in enumerate(forecast.model.drugs):
            dose = [forecast.dose_mg[index, day]] * len(forecast.levels)
            yield row(day, "dose", kinetics.drug, "", "mg", dose)
        for index, substance in enumerate(forecast.substances):
            yield row(day, "mean concentration", substance, "", "ng/mL", forecast.conc_ng_ml[index, day])
            yield row(day, "highest concentration", substance, "", "ng/mL", forecast.conc_peak_ng_ml[index, day])
            yield row(day, "lowest concentration", substance, "", "ng/mL", forecast.conc_trough_ng_ml[index, day])
        for course in forecast.courses:
            yield row(day, "withdrawal drive", "", course.scenario.id, "1", course.drive[day])


def to_frame(forecast: Forecast) -> Any:
    """The same rows as a pandas frame. Raises EXTRA_MISSING without pandas."""
    return _library("pandas").DataFrame(list(rows(forecast)))


def to_xarray(forecast: Forecast) -> Any:
    """The arrays as an xarray data set with named axes and units. Raises EXTRA_MISSING without xarray."""
    import numpy as np

    _require_forecast(forecast)
    xarray = _library("xarray")
    days = np.arange(1, forecast.days + 1)
    drugs = [k.drug for k in forecast.model.drugs]
    axes, of_levels = ("scenario", "day", "quantile"), ("substance", "day", "quantile")
    drive = np.stack([c.drive for c in forecast.courses])
    error = np.stack([c.drive_error for c in forecast.courses])
    return xarray.Dataset(
        {
            "dose": (("drug", "day"), forecast.dose_mg, {"units": "mg"}),
            "concentration": (of_levels, forecast.conc_ng_ml, {"units": "ng/mL"}),
            "highest_concentration": (of_levels, forecast.conc_peak_ng_ml, {"units": "ng/mL"}),
            "lowest_concentration": (of_levels, forecast.conc_trough_ng_ml, {"units": "ng/mL"}),
            "first_day_typical": (("substance", "hour"), forecast.first_day_ng_ml, {"units": "ng/mL"}),
            "drive": (axes, drive, {"units": "1"}),
            "drive_monte_carlo_error": (axes, error, {"units": "1"}),
        },
        coords={
            "day": days,
            "hour": np.arange(25),
            "drug": drugs,
            "substance": list(forecast.substances),
            "quantile": list(forecast.levels),
            "scenario": [c.scenario.id for c in forecast.courses],
        },
        attrs={"n": forecast.n, "seed": forecast.seed},
    )


def _require_forecast(given: object) -> None:
    if not isinstance(given, Forecast):
        raise InputError(
            "OPTION_INVALID", "This is no forecast.", field="forecast", fix="Give what glidepath.simulate returns."
        )


def _library(name: str) -> Any:
    from importlib import import_module

    try:
        return import_module(name)
    except ImportError as error:
        raise InputError(
            "EXTRA_MISSING",
            f"This needs {name}, which is not installed.",
            field=name,
            fix="Install it with: pip install glidepath[frames]",
        ) from error
