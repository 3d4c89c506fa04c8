"""What is mutated, how many mutants of it are drawn, and which tests are held against them, the quickest first.

A file or test that is named here and is not there stops the run, so that nothing drops out unseen.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

SEED = 2026
AT_LEAST = 400
KILLED_AT_LEAST = 90  # percent of all that were judged

# How many questions of the reference corpus are asked: the laws draw theirs over every drug and region, so a slice
# will do. Its numbers from 41 to about 300 walk over drugs that are not sold in a region, and its own count of planned
# questions does not hold for them.
CORPUS = 40
_CORPUS_TEST = "tests/reference/test_corpus.py::test_every_regimen_is_planned_soundly_or_refused_by_code"
_PLANS = (
    "tests/spec/test_stock_and_products.py",
    "tests/spec/test_when_a_switch_is_withheld.py",
    "tests/spec/test_who_must_agree.py",
    "tests/reference/test_schemas.py",
)
_LAWS = "tests/property/test_plan_laws.py"
_ORACLE_LAW = f"{_LAWS}::test_every_route_of_every_plan_is_sound_by_the_oracle"


@dataclass(frozen=True)
class Package:
    """One row of the table. `files` and `tests` may hold `*`; a test may name one function after `::`."""

    name: str
    files: tuple[str, ...]
    tests: tuple[str, ...]
    drawn: int

    @property
    def short(self) -> str:
        """The last word of the name: `glidepath.quantity` is `quantity`."""
        return self.name.rpartition(".")[2]


PACKAGES = (
    Package(
        name="glidepath.quantity",
        files=("src/glidepath/quantity/*.py",),
        tests=(
            "tests/unit/test_amounts_and_lines.py",
            "tests/unit/test_quantity.py",
            "tests/spec/test_read_sig.py",
            "tests/property/test_read_sig_properties.py",
            "tests/facts/test_facts_conversion.py",
            _CORPUS_TEST,
        ),
        drawn=60,
    ),
    Package(
        name="glidepath.dosing",
        files=("src/glidepath/dosing/*.py",),
        tests=(
            "tests/unit/test_units_and_fills.py",
            "tests/unit/test_amounts_and_lines.py",
            "tests/unit/test_makeup_and_slots.py",
            "tests/spec/test_read_sig.py",
            *_PLANS,
            "tests/property/test_read_sig_properties.py",
            _ORACLE_LAW,
            _CORPUS_TEST,
        ),
        drawn=140,
    ),
    Package(
        name="glidepath.taper.proof",
        files=(
            "src/glidepath/taper/proof.py",
            "src/glidepath/taper/prove.py",
            "src/glidepath/taper/falls.py",
            "src/glidepath/taper/checks_*.py",
        ),
        tests=(
            "tests/unit/test_proof_checks.py",
            *_PLANS,
            "tests/acceptance/test_six_cases.py",
            _ORACLE_LAW,
            f"{_LAWS}::test_every_source_that_a_check_or_finding_names_is_listed",
            f"{_LAWS}::test_a_banded_pace_is_judged_by_its_bands_over_fourteen_and_twenty_eight_days",
            _CORPUS_TEST,
        ),
        drawn=100,
    ),
    Package(
        name="glidepath.checker",
        files=("src/glidepath/checker/*.py",),
        tests=(
            "tests/unit/test_checker_*.py",
            "tests/spec/test_check*.py",
            "tests/spec/test_read_tables.py",
            "tests/spec/test_read_letter.py",
            "tests/property/test_check*.py",
            "tests/property/test_read_letter_properties.py",
            "tests/reference/test_worked_tapers.py",
        ),
        drawn=108,
    ),
)


def matching(root: Path, patterns: tuple[str, ...]) -> tuple[str, ...]:
    """The names below `root` that the patterns stand for, in their order; an error if one has none."""
    found: list[str] = []
    for pattern in patterns:
        path, mark, function = pattern.partition("::")
        names = [there.relative_to(root).as_posix() for there in sorted(root.glob(path))]
        if not names:
            raise FileNotFoundError(f"nothing is called {path}, which tools/mutants/packages.py names")
        found += [name + mark + function for name in names]
    return tuple(dict.fromkeys(found))
