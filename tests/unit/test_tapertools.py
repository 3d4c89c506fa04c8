"""The benchmark of taper tools: its cases are the generator's, and every way a tool can go wrong has its score."""

from __future__ import annotations

import json
import shlex
import sys
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction
from pathlib import Path
from time import monotonic

import pytest
from benchmarks.tapertools import runner
from benchmarks.tapertools.adapters import shipped
from benchmarks.tapertools.adapters.ours import GlidepathTool
from benchmarks.tapertools.adapters.replay import PublishedSchedules
from benchmarks.tapertools.adapters.rules import LabelRate, QuarterFortnightly, TenPercent
from benchmarks.tapertools.case import CASES, Case, case_of, load_cases
from benchmarks.tapertools.make_cases import cases_text
from benchmarks.tapertools.page import page
from benchmarks.tapertools.score import DECLINED, FAILED, MADE, Score, score
from benchmarks.tapertools.tool import HEADER, Answer, CommandTool, Declined, Reason

from tests.docs.consoles import blocks

ROOT = Path(__file__).resolve().parents[2]
GROUPS = {
    "six",
    "worked",
    "everyday",
    "capsules-only",
    "tiny-dose",
    "xr",
    "three-strengths",
    "odd-start",
    "switch",
    "elderly",
    "liquid",
    "high-dose",
    "reduce-only",
    "fixed-pace",
    "unconfirmed-halves",
}
TABLET, QUARTER_ODT = "clonazepam 0.5 mg tablet", "clonazepam 0.125 mg ODT"
Row = tuple[str, str, str, str]  # time, product, units, mg


def a_case(case_id: str = "six-002") -> Case:
    """Clonazepam 0.5 mg at night, unless another case is named."""
    return next(c for c in load_cases() if c.id == case_id)


def table(case: Case, *spans: tuple[int, list[Row]], skip: int = 0) -> str:
    """A day table of clonazepam: days and rows for each span; `skip` leaves out days before the last one."""
    lines, day = [HEADER], case.starts
    for step, (days, rows) in enumerate(spans):
        if skip and step == len(spans) - 1:
            day += timedelta(days=skip)
        for _ in range(days):
            for time, product, units, mg in rows:
                lines.append(f"{day},{step},{time},clonazepam,{product},{units},{mg},,")
            day += timedelta(days=1)
    return "\n".join(lines) + "\n"


WHOLE: list[Row] = [("night", TABLET, "1", "0.5")]
THREE_QUARTERS: list[Row] = [("night", QUARTER_ODT, "3", "0.375")]
HALF: list[Row] = [("night", TABLET, "0.5", "0.25")]
NOTHING: list[Row] = [("", "", "0", "0")]


class Gives:
    """A tool that always gives the same answer."""

    name = "gives"
    about = "A tool of the tests."

    def __init__(self, days: str, printed: str | None = None, reasons: tuple[Reason, ...] = ()) -> None:
        self.answer = Answer(days=days, printed=printed, reasons=reasons)

    def plan(self, case: Case) -> Answer:
        return self.answer


def script(tmp_path: Path, text: str, *, limit_s: float = 20, most_bytes: int = 100_000) -> CommandTool:
    path = tmp_path / "tool.py"
    path.write_text(text, encoding="utf-8")
    command = f"{shlex.quote(sys.executable)} {shlex.quote(str(path))}"
    return CommandTool(name="script", command=command, limit_s=limit_s, most_bytes=most_bytes)


# cases -------------------------------------------------------------------------------------------------------------


def test_the_committed_cases_are_what_the_generator_gives():
    assert CASES.read_text(encoding="utf-8") == cases_text()


def test_there_are_at_least_three_hundred_cases_in_every_group_region_and_planned_drug():
    cases = load_cases()
    assert len(cases) >= 300
    assert len({c.id for c in cases}) == len(cases)
    assert set(Counter(c.group for c in cases)) == GROUPS
    assert {c.region for c in cases} == {"US", "UK", "CA", "AU", "NL", "DE"}
    assert len({c.drug for c in cases}) >= 20


def test_a_case_reads_back_as_it_was_written_and_its_rows_add_up():
    for case in load_cases():
        assert case_of(json.loads(case.as_json())) == case
        strengths = {p.name: p.strength for p in case.products}
        for taken in case.taken:
            assert strengths[taken.product] * Fraction(taken.units) == taken.mg
        assert "." not in case.start and all(isinstance(t.dose_mg, str) for t in case.taken)


def test_no_case_holds_a_float():
    def refuse(text: str) -> float:
        raise AssertionError(f"a float: {text}")

    for line in CASES.read_text(encoding="utf-8").splitlines():
        json.loads(line, parse_float=refuse)


# what a table is scored as -------------------------------------------------------------------------------------------


def test_a_sound_table_is_scored_as_sound():
    case = a_case()
    days = table(case, (7, WHOLE), (28, THREE_QUARTERS), (1, NOTHING))
    found = score(Gives(days, printed=days), case)
    assert (found.outcome, found.makeable, found.printed, found.ending) == (MADE, True, "equal", True)
    assert (found.starts_right, found.rises, found.uncovered, found.days_over) == (True, 0, 0, 0)
    assert (found.days, found.worst_14d, found.last_step) == (36, "0.25", "0.75")


def test_a_rise_is_counted_by_days_and_not_as_a_fall():
    case = a_case()
    found = score(Gives(table(case, (7, WHOLE), (28, THREE_QUARTERS), (7, WHOLE), (1, NOTHING))), case)
    assert (found.rises, found.rises_at_times) == (1, 0)


def test_days_that_are_left_out_are_counted():
    case = a_case()
    found = score(Gives(table(case, (7, WHOLE), (28, THREE_QUARTERS), (1, NOTHING), skip=3)), case)
    assert found.uncovered == 3


def test_a_quarter_of_a_tablet_and_a_product_that_does_not_exist_cannot_be_made():
    case = a_case()
    quarter: list[Row] = [("night", TABLET, "0.25", "0.125")]
    missing: list[Row] = [("night", "clonazepam 0.3 mg tablet", "1", "0.3")]
    for rows in (quarter, missing):
        found = score(Gives(table(case, (7, WHOLE), (28, rows), (1, NOTHING))), case)
        assert (found.outcome, found.makeable) == (MADE, False)
        assert found.unmakeable


def test_units_that_do_not_hold_the_dose_cannot_be_made():
    case = a_case()
    found = score(Gives(table(case, (7, WHOLE), (28, [("night", TABLET, "1", "0.375")]), (1, NOTHING))), case)
    assert found.makeable is False


def test_a_halved_dose_is_over_the_limit_for_fourteen_days_unless_a_reason_is_stated_for_its_day():
    case = a_case()
    days = table(case, (7, WHOLE), (28, HALF), (1, NOTHING))
    begins = (case.starts + timedelta(days=7)).isoformat()
    bare = score(Gives(days), case)
    assert (bare.days_over, bare.days_unreasoned, bare.worst_14d) == (14, 14, "0.5")
    stated = score(Gives(days, reasons=(Reason(begins, "only halves can be had"),)), case)
    assert (stated.days_over, stated.days_unreasoned) == (14, 0)
    for useless in (Reason(begins, "  "), Reason(case.start, "another day")):
        assert score(Gives(days, reasons=(useless,)), case).days_unreasoned == 14


def test_a_table_that_just_ends_has_no_ending_and_neither_has_one_above_the_dose_to_stay_at():
    case = a_case()
    assert score(Gives(table(case, (7, WHOLE), (28, HALF))), case).ending is False
    stay = next(c for c in load_cases() if c.group == "reduce-only")
    assert score(TenPercent(), stay).ending is True


def test_a_table_that_begins_elsewhere_does_not_start_right():
    case = a_case()
    assert score(Gives(table(case, (28, HALF), (1, NOTHING))), case).starts_right is False
    late = table(case, (7, WHOLE), (1, NOTHING)).replace(case.start, "2027-01-01", 1)
    assert score(Gives(late), case).starts_right is False


def test_what_is_printed_is_compared_and_its_absence_is_not_equality():
    case = a_case()
    days = table(case, (7, WHOLE), (28, THREE_QUARTERS), (1, NOTHING))
    other = table(case, (7, WHOLE), (28, HALF), (1, NOTHING))
    assert [score(Gives(days, printed=p), case).printed for p in (days, other, "words", None)] == [
        "equal",
        "differs",
        "differs",
        "not shown",
    ]


@pytest.mark.parametrize(
    "days",
    [
        "",
        "date,dose\n2027-01-04,0.5\n",
        HEADER + "\n",
        HEADER + "\nsoon,0,night,clonazepam,clonazepam 0.5 mg tablet,1,0.5,,\n",
        HEADER + "\n2027-01-04,0,night,clonazepam,clonazepam 0.5 mg tablet,one,half,,\n",
        "# my tool\n" + HEADER + "\n",
    ],
)
def test_what_is_no_day_table_is_a_failure(days: str):
    found = score(Gives(days), a_case())
    assert found.outcome == FAILED and found.why


def test_a_tool_that_crashes_or_declines_in_process_is_scored_so():
    class Crashes(Gives):
        def plan(self, case: Case) -> Answer:
            raise ZeroDivisionError

    class Declines(Gives):
        def plan(self, case: Case) -> Answer:
            raise Declined("not this one")

    assert score(Crashes(""), a_case()).why == "raised ZeroDivisionError"
    assert (score(Declines(""), a_case()).outcome, score(Declines(""), a_case()).why) == (DECLINED, "not this one")


# programs ------------------------------------------------------------------------------------------------------------


def test_the_example_of_the_how_to_is_a_tool(tmp_path: Path):
    page_text = (ROOT / "docs" / "how-to" / "add-a-taper-tool.md").read_text(encoding="utf-8")
    (text,) = blocks(page_text, "python")
    tool = script(tmp_path, text)
    capsule = next(c for c in load_cases() if c.group == "capsules-only" and len(c.taken) == 2)
    found = score(tool, capsule)
    assert (found.outcome, found.makeable, found.ending, found.rises) == (MADE, True, True, 0), found
    assert found.printed == "not shown" and found.ms > 0
    halved = next(c for c in load_cases() if any("." in t.units for t in c.taken))
    assert score(tool, halved).outcome == DECLINED


def test_a_shell_script_is_a_tool_and_may_say_what_it_prints_and_why(tmp_path: Path):
    case = a_case()
    days = table(case, (7, WHOLE), (28, HALF), (1, NOTHING))
    (tmp_path / "days.csv").write_text(days, encoding="utf-8")
    begins = (case.starts + timedelta(days=7)).isoformat()
    path = tmp_path / "tool.sh"
    path.write_text(
        f'cat "{tmp_path}/days.csv"\ncat "{tmp_path}/days.csv" > "$PRINTED"\n'
        f'echo \'{{"date": "{begins}", "reason": "halves only"}}\' > "$REASONS"\n',
        encoding="utf-8",
    )
    found = score(CommandTool(name="sh", command=f"sh {shlex.quote(str(path))}"), case)
    assert (found.outcome, found.printed, found.days_over, found.days_unreasoned) == (MADE, "equal", 14, 0)


def test_exit_three_is_declined_with_its_reason_and_any_other_exit_a_failure(tmp_path: Path):
    declines = script(tmp_path, "import sys\nprint('no liquid here', file=sys.stderr)\nsys.exit(3)\n")
    assert (score(declines, a_case()).outcome, score(declines, a_case()).why) == (DECLINED, "no liquid here")
    crashes = script(tmp_path, "raise SystemExit(1)\n")
    assert score(crashes, a_case()).outcome == FAILED
    missing = CommandTool(name="missing", command="there-is-no-such-program-anywhere")
    assert score(missing, a_case()).why.startswith("cannot be started")


def test_endless_output_and_silence_are_ended_and_scored_as_failures(tmp_path: Path):
    begun = monotonic()
    endless = script(tmp_path, "while True:\n    print('x' * 1000)\n")
    assert "bytes on standard output" in score(endless, a_case()).why
    silent = script(tmp_path, "import time\ntime.sleep(60)\n", limit_s=0.5)
    assert score(silent, a_case()).why == "no answer within 0.5 s"
    drip = "import time\nwhile True:\n    print('x', flush=True)\n    time.sleep(0.05)\n"
    drips = script(tmp_path, drip, limit_s=0.5)
    assert score(drips, a_case()).why == "no answer within 0.5 s"
    closed = script(tmp_path, "import os, time\nos.close(1)\ntime.sleep(60)\n", limit_s=0.5)
    assert score(closed, a_case()).why == "no answer within 0.5 s"
    assert monotonic() - begun < 20


def test_reasons_that_cannot_be_read_are_a_failure(tmp_path: Path):
    tool = script(tmp_path, "import os\nopen(os.environ['REASONS'], 'w').write('because\\n')\n")
    assert "reasons" in score(tool, a_case()).why


# the tools that ship -----------------------------------------------------------------------------------------------


def test_the_shipped_tools_never_fail_and_never_rise_on_one_case_of_each_group():
    first = {c.group: c for c in reversed(load_cases())}
    for tool in shipped():
        for case in first.values():
            found = score(tool, case)
            assert found.outcome != FAILED, (tool.name, case.id, found.why)
            if found.outcome == MADE:
                assert found.starts_right and found.ending and not found.uncovered and not found.rises, found


def test_ten_percent_of_forty_milligrams_is_rounded_to_the_half_tablet_of_ten():
    case = next(c for c in load_cases() if c.published == "W04")
    found = TenPercent().plan(case).days.splitlines()
    totals = Counter()
    for row in found[1:]:
        cells = row.split(",")
        totals[cells[0]] += int(float(cells[6]))
    # 40, then 36 to the nearest 5 is 35, then 31.5 is 30, 27 is 25, 22.5 is a tie and stays above
    assert list(dict.fromkeys(totals.values())) == [40, 35, 30, 25, 20, 15, 10, 5, 0]


def test_a_quarter_every_two_weeks_takes_eight_weeks_from_the_first_fall():
    case = a_case("six-001")
    assert score(QuarterFortnightly(), case).days == 14 + 3 * 14 + 1


def test_the_label_rate_declines_drugs_without_one():
    with pytest.raises(Declined):
        LabelRate().plan(next(c for c in load_cases() if c.drug == "oxazepam"))


def test_published_schedules_play_only_what_was_read():
    played = [c.published for c in load_cases() if score(PublishedSchedules(), c).outcome == MADE]
    assert "W04" in played and "W25" not in played
    assert len(played) >= 10


def test_glidepath_prints_what_it_plans_on_the_six_cases():
    for case in (c for c in load_cases() if c.group == "six"):
        found = score(GlidepathTool(), case)
        assert (found.makeable, found.printed, found.rises, found.days_unreasoned) == (True, "equal", 0, 0)


# the page ----------------------------------------------------------------------------------------------------------


def test_the_page_says_counts_with_denominators_and_hardly_depends_on_the_machine():
    cases = [c for c in load_cases() if c.group == "six"]
    tools = shipped()[:2]
    scores = runner.run(tools, cases, quiet=True)
    text = page(tools, cases, scores, "1")
    assert "100 % (6 of 6)" in text and "not shown" in text
    again = [replace(s, ms=s.ms * 1.01) for s in scores]
    assert text == page(tools, cases, again, "1")


def test_the_committed_page_is_of_these_cases_and_tools():
    text = (ROOT / "docs" / "reference" / "tapertools.md").read_text(encoding="utf-8")
    assert f"{len(load_cases())} cases" in text
    for tool in shipped():
        assert f"- **{tool.name}**: {tool.about}" in text
    for group in GROUPS:
        assert f"### {group}" in text


def test_a_program_of_the_command_line_is_named_without_its_folders(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    tool = script(tmp_path, "raise SystemExit(3)\n")
    target, results = tmp_path / "page.md", tmp_path / "results.jsonl"
    where = ["--group", "six", "--page", str(target), "--results", str(results)]
    runner.main(["--adapter", tool.command, *where])
    assert str(tmp_path) not in target.read_text(encoding="utf-8")
    assert len(results.read_text(encoding="utf-8").splitlines()) == 6


def test_scores_differ_in_nothing_but_their_time():
    case = a_case()
    days = table(case, (7, WHOLE), (28, HALF), (1, NOTHING))
    assert isinstance(score(Gives(days), case), Score)
    assert score(Gives(days), case) == score(Gives(days), case)
