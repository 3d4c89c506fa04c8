"""The same plan gives the same bytes in any process, whatever its hash seed, locale or time zone."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

MAKE = """
import hashlib
from glidepath.render.calendar import calendar_ics
from glidepath.render.figure import plan_svg
from glidepath.render.paper import patient_sheet_pdf, pharmacy_sheet_pdf, plan_pdf
from tests.support.plan_views import lorazepam_twice_daily_with_halves as make, signed, switch_beside_zolpidem
plan = signed(make())
for made in (plan_pdf(make()), plan_svg(switch_beside_zolpidem()), patient_sheet_pdf(plan), pharmacy_sheet_pdf(plan),
             calendar_ics(plan)):
    print(hashlib.sha256(made).hexdigest())
"""


def digests(**environment: str) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", MAKE], env={**os.environ, **environment}, capture_output=True, text=True, check=True
    )
    return done.stdout.split()


@pytest.mark.parametrize(
    "other",
    [
        {"PYTHONHASHSEED": "4242", "TZ": "Pacific/Kiritimati", "LC_ALL": "C", "LANG": "C"},
        {"PYTHONHASHSEED": "7", "TZ": "America/St_Johns", "LC_ALL": "de_DE.UTF-8", "SOURCE_DATE_EPOCH": "1"},
    ],
)
def test_pages_pictures_and_calendars_are_the_same_everywhere(other: dict[str, str]) -> None:
    here = digests(PYTHONHASHSEED="0", TZ="UTC", LC_ALL="C.UTF-8")
    assert len(here) == 5
    assert digests(**other) == here
