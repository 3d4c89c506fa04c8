"""A copy of the facts in a temporary folder, to change one thing and see what the compiler says."""

from __future__ import annotations

import shutil
from pathlib import Path

from glidepath.facts.compile import DATA

INVENTED_DRUG = """\
name: inventazepam
class: benzodiazepine
role: core
not_planned: null
pk_moiety: inventazepam
identifiers:
  - {system: atc, code: N05BA99, source: PROJECT, verified: false}
brands:
  US: [Inventol, Inventol XR]
products:
  - region: US
    form: tablet
    strengths_mg: ['1', '3']
    scored: 'yes'
    split: {halves: 'yes', quarters: 'no'}
    maker: Inventol
    source: PROJECT
    verified: false
  - region: US
    form: oral solution
    strengths_mg_per_ml: ['0.5']
    scored: n/a
    maker: null
    source: PROJECT
    verified: false
equivalents:
  - {table: ASHTON2002, low: '2', high: '3', unit: mg per diazepam 10 mg,
     source: ASHTON2002, verified: false, converts: true}
ceilings:
  - {mg_per_day: '12', region: US, indication: anxiety, source: PROJECT, verified: false}
indications: [anxiety]
contraindications: []
interactions: [opioids]
pregnancy: not known
lactation: {unit: qualitative, source: PROJECT, verified: false}
safety_text_source: PROJECT
kinetics:
  t_half: {value: '20', unit: h, source: PROJECT, verified: false}
chain: []
covariates: []
kinetic_tests: []
receptor_ki: {unit: nM, source: PROJECT, verified: false}
confidence: {pk: none, equivalence: none, products: none}
"""


def a_copy_of_the_facts(into: Path) -> Path:
    """The YAML files, without the generated ones."""
    folder = into / "data"
    shutil.copytree(DATA, folder, ignore=shutil.ignore_patterns("*.json"))
    return folder


def with_invented_drug(into: Path, old: str = "", new: str = "") -> Path:
    """A copy with one more drug file, in which `old` is replaced by `new`."""
    folder = a_copy_of_the_facts(into)
    assert old in INVENTED_DRUG
    (folder / "drugs" / "inventazepam.yaml").write_text(INVENTED_DRUG.replace(old, new, 1) if old else INVENTED_DRUG)
    return folder


def change(path: Path, old: str, new: str) -> None:
    """Replace the first `old` in a file; it has to be there."""
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
