"""Plans broken by hand are not released: the checker, reading the day table, catches every kind of break.

Each mutant is one plan of the shared corpus with one thing changed in its day table. It is caught `alone` when the
checker's own verdict on the table names the break, and `beside the plan` when the table differs from the plan or its
proof, which is what keeps a plan back. `GLIDEPATH_MUTANTS_TABLE` names a file to which the table of caught/total is
written.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

import pytest

import glidepath as gp
from glidepath.casework import second_opinion
from glidepath.casework.second_opinion import compare, opinion_on, per_mg_of_goal, terms_of
from glidepath.checker.report import Report, Status
from glidepath.quantity import exact_decimal
from glidepath.render.day_table import days_csv
from tests.support.regimens import TODAY, regimen

PLANS = 60
HEADER = "date,step,time,drug,product,units,dose_mg,diazepam_mg_low,diazepam_mg_high"
Rows = list[list[str]]


def rows_of(text: str) -> Rows:
    return [line.split(",") for line in text.split("\n")[1:-1]]


def text_of(rows: Rows) -> str:
    return "\n".join([HEADER, *(",".join(row) for row in rows)]) + "\n"


def days(rows: Rows) -> list[str]:
    return list(dict.fromkeys(row[0] for row in rows))


def with_dose(row: list[str]) -> bool:
    return row[6] != "0"


# the breaks ----------------------------------------------------------------------------------------------------------


def a_rise(rows: Rows, chance: random.Random) -> Rows | None:
    """One day in the middle of a step takes twice as much."""
    day = chance.choice(days(rows)[1:-1])
    taken = [r for r in rows if r[0] == day and with_dose(r)]
    if not taken:
        return None
    for row in taken[:1]:
        row[5], row[6] = (exact_decimal(Fraction(cell) * 2) for cell in (row[5], row[6]))
        row[7] = row[8] = ""
    return rows


def a_gap(rows: Rows, chance: random.Random) -> Rows | None:
    """One day is left out."""
    day = chance.choice(days(rows)[1:-1])
    return [row for row in rows if row[0] != day]


def a_wrong_piece(rows: Rows, chance: random.Random) -> Rows | None:
    """One row names another strength of the product, while units and mg stay."""
    taken = [r for r in rows if with_dose(r) and r[4]]
    row = chance.choice(taken)
    words = row[4].split(" ")
    at = next(n for n, word in enumerate(words) if word[:1].isdigit())
    words[at] = exact_decimal(Fraction(words[at]) * 3)
    row[4] = " ".join(words)
    return rows


def a_wrong_date(rows: Rows, chance: random.Random) -> Rows | None:
    """One day carries the date of another."""
    day = chance.choice(days(rows)[1:-2])
    other = (date.fromisoformat(day) + timedelta(days=1)).isoformat()
    for row in rows:
        if row[0] == day:
            row[0] = other
    return rows


def a_swapped_slot(rows: Rows, chance: random.Random) -> Rows | None:
    """Two times of day with different doses change places on one day."""
    unequal = []
    for day in days(rows)[1:-1]:
        here = [r for r in rows if r[0] == day and with_dose(r)]
        times = {r[2]: [(x[3], x[4], x[5]) for x in here if x[2] == r[2]] for r in here}
        unequal += [(day, a, b) for a in times for b in times if a < b and sorted(times[a]) != sorted(times[b])]
    if not unequal:
        return None
    day, one, other = chance.choice(unequal)
    for row in rows:
        if row[0] == day and row[2] in (one, other):
            row[2] = other if row[2] == one else one
    return rows


def a_wrong_total(rows: Rows, chance: random.Random) -> Rows | None:
    """The mg of one row are not those of its units."""
    row = chance.choice([r for r in rows if with_dose(r)])
    row[6] = exact_decimal(Fraction(row[6]) + Fraction(1, 8))
    return rows


def a_dropped_row(rows: Rows, chance: random.Random) -> Rows | None:
    """One row is missing from one day."""
    taken = [n for n, r in enumerate(rows) if with_dose(r) and r[0] not in (days(rows)[0], days(rows)[-1])]
    place = chance.choice(taken)
    return rows[:place] + rows[place + 1 :]


KINDS: dict[str, Callable[[Rows, random.Random], Rows | None]] = {
    "rise": a_rise,
    "gap": a_gap,
    "wrong piece": a_wrong_piece,
    "wrong date": a_wrong_date,
    "swapped slot": a_swapped_slot,
    "wrong total": a_wrong_total,
    "dropped row": a_dropped_row,
}
CAUGHT: dict[str, Counter[str]] = {kind: Counter() for kind in KINDS}


def plans():
    found = 0
    number = 0
    while found < PLANS:
        asked = regimen(number * 13)
        number += 1
        try:
            proposal = gp.plan(asked.sig, today=TODAY, **asked.options)
        except gp.GlidepathError:
            continue
        option = proposal.options.first or next(o for o in proposal.options.options if o.is_planned)
        if option.taper is not None and option.taper.days > 20:
            found += 1
            yield proposal, option, days_csv(option.taper, per_mg_of_goal(proposal))


def bad(report: Report) -> set[str]:
    """What the checker alone holds against a table: its breaches, and that something cannot be read."""
    return {c.id for c in report.checks if c.status is Status.BREACH} | {u.code for u in report.unreadable}


@pytest.mark.parametrize("kind", KINDS)
def test_every_broken_plan_is_kept_back(kind: str):
    formulary = gp.load_formulary()
    chance = random.Random(f"mutants {kind}")
    missed: list[str] = []
    for proposal, option, text in plans():
        broken = KINDS[kind](rows_of(text), chance)
        if broken is None:
            continue
        before = bad(opinion_on(text, terms_of(option.limits, option.taper), formulary)[1])
        alone = bad(opinion_on(text_of(broken), terms_of(option.limits, option.taper), formulary)[1]) - before
        beside = compare(text_of(broken), option, proposal, formulary)
        CAUGHT[kind].update(total=1, alone=bool(alone), beside=bool(beside))
        if not beside:
            missed.append(f"{proposal.understood}: {broken[:2]}")
    counted = CAUGHT[kind]
    assert not missed, missed[:5]
    assert counted["total"] >= (20 if kind == "swapped slot" else 50), counted
    # Alone, without the plan beside it, the checker sees almost all of them too.
    assert counted["alone"] >= 0.9 * counted["total"], counted
    where = os.environ.get("GLIDEPATH_MUTANTS_TABLE")
    if where:
        with Path(where).open("a") as out:
            out.write(f"| {kind} | {counted['total']} | {counted['beside']} | {counted['alone']} |\n")


def test_a_sound_plan_is_not_kept_back():
    formulary = gp.load_formulary()
    for proposal, option, text in plans():
        assert compare(text, option, proposal, formulary) == ()


def test_nothing_is_released_when_the_opinions_differ(monkeypatch):
    def broken(taper, per_mg):
        rows = rows_of(days_csv(taper, per_mg))
        rows[0][5], rows[0][6] = "3", exact_decimal(Fraction(rows[0][6]) * 3)
        return text_of(rows)

    monkeypatch.setattr(second_opinion, "days_csv", broken)
    with pytest.raises(gp.GlidepathError) as kept_back:
        gp.plan("clonazepam 1 mg twice daily", today=TODAY)
    assert kept_back.value.code == "OPINIONS_DIFFER" and kept_back.value.exit_code == 6
    assert kept_back.value.details
    assert kept_back.value.seen["day_table"] and kept_back.value.seen["request"]["sig"]


def test_a_disagreement_leaves_a_report_and_nothing_else(monkeypatch, tmp_path, capsys):
    from glidepath.cli.main import run

    monkeypatch.setattr(second_opinion, "compare", lambda *_: ("fall-in-14-days: they differ",))
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as ended:
        run(["plan", "clonazepam 1 mg twice daily", "--today", "2026-11-22", "--out", "out", "--no-paper"])
    assert ended.value.code == 6
    assert [p.name.split("-")[:2] for p in tmp_path.iterdir()] == [["glidepath", "disagreement"]]
    printed = capsys.readouterr()
    assert printed.out == "" and "OPINIONS_DIFFER" in printed.err and "bug ticket" in printed.err
