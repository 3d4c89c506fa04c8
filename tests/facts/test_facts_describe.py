"""What a person is shown of the facts, and the generated reference."""

from __future__ import annotations

import json
from pathlib import Path

from glidepath.facts.citations import NOT_LOOKED_UP, citations
from glidepath.facts.describe import describe_drug
from glidepath.facts.formulary import load_formulary
from glidepath.facts.reference import drugs_page

FORMULARY = load_formulary()
REFERENCE = Path(__file__).parents[2] / "docs" / "reference" / "drugs.md"


def test_the_drug_reference_is_up_to_date():
    assert REFERENCE.read_text(encoding="utf-8") == drugs_page(FORMULARY), (
        "run python -m glidepath.facts.reference docs/reference/drugs.md"
    )


def test_the_reference_says_that_no_clinician_has_signed_it():
    page = drugs_page(FORMULARY)
    assert "Nothing here is signed off by a clinician" in page
    for name in FORMULARY.drug_names:
        assert f"\n## {FORMULARY.drug(name).shown_as}\n" in page


def test_every_drug_is_described_with_units_sources_and_citations():
    for name in FORMULARY.drug_names:
        record = json.loads(json.dumps(describe_drug(FORMULARY, name).as_record()))
        cited = {line.split(":")[0] for line in record["citations"]}
        for section in record["sections"]:
            for row in section["rows"]:
                assert row["value"], (name, row)
                if row["source"]:
                    assert set(row["source"].split(", ")) <= cited
                    assert row["verified"] is not None


def test_one_region_shows_its_own_products_only():
    facts = describe_drug(FORMULARY, "clonazepam", "UK")
    products = next(section for section in facts.sections if section.title == "Products")
    assert products.rows
    assert all(row.label.startswith("UK ") for row in products.rows)


def test_the_boxed_warning_stands_with_the_drugs_it_is_about():
    def warnings(name: str) -> list[str]:
        rows = [row for section in describe_drug(FORMULARY, name).sections for row in section.rows]
        return [row.value for row in rows if row.label.startswith("boxed warning")]

    assert any("opioids" in text for text in warnings("clonazepam"))
    assert any("sleep" in text for text in warnings("zolpidem"))
    assert not warnings("phenobarbital")
    # Not one of the three US drugs of that warning, though its name is part of another's.
    assert not warnings("zopiclone")


def test_a_source_that_was_not_read_says_so():
    lines = citations(FORMULARY.sources, ["BNF", "ASAM2025", "BNF"])
    assert len(lines) == 2
    assert lines[0].endswith(NOT_LOOKED_UP)
    assert NOT_LOOKED_UP not in lines[1]


def test_physical_dependence_is_never_called_addiction_outside_the_boxed_warning_and_its_distinction():
    for rule in FORMULARY.rules.values():
        if "addict" in f"{rule.statement} {rule.program_action}".casefold():
            assert rule.id in {"LAB-06", "ASAM-30", "ASAM-19"}, rule.id
    for profile in FORMULARY.profiles.values():
        assert "addict" not in f"{profile.title} {profile.why}".casefold()
