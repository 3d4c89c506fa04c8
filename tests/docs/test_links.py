"""The documents point at things that exist, and hold nothing that does not belong into them."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROOT_DOCUMENTS = (
    "README.md",
    "GLOSSARY.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
    "CHANGELOG.md",
    "CITATION.cff",
    "LICENSE",
)
PAGES = sorted([ROOT / name for name in ROOT_DOCUMENTS if name.endswith(".md")] + list((ROOT / "docs").rglob("*.md")))
WRITTEN = [page for page in PAGES if page.name != "drugs.md"]  # drugs.md is generated and cites titles as they are

_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
_FENCE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
_HEADING = re.compile(r"^#{1,6} (.+)$", re.MULTILINE)
_MACHINE_PATH = re.compile(r"(?<![\w/.])/(?:home|root|tmp|work|usr|opt|var|mnt|Users)/")
_INDEX = re.compile(r"pypi\.org|pythonhosted|--index-url|--extra-index-url|/simple/?\b")
_TEST_FILE = re.compile(r"\btests/[\w/]+\.py\b")
_CODE_FILE = re.compile(r"`((?:cli|casework|render|oversight|taper|patient|dosing|guidance|facts|quantity)/\w+\.\w+)`")

# Modules and types are never called so: see GLOSSARY.md.
UNUSED_NAMES = re.compile(
    r"addict|compliance|detox|wean|manager|handler|processor|utils|helpers|common|misc|^info$|^data$", re.IGNORECASE
)


def name_of(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def anchors(page: Path) -> set[str]:
    """The anchors that headings of a page get."""
    found = set()
    for heading in _HEADING.findall(_FENCE.sub("", page.read_text(encoding="utf-8"))):
        plain = re.sub(r"[`*]|\[|\]\([^)]*\)", "", heading).casefold()
        found.add(re.sub(r"[^\w\- ]", "", plain).replace(" ", "-"))
    return found


@pytest.mark.parametrize("name", ROOT_DOCUMENTS)
def test_the_repository_has_the_documents_it_promises(name: str) -> None:
    assert (ROOT / name).stat().st_size > 0


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_relative_link_leads_somewhere(page: Path) -> None:
    for target in _LINK.findall(_FENCE.sub("", page.read_text(encoding="utf-8"))):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        there = (page.parent / path).resolve() if path else page
        assert there.exists(), f"{name_of(page)} links to {target}"
        assert there.is_relative_to(ROOT), f"{name_of(page)} links out of the repository: {target}"
        if anchor and there.suffix == ".md":
            assert anchor in anchors(there), f"{name_of(page)} links to {target}"


def test_every_page_can_be_reached_from_the_readme() -> None:
    reached: set[Path] = set()
    todo = [ROOT / "README.md"]
    while todo:
        page = todo.pop()
        if page in reached or page.suffix != ".md":
            continue
        reached.add(page)
        for target in _LINK.findall(page.read_text(encoding="utf-8")):
            path = target.partition("#")[0]
            if path and not re.match(r"[a-z]+:", target):
                todo.append((page.parent / path).resolve())
    assert sorted(name_of(p) for p in set(PAGES) - reached) == []


@pytest.mark.parametrize("page", WRITTEN, ids=name_of)
def test_every_test_and_module_that_a_page_names_exists(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for name in _TEST_FILE.findall(text):
        assert (ROOT / name).is_file(), f"{name_of(page)} names {name}"
    for name in _CODE_FILE.findall(text):
        assert (ROOT / "src" / "glidepath" / name).is_file(), f"{name_of(page)} names {name}"


@pytest.mark.parametrize("page", [*PAGES, ROOT / "CITATION.cff"], ids=name_of)
def test_no_page_holds_a_path_of_some_machine_or_an_address_of_a_package_index(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert not _MACHINE_PATH.search(text)
    assert not _INDEX.search(text)


@pytest.mark.parametrize("page", WRITTEN, ids=name_of)
def test_physical_dependence_is_never_called_addiction(page: Path) -> None:
    text = re.sub(r"\*addict\*", "", page.read_text(encoding="utf-8"))
    assert not re.search(r"addict|\babuse[rs]?\b|\bjunk", text, re.IGNORECASE)


@pytest.mark.parametrize("page", WRITTEN, ids=name_of)
def test_no_page_claims_a_chance_of_success_or_of_a_seizure(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert not re.search(r"\d+\s*(?:%|percent)\s+(?:chance|risk|likely|probab|success)", text, re.IGNORECASE)
    assert not re.search(r"(?:chance|risk|probability) of (?:success|a seizure) (?:is|of)\b", text, re.IGNORECASE)


def test_modules_and_types_keep_to_the_words_of_the_glossary() -> None:
    for path in sorted((ROOT / "src" / "glidepath").rglob("*.py")):
        assert not UNUSED_NAMES.search(path.stem), path.name
        for kind in re.findall(r"^class (\w+)", path.read_text(encoding="utf-8"), re.MULTILINE):
            assert not UNUSED_NAMES.search(kind), f"{kind} in {path.name}"


def test_the_citation_names_the_version_that_is_built() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    assert f"\nversion: {version}\n" in (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert f"\n## {version}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_the_readme_says_first_that_it_is_not_for_patient_care() -> None:
    head = (ROOT / "README.md").read_text(encoding="utf-8")[:800]
    assert "Evaluation: facts not yet reviewed by a clinician; not for patient care." in head
