"""`glidepath trial` as a person runs it: limits first, the same numbers however it is run, and refusals by name."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from glidepath.errors import GlidepathError
from glidepath.render.trial_readback import read_back_page
from tests.support.command import Outcome, glidepath, plan
from tests.support.trials import FAST, SLOW, STRAIGHT, asked, written

ROOT = Path(__file__).resolve().parents[2]
ROUTE = "direct-all-forms"


def run_in(folder: Path, out: str, *arguments: str, **changed: Any) -> Outcome:
    (folder / "trial.yaml").write_bytes(written(**changed))
    return glidepath("trial", "trial.yaml", "--out", out, *arguments, cwd=folder)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a plan, and a report on the plan beside two rules, of people about whom something is known."""
    folder = tmp_path_factory.mktemp("trial")
    planned = plan("clonazepam 1 mg twice daily", "--region", "US", "--out", folder / "plan", "--no-paper")
    assert planned.code == 0, planned.err
    done = run_in(
        folder,
        "out",
        n=1100,
        title="Routes & paces <compared>",
        population={"age": 80, "sex": "female", "medicines": ["carbamazepine", "grapefruit"]},
        arms=[
            {"name": "as planned", "plan": "plan/plan.json", "option": ROUTE},
            {"name": "faster $x$ & more", "rule": FAST},
            {"name": "straight", "rule": STRAIGHT},
        ],
    )
    assert done.code == 0, done.err
    (folder / "said.txt").write_text(done.out)
    return folder


@pytest.fixture(scope="module")
def document(made: Path) -> Any:
    return json.loads((made / "out" / "trial.json").read_text())


@pytest.fixture(scope="module")
def page(made: Path) -> str:
    return (made / "out" / "trial.html").read_text()


def test_the_document_is_of_the_published_schema(document):
    schema = json.loads((ROOT / "src/glidepath/render/schemas/trial-1.0.json").read_text())
    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema).validate(document)
    for broken in ({**document, "chance": 1}, {k: v for k, v in document.items() if k != "limits"}):
        assert list(Draft202012Validator(schema).iter_errors(broken))


def test_limits_come_before_everything_else(document, page, made):
    assert list(document)[:5] == ["format", "format_version", "status", "evaluation", "limits"]
    assert page.index('id="limits"') < page.index("What was asked") < page.index("<svg")
    assert "DRAFT: not to be followed" in page[: page.index('id="limits"')]
    assert "Evaluation: facts not yet reviewed by a clinician" in page[: page.index('id="limits"')]
    said = (made / "said.txt").read_text()
    assert said.startswith("DRAFT: not to be followed\nEvaluation: facts not yet reviewed by a clinician\n")
    assert said.index("What this cannot say") < said.index("minus")


def test_no_chance_of_anything_is_given(document, page):
    body = page[page.index("What was asked") :]
    assert not re.search(r"probabilit|chance|likel|seizure|success|relapse|receptor densit", body, re.IGNORECASE)
    limits = " ".join(document["limits"])
    assert "no probability of success, of relapse, or of a seizure" in limits


def test_the_page_needs_nothing_from_outside_and_runs_nothing(page):
    assert not re.search(r"<script|\bsrc=|@import|<link|<iframe|\bon\w+=|javascript:", page, re.IGNORECASE)
    assert not re.search(r'href="(?!#)', page)
    assert not re.search(r"url\((?!#)", page)
    assert set(re.findall(r"https?://[^\s\"'<]+", page)) <= {
        "http://www.w3.org/2000/svg",
        "http://www.w3.org/1999/xlink",
    }


def test_the_page_is_made_for_a_phone_and_for_ears(page):
    assert '<meta name="viewport" content="width=device-width, initial-scale=1">' in page
    for svg in re.findall(r"<svg.*?</svg>", page, re.DOTALL):
        assert 'role="img"' in svg and "<title" in svg and "<desc" in svg
        width = float(re.search(r'<svg[^>]* width="([0-9.]+)pt"', svg)[1])
        assert width < 345, "wider than a phone: its letters would shrink"
        assert "DRAFT: not to be followed" in svg
    assert page.count("<svg") == 1 + 3 + 4
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids))


class _Balanced(HTMLParser):
    """Every element that is opened is closed in its turn."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: Any) -> None:
        return None

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_what_was_typed_stays_text(page):
    assert "Routes &amp; paces &lt;compared&gt;" in page
    assert "<compared>" not in page
    reader = _Balanced()
    reader.feed(page)
    assert reader.open == []
    assert "faster $x$ &amp; more" in page


def test_the_page_says_every_number_of_the_document(document, page):
    read_back_page(page, document)
    changed = json.loads(json.dumps(document))
    changed["results"][4]["differences"][0]["measures"]["peak_day"]["mean"] += 0.001
    with pytest.raises(GlidepathError) as refused:
        read_back_page(page, changed)
    assert refused.value.code == "READBACK_MISMATCH"
    more = json.loads(json.dumps(document))
    more["asked"]["more"] = 3
    with pytest.raises(GlidepathError):
        read_back_page(page, more)


def test_arms_say_what_they_are(document):
    planned, faster, straight = document["arms"]
    assert planned["kind"] == "plan" and planned["plan_digest"]
    assert faster["note"].startswith("a rule: doses need not be dispensable")
    assert faster["largest_fall_percent"] > 25 and faster["passes_limit"]
    assert straight["doses"][0]["before_mg"] == 2
    assert straight["doses"][0]["stretches"][-1]["mg_a_day"] == 0
    assert planned["doses"][0]["stretches"][0] == {"first_day": 1, "last_day": 7, "mg_a_day": 2.0}


def test_what_is_known_of_people_is_applied_or_named(document):
    assumed = document["assumed"]
    named = [c["factor"] for c in assumed["covariates"]] + assumed["not_quantified"]
    assert any("carbamazepine" in factor for factor in named)
    assert "grapefruit" in assumed["not_quantified"]
    assert all(p["status"] in ("measured", "calibrated", "assumption") for p in assumed["parameters"])


def test_hidden_scenarios_are_in_the_sensitivity(document, page):
    hidden = [r for r in document["results"] if not r["shown"]]
    assert [r["scenario"] for r in hidden] == [
        "high-occupancy",
        "low-occupancy",
        "slow-adaptation",
        "returning-illness",
    ]
    assert all(arm["drive"] is None for r in hidden for arm in r["arms"])
    sensitivity = page[page.index("<h2>Sensitivity") :]
    assert all(r["title"] in sensitivity for r in document["results"])


def test_a_switch_and_a_dose_to_stay_at_are_arms_too(made):
    answered = [f"--{name}=no" for name in ("seizures", "pregnancy", "liver", "opioid", "other-sedatives")]
    sig = "lorazepam 1 mg three times daily"
    switched = ("--switch", "diazepam", "--table", "ASHTON2002", *answered, "--past-complicated-withdrawal=no")
    for out, more in (("switch", switched), ("stay", ("--maintain", "1.5 mg"))):
        known = ("--age", "50", "--since", "2023-11", "--region", "US")
        assert plan(sig, *more, *known, "--out", made / out, "--no-paper").code == 0
    arms = [
        {"name": "direct", "plan": "switch/plan.json", "option": "direct-present"},
        {"name": "switch", "plan": "switch/plan.json", "option": "switch"},
        {"name": "stays", "plan": "stay/plan.json", "option": "reduce"},
    ]
    done = run_in(made, "routes", n=60, arms=arms)
    assert done.code == 0, done.err
    direct, switch, stays = json.loads((made / "routes" / "trial.json").read_text())["arms"]
    assert direct["doses"][0]["stretches"][-1]["mg_a_day"] == 0
    assert [d["drug"] for d in switch["doses"]] == ["lorazepam", "diazepam"]
    assert switch["doses"][1]["before_mg"] == 0 and switch["largest_fall_percent"] is None
    assert stays["doses"][0]["stretches"][-1]["mg_a_day"] == 1.5
    assert stays["last_dose_day"] == stays["doses"][0]["stretches"][-1]["last_day"]


def test_threads_change_nothing_and_finished_parts_are_cleared(made):
    arms = [{"name": "fast", "rule": FAST}, {"name": "straight", "rule": STRAIGHT}]
    for out, jobs in (("one", "1"), ("two", "2")):
        assert run_in(made, out, "--jobs", jobs, n=1100, arms=arms).code == 0
    for name in ("trial.json", "trial.html"):
        assert (made / "one" / name).read_bytes() == (made / "two" / name).read_bytes()
    assert not (made / "one" / "parts").exists()


def test_an_interrupted_command_goes_on_and_writes_the_same_bytes(tmp_path):
    (tmp_path / "trial.yaml").write_bytes(written(n=5000))
    command = [sys.executable, "-m", "glidepath.cli.main", "trial", "trial.yaml", "--jobs", "1", "--out"]
    parts = tmp_path / "cut" / "parts"
    with subprocess.Popen([*command, "cut"], cwd=tmp_path, stderr=subprocess.PIPE, env=dict(os.environ)) as running:
        until = time.monotonic() + 60
        while time.monotonic() < until and len(list(parts.glob("*.npz"))) < 2:
            time.sleep(0.01)
        running.send_signal(signal.SIGINT)
        said = running.communicate(timeout=60)[1].decode()
    assert running.returncode == 130, said
    assert "INTERRUPTED" in said and "parts are kept" in said
    kept = sorted(parts.iterdir())
    assert 2 <= len(kept) < 30 and all(p.suffix == ".npz" for p in kept)
    assert not (tmp_path / "cut" / "trial.json").exists()
    before = {p: p.stat().st_mtime_ns for p in kept[1:]}
    kept[0].write_bytes(kept[0].read_bytes()[:-40])  # the machine died while this one was written

    # Another trial is refused by the folder of this one.
    (tmp_path / "other.yaml").write_bytes(written(n=5000, seed=8))
    other = glidepath("trial", "other.yaml", "--out", "cut", cwd=tmp_path)
    assert (other.code, other.error_code) == (5, "OUTPUT_EXISTS")
    assert {p: p.stat().st_mtime_ns for p in kept[1:]} == before

    assert glidepath("trial", "trial.yaml", "--out", "cut", cwd=tmp_path).code == 0
    assert glidepath("trial", "trial.yaml", "--out", "whole", cwd=tmp_path).code == 0
    for name in ("trial.json", "trial.html"):
        assert (tmp_path / "cut" / name).read_bytes() == (tmp_path / "whole" / name).read_bytes()


def test_a_cluster_of_two_workers_writes_the_same_bytes(made):
    distributed = pytest.importorskip("distributed", reason="the extra `cluster` (distributed) is not installed")
    arms = [{"name": "slow", "rule": SLOW}, {"name": "straight", "rule": STRAIGHT}]
    assert run_in(made, "here", n=1100, arms=arms).code == 0
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None) as cluster:
        done = run_in(made, "there", "--cluster", cluster.scheduler_address, n=1100, arms=arms)
    assert done.code == 0, done.err
    for name in ("trial.json", "trial.html"):
        assert (made / "here" / name).read_bytes() == (made / "there" / name).read_bytes()


@pytest.mark.parametrize(
    ("changed", "code", "exit_code", "field"),
    [
        ({"n": 0}, "NUM_RANGE", 3, "n"),
        ({"n": 10**12}, "NUM_RANGE", 3, "n"),
        ({"scenarios": ["rosy"]}, "OPTION_INVALID", 3, "scenarios"),
        ({"arms": []}, "OPTION_INVALID", 3, "arms"),
        ({"chance": 1}, "FIELD_UNKNOWN", 3, "chance"),
        ({"arms": [{"name": "p", "plan": "none.json", "option": "x"}]}, "INPUT_MISSING", 5, "plan"),
        ({"arms": [{"name": "p", "plan": "trial.yaml", "option": "x"}]}, "JSON_INVALID", 3, "option"),
        (
            {"arms": [{"name": "p", "rule": {**SLOW, "line": "phenazepam 2 mg at night"}}]},
            "SIM_NO_KINETICS",
            4,
            "drug",
        ),
    ],
)
def test_bad_trials_are_refused_by_name(tmp_path, changed, code, exit_code, field):
    done = run_in(tmp_path, "out", **changed)
    assert (done.code, done.error_code) == (exit_code, code), done.err
    assert re.search(rf"\b{field}\b", done.err)
    assert not (tmp_path / "out").exists()


def test_a_route_that_is_not_in_the_plan_and_a_changed_plan_are_refused(made):
    def arm(name: str, option: str) -> dict[str, Any]:
        return {"arms": [{"name": "p", "plan": name, "option": option}]}

    assert run_in(made, "none", **arm("plan/plan.json", "sideways")).error_code == "ROUTE_UNKNOWN"
    changed = (made / "plan" / "plan.json").read_text().replace('"dose_mg": "1"', '"dose_mg": "2"', 1)
    (made / "changed.json").write_text(changed)
    assert run_in(made, "none", **arm("changed.json", ROUTE)).error_code == "DIGEST_MISMATCH"


def test_a_report_that_exists_is_kept_unless_force(made):
    (made / "kept").mkdir()
    (made / "kept" / "trial.json").write_text("mine")
    assert run_in(made, "kept").error_code == "OUTPUT_EXISTS"
    assert (made / "kept" / "trial.json").read_text() == "mine"
    assert run_in(made, "kept", "--force").code == 0


def test_how_it_is_called(made):
    assert glidepath("trial").code == 2
    assert glidepath("trial", "trial.yaml", cwd=made).code == 2
    assert glidepath("trial", "trial.yaml", "--out", "x", "--jobs", "2", "--cluster", "tcp://x:1", cwd=made).code == 2
    nobody = glidepath("trial", "trial.yaml", "--out", "x", "--cluster", "nonsense", cwd=made)
    assert (nobody.code, nobody.error_code) == (3, "OPTION_INVALID")
    shown = glidepath("trial", "--template")
    assert shown.code == 0 and shown.out.startswith("# A virtual trial")
    assert asked()["n"] == 40
