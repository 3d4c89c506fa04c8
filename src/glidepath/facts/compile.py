"""From the YAML people write to the one file the program reads.

``python -m glidepath.facts.compile`` checks every fact and writes `compiled.json` and `manifest.json` beside the
YAML; ``--check`` only says whether both are up to date. The same YAML always gives the same bytes.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Iterable, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

from glidepath.errors import FactsError
from glidepath.facts import schema as s
from glidepath.facts import shapes
from glidepath.facts.drug_shape import Bounds, drug_shape, metabolite_shape
from glidepath.facts.model import Form
from glidepath.facts.naming import name_index
from glidepath.facts.strict_yaml import Document, read_yaml

DATA = Path(__file__).parent / "data"
FORMAT = "glidepath-facts/1"

_Record = dict[str, Any]


def compiled_facts(data: Path) -> _Record:
    """Read and check the YAML below `data`. Raises `FactsError` at the first fault, with file and line."""
    sources_doc = read_yaml(data / "sources.yaml")
    shapes.SOURCES(sources_doc.value, s.Place(sources_doc, ()))
    sources = _mapping(sources_doc)["sources"]
    known = frozenset(sources)

    ranges_raw = _read(data / "ranges.yaml", shapes.RANGES, known)
    kinetics = _all_bounds(ranges_raw["kinetics"])
    metabolite_ranges = _all_bounds(ranges_raw["metabolite"])
    ranges = _all_bounds({k: v for k, v in ranges_raw.items() if isinstance(v, list)})

    regions = _read(data / "regions.yaml", shapes.REGIONS, known)
    citations = {key: str(value["citation"]) for key, value in sources.items()}
    shape_of_drug = drug_shape(ranges, kinetics, tuple(regions["regions"]), citations)
    notes: list[_Record] = []
    drugs: _Record = {}
    for path in sorted((data / "drugs").glob("*.yaml")):
        document = read_yaml(path)
        shape_of_drug(document.value, s.Place(document, known))
        drug = _mapping(document)
        _check_drug(drug, s.Place(document, known), ranges, path.stem)
        notes += _split_notes(drug)
        drugs[path.stem] = drug

    shape_of_metabolite = metabolite_shape(metabolite_ranges, ranges)
    metabolites = {
        path.stem: _read(path, shape_of_metabolite, known) for path in sorted((data / "metabolites").glob("*.yaml"))
    }
    profiles = _read(data / "profiles.yaml", shapes.PROFILES, known)
    _check_paces(profiles)
    lookalikes = _read(data / "lookalikes.yaml", shapes.LOOKALIKES, known)["lookalikes"]
    version = _read(data / "version.yaml", shapes.VERSION, known)
    return {
        "format": FORMAT,
        "version": version["version"],
        "status": version["status"],
        "drugs": drugs,
        "metabolites": metabolites,
        "sources": sources,
        "class": _read(data / "class.yaml", shapes.CLASS, known),
        "receptor": _read(data / "receptor.yaml", shapes.RECEPTOR, known),
        "regions": regions,
        "rules": _rules(data / "rules", known),
        "profiles": _keyed(profiles["profiles"], "name", "profiles.yaml"),
        "thresholds": profiles["thresholds"],
        "lookalikes": lookalikes,
        "names": name_index(drugs, lookalikes),
        "load_report": notes,
    }


def canonical(facts: Mapping[str, object]) -> bytes:
    """The bytes of the compiled form: sorted keys, no spaces, UTF-8, one line."""
    return (json.dumps(facts, sort_keys=True, ensure_ascii=False, separators=(",", ":")) + "\n").encode()


def manifest(facts: Mapping[str, Any], compiled: bytes) -> bytes:
    """What must be true of the compiled bytes: digest, version and how many of each there are."""
    drugs = facts["drugs"].values()
    record = {
        "format": FORMAT,
        "version": facts["version"],
        "status": facts["status"],
        "sha256": hashlib.sha256(compiled).hexdigest(),
        "bytes": len(compiled),
        "counts": {
            "drugs": len(facts["drugs"]),
            "metabolites": len(facts["metabolites"]),
            "sources": len(facts["sources"]),
            "rules": len(facts["rules"]),
            "profiles": len(facts["profiles"]),
            "thresholds": len(facts["thresholds"]),
            "product_rows": sum(len(d["products"]) for d in drugs),
            "equivalents": sum(len(d["equivalents"]) for d in drugs),
            "ceilings": sum(len(d["ceilings"]) for d in drugs),
            "covariates": sum(len(d["covariates"]) for d in drugs),
            "kinetic_tests": sum(len(d["kinetic_tests"]) for d in drugs),
            "chain_links": sum(len(d["chain"]) for d in drugs),
            "identifiers": sum(len(d["identifiers"]) for d in drugs),
        },
    }
    return (json.dumps(record, sort_keys=True, indent=2) + "\n").encode()


def compile_facts(data: Path) -> tuple[bytes, bytes]:
    """The bytes of `compiled.json` and `manifest.json` for the YAML below `data`; writes nothing."""
    facts = compiled_facts(data)
    compiled = canonical(facts)
    return compiled, manifest(facts, compiled)


def write_facts(data: Path, into: Path | None = None) -> None:
    """Compile the YAML below `data` and write both files (beside it, or in `into`)."""
    compiled, about = compile_facts(data)
    target = into or data
    (target / "compiled.json").write_bytes(compiled)
    (target / "manifest.json").write_bytes(about)


def is_stale(data: Path) -> bool:
    """True when the committed files are not what the YAML gives."""
    compiled, about = compile_facts(data)
    return _bytes_of(data / "compiled.json") != compiled or _bytes_of(data / "manifest.json") != about


def _check_drug(drug: _Record, place: s.Place, ranges: Mapping[str, Bounds], stem: str) -> None:
    """What ties the fields of one drug together."""
    if drug["name"] != stem:
        raise s.schema_fault(place.at("name"), "is not the name of the file")
    tables = [entry["table"] for entry in drug["equivalents"]]
    for index, entry in enumerate(drug["equivalents"]):
        here = place.at("equivalents").at(index)
        if tables.index(entry["table"]) != index:
            raise s.schema_fault(here.at("table"), "has this table already")
        if Fraction(entry["low"]) > Fraction(entry["high"]):
            raise s.range_fault(here, "has a low above its high")
    stated = [entry for entry in drug["equivalents"] if entry["converts"]] or drug["equivalents"]
    low, high = ranges["strength_to_equivalent"]
    for index, row in enumerate(drug["products"]):
        here = place.at("products").at(index)
        field = "strengths_mg_per_ml" if Form(row["form"]).is_per_ml else "strengths_mg"
        if field not in row or ("strengths_mg" in row and "strengths_mg_per_ml" in row):
            raise s.schema_fault(here, f"needs {field} for this form, and only that")
        if field == "strengths_mg" and stated:
            least = low * min(Fraction(e["low"]) for e in stated)
            most = high * max(Fraction(e["high"]) for e in stated)
            for at, text in enumerate(row[field]):
                if not least <= Fraction(text) <= most:
                    raise s.range_fault(here.at(field).at(at), "is far from what the drug's equivalents allow")


def _check_paces(profiles: _Record) -> None:
    """No pace that can be planned asks for more than the ceiling named in the same file."""
    ceiling = Fraction(profiles["thresholds"]["ceiling_percent"]["value"])
    for profile in profiles["profiles"]:
        if "percent" in profile and not 0 < Fraction(profile["percent"]) <= ceiling:
            raise FactsError(
                "DATA_RANGE",
                f"profiles.yaml: {profile['name']} has a percent outside 0 to the ceiling.",
                field="percent",
            )


def _split_notes(drug: _Record) -> list[_Record]:
    return [
        {
            "code": "SPLIT_ASSUMED_NONE",
            "where": f"{drug['name']} {row['region']} {row['form']}",
            "text": f"row {index + 1} says nothing of splitting: read as whole units only",
        }
        for index, row in enumerate(drug["products"])
        if "split" not in row
    ]


def _rules(folder: Path, known: frozenset[str]) -> _Record:
    rules: _Record = {}
    for path in sorted(folder.glob("*.yaml")):
        for rule_id, rule in _keyed(_read(path, shapes.RULES, known)["rules"], "id", path.name).items():
            if rule_id in rules:
                raise FactsError("DATA_SCHEMA", f"{path.name}: the rule id {rule_id} is used in two files.")
            rules[rule_id] = rule
    return rules


def _keyed(records: Iterable[_Record], key: str, where: str) -> _Record:
    found: _Record = {}
    for index, item in enumerate(records):
        if item[key] in found:
            raise FactsError("DATA_SCHEMA", f"{where}: entry {index + 1} repeats an earlier {key}.")
        # The order in which they are written is the order in which they are shown.
        found[item[key]] = {**item, "order": index}
    return found


def _read(path: Path, shape: s.Check, known: frozenset[str]) -> _Record:
    document = read_yaml(path)
    shape(document.value, s.Place(document, known))
    return _mapping(document)


def _mapping(document: Document) -> _Record:
    assert isinstance(document.value, dict)
    return document.value


def _all_bounds(raw: Mapping[str, list[str]]) -> dict[str, Bounds]:
    return {key: (Fraction(pair[0]), Fraction(pair[1])) for key, pair in raw.items()}


def _bytes_of(path: Path) -> bytes | None:
    return path.read_bytes() if path.exists() else None


def main(arguments: list[str] | None = None) -> int:
    """The command line of this module."""
    parser = argparse.ArgumentParser(prog="python -m glidepath.facts.compile", description="Compile the facts.")
    parser.add_argument("--check", action="store_true", help="only say whether the compiled files are up to date")
    parser.add_argument("--data", type=Path, default=DATA, help="the folder of the YAML files")
    options = parser.parse_args(arguments)
    try:
        if options.check:
            stale = is_stale(options.data)
            print("stale: run python -m glidepath.facts.compile" if stale else "up to date")
            return 6 if stale else 0
        write_facts(options.data)
    except FactsError as error:
        print(f"{error.code}: {error.message}", file=sys.stderr)
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())
