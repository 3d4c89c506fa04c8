"""The generated pages of docs/reference say what the code and the facts say."""

from __future__ import annotations

from tools import reference


def test_every_generated_page_is_up_to_date() -> None:
    assert reference.out_of_date() == [], "run: python -m tools.reference"


def test_the_check_says_nothing_and_ends_well() -> None:
    assert reference.main(["--check"]) == 0


def test_every_code_is_on_the_page_of_errors() -> None:
    page = reference.pages()["errors.md"]
    assert all(f"| `{code}` |" in page for code in reference.CODES)


def test_every_option_of_planning_is_on_the_page_of_the_command() -> None:
    page = reference.pages()["command.md"]
    for option in ("--last-dose", "--past-complicated-withdrawal", "--batch", "--override", "--to", "--table"):
        assert option in page


def test_every_number_that_is_a_proposal_says_so() -> None:
    formulary = reference.load_formulary()
    page = reference.pages()["planning-rules.md"].splitlines()
    for name, threshold in formulary.thresholds.items():
        row = next(line for line in page if line.startswith(f"| `{name}` |"))
        assert threshold.status in row
