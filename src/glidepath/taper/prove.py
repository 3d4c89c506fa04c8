"""Putting the proof together: every check, in the order a person reads them."""

from __future__ import annotations

from glidepath.dosing.ledger import SupplyLedger
from glidepath.dosing.regimen import Regimen
from glidepath.taper.checks_dose import (
    dates,
    doses_equal_pieces,
    fall_in_window,
    fall_per_step,
    last_dose,
    never_rises,
    start_as_recorded,
    stop,
)
from glidepath.taper.checks_supply import ceiling_doses, products, splits
from glidepath.taper.checks_supply import ledger as ledger_check
from glidepath.taper.checks_switch import switch_chosen_table, switch_other_tables
from glidepath.taper.proof import Limits, Proof
from glidepath.taper.schedule import Taper


def prove(taper: Taper, recorded: Regimen, ledger: SupplyLedger, limits: Limits) -> Proof:
    """Check every limit on the finished plan. `recorded` is the regimen as it was read from the line."""
    checks = [
        start_as_recorded(taper, recorded),
        doses_equal_pieces(taper),
        never_rises(taper, limits),
        fall_per_step(taper, limits),
        fall_in_window(taper, limits, limits.ceiling_days, "fall-in-14-days", with_limit=True),
        fall_in_window(taper, limits, 2 * limits.ceiling_days, "fall-in-28-days", with_limit=False),
        ceiling_doses(taper, limits),
        products(taper, limits),
        splits(taper, limits),
        dates(taper),
    ]
    if len(taper.drugs) > 1:
        checks += [switch_chosen_table(taper, limits), switch_other_tables(taper, limits)]
    checks += [last_dose(taper, limits), stop(taper), ledger_check(taper, ledger)]
    return Proof(tuple(checks))
