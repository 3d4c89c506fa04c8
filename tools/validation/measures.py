"""Which measurement answers which target."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tools.validation import levels, stops, tapers
from tools.validation.setting import Measured, Setting

MEASURES: Mapping[str, Callable[[Setting], Measured]] = {
    "PK01": levels.pk01,
    "PK02": levels.pk02,
    "PK03": levels.pk03,
    "PK04": levels.pk04,
    "PK05": levels.pk05,
    "PK07": levels.pk07,
    "OC01": levels.oc01,
    "OC02": levels.oc02,
    "OC03": levels.oc03,
    "TO01": levels.to01,
    "TO03": levels.to03,
    "AB01": stops.ab01,
    "AB02": stops.ab02,
    "AB03": stops.ab03,
    "AB04": stops.ab04,
    "AB05": stops.ab05,
    "AB06": stops.ab06,
    "AB07": stops.ab07,
    "AB08": stops.ab08,
    "AB09": stops.ab09,
    "TP01": tapers.tp01,
    "TP02": tapers.tp02,
    "TP03": tapers.tp03,
    "TP04": tapers.tp04,
    "TP05": tapers.tp05,
    "TP06": tapers.tp06,
    "SF01": tapers.sf01,
}
