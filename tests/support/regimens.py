"""Regimens and options as people might ask for them: seeded, over every drug and region, some of them impossible.

`regimen(n)` is always the same question for the same n. The first numbers walk over every drug and region in turn, so
that a small slice of the corpus already meets all of them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from functools import lru_cache
from random import Random
from typing import Any

from glidepath.facts.formulary import Formulary, load_formulary
from glidepath.facts.model import Drug, Form, Product, Split
from glidepath.quantity import exact_decimal

TODAY = date(2026, 11, 22)
REGIONS = ("US", "UK", "CA", "AU", "NL", "DE")
QUESTIONS = ("seizures", "pregnancy", "liver", "opioid", "other_sedatives", "past_complicated_withdrawal")
SLOTS = ("morning", "noon", "evening", "night")
_WORDS = {
    "morning": ("in the morning", "am", "every morning"),
    "noon": ("at noon", "noon"),
    "evening": ("in the evening", "every evening"),
    "night": ("at night", "nocte", "hs", "at bedtime"),
}
_SAME = {
    ("night",): ("at night", "qhs", "nocte"),
    ("morning",): ("every morning",),
    ("morning", "night"): ("twice daily", "bid", "bd", "every 12 hours"),
    ("morning", "noon", "night"): ("three times daily", "tid", "tds"),
    ("morning", "noon", "evening", "night"): ("four times daily", "qid", "qds"),
}
_NEVER = (Form.DROPS, Form.SPRAY, Form.COMBINATION_TABLET, Form.COMBINATION_CAPSULE)
_IN_TABLETS = (Form.TABLET, Form.CAPSULE)


@dataclass(frozen=True)
class Asked:
    """One planning question: the line and its options by their long names."""

    number: int
    sig: str
    options: dict[str, Any] = field(default_factory=dict)

    @property
    def is_answered(self) -> bool:
        known = all(self.options.get(q, "unknown") != "unknown" for q in QUESTIONS)
        return known and self.options.get("age") is not None and self.options.get("since") is not None


@lru_cache(maxsize=1)
def pairs() -> tuple[tuple[str, str], ...]:
    """Every drug with every region, products or not."""
    return tuple((drug, region) for drug in load_formulary().drug_names for region in REGIONS)


@lru_cache(maxsize=1)
def marketed_pairs() -> tuple[tuple[str, str], ...]:
    """Drugs that are planned, with the regions where something of theirs is sold that a plan may use."""
    formulary = load_formulary()
    return tuple(
        (drug, region)
        for drug, region in pairs()
        if formulary.drug(drug).not_planned is None and usable(formulary, drug, region)
    )


def usable(formulary: Formulary, drug: str, region: str) -> tuple[Product, ...]:
    return tuple(p for p in formulary.products(drug, region) if p.form not in _NEVER)


def regimen(number: int) -> Asked:
    """The question of that number; the first one for every pair, then mostly for pairs that can be planned."""
    chance = Random(f"glidepath corpus {number}")
    if number < len(pairs()):
        drug, region = pairs()[number]
    elif chance.random() < 0.03:
        drug, region = chance.choice(pairs())
    else:
        drug, region = chance.choice(marketed_pairs())
    return drawn(chance, number, drug, region)


def drawn(chance: Random, number: int, drug: str, region: str) -> Asked:
    """A line and options for one drug and region."""
    formulary = load_formulary()
    facts = formulary.drug(drug)
    products = usable(formulary, drug, region)
    options: dict[str, Any] = {"region": region}
    product = _product(chance, products)
    doses = _doses(chance, facts, product)
    name = _name(chance, facts, product)
    if product is not None and product.form not in _IN_TABLETS:
        options["product"] = [product.name]
    line = _line(chance, name, doses, in_micrograms=chance.random() < 0.06)
    if chance.random() < 0.05:
        line += " + " + _second(chance, drug)
    _person(chance, options)
    _pace(chance, options)
    _wishes(chance, options, drug, region, products, doses)
    options["start"] = (TODAY + timedelta(days=chance.randrange(-20, 120))).isoformat()
    return Asked(number, line, options)


def _product(chance: Random, products: tuple[Product, ...]) -> Product | None:
    if not products:
        return None
    plain = [p for p in products if p.form in _IN_TABLETS]
    if plain and chance.random() < 0.8:
        return chance.choice(plain)
    return chance.choice(products)


def _doses(chance: Random, drug: Drug, product: Product | None) -> dict[str, Fraction]:
    """What is taken at which time: mostly what the product can make, sometimes what nothing can."""
    if product is None:
        unit = Fraction(1)
    elif product.form.is_per_ml:
        unit = product.strength * chance.choice((Fraction(1, 2), Fraction(1), Fraction(5, 2), Fraction(5)))
    elif product.halves is Split.YES and chance.random() < 0.4:
        unit = product.strength / 2
    else:
        unit = product.strength
    if chance.random() < 0.04:
        unit *= chance.choice((Fraction(3, 10), Fraction(7, 10), Fraction(11, 10)))
    slots = _slots(chance, drug)
    if chance.random() < 0.7:
        amount = unit * chance.choice((1, 1, 1, 2, 2, 3, 4))
        return dict.fromkeys(slots, amount)
    return {slot: unit * chance.choice((1, 1, 2, 3)) for slot in slots}


def _slots(chance: Random, drug: Drug) -> tuple[str, ...]:
    if drug.taken_at_night and chance.random() < 0.75:
        return ("night",)
    usual = chance.random()
    if usual < 0.9:
        return chance.choices(list(_SAME), weights=(4, 2, 6, 4, 1))[0]
    return tuple(s for s in SLOTS if chance.random() < 0.6) or ("evening",)


def _name(chance: Random, drug: Drug, product: Product | None) -> str:
    brands = drug.brands.get(product.region, ()) if product is not None else ()
    plain = [b for b in brands if b.isalpha() and b.isascii()]
    if plain and product is not None and product.form is Form.TABLET and chance.random() < 0.05:
        return chance.choice(plain)
    return drug.name.replace("_", " ")


def _line(chance: Random, name: str, doses: dict[str, Fraction], *, in_micrograms: bool) -> str:
    slots = tuple(doses)
    if len(set(doses.values())) == 1 and slots in _SAME and chance.random() < 0.8:
        return f"{name} {_amount(doses[slots[0]], in_micrograms)} {chance.choice(_SAME[slots])}"
    parts = [f"{_amount(doses[s], in_micrograms)} {chance.choice(_WORDS[s])}" for s in slots]
    return f"{name} {', '.join(parts)}"


def _amount(mg: Fraction, in_micrograms: bool) -> str:
    if in_micrograms and mg < 5 and (mg * 1000).denominator == 1:
        return f"{exact_decimal(mg * 1000)} micrograms"
    return f"{exact_decimal(mg)} mg"


def _second(chance: Random, drug: str) -> str:
    others = {
        "zolpidem": "zolpidem 10 mg at night",
        "temazepam": "temazepam 20 mg at night",
        "diazepam": "diazepam 5 mg bd",
    }
    return chance.choice([line for name, line in others.items() if name != drug])


def _person(chance: Random, options: dict[str, Any]) -> None:
    if chance.random() < 0.9:
        options["age"] = chance.randrange(18, 95)
    if chance.random() < 0.9:
        # Nobody takes anything before being born.
        born = 2000 if "age" not in options else 2027 - options["age"]
        options["since"] = f"{min(max(chance.randrange(2000, 2026), born), 2026)}-{chance.randrange(1, 11):02d}"
    if chance.random() < 0.7:
        options |= {q: "yes" if chance.random() < 0.06 else "no" for q in QUESTIONS}
    else:
        options |= {q: chance.choice(("no", "unknown")) for q in QUESTIONS}


def _pace(chance: Random, options: dict[str, Any]) -> None:
    kind = chance.random()
    if kind < 0.3:
        options["profile"] = chance.choice(("slow", "cks", "maudsley-proportional"))
    elif kind < 0.42:
        options["percent"], options["every"] = chance.choice(
            (("7.5", "21d"), ("5", "7d"), ("5", "14d"), ("10", "10d"), ("20", "28d"), ("12.5", "14d"), ("15", "3w"))
        )
    if chance.random() < 0.08:
        options["rhythm"] = "days"
    if chance.random() < 0.05:
        options["max_hold"] = chance.choice(("42d", "8w", "112d"))
    if chance.random() < 0.08:
        options["settle"] = chance.choice(("1d", "14d", "4w"))
    if chance.random() < 0.06:
        options["fill"] = chance.choice(("7d", "14d", "30d"))


def _wishes(
    chance: Random,
    options: dict[str, Any],
    drug: str,
    region: str,
    products: tuple[Product, ...],
    doses: dict[str, Fraction],
) -> None:
    if len(doses) > 1 and chance.random() < 0.12:
        options[chance.choice(("keep", "from"))] = chance.choice(list(doses))
    unsure = [p for p in products if p.halves in (Split.VARIES, Split.UNKNOWN) and p.form is Form.TABLET]
    if unsure and chance.random() < 0.5:
        options["splits"] = [p.name for p in unsure if chance.random() < 0.7] or [unsure[0].name]
    counted = [p for p in products if p.form.is_counted]
    if counted and chance.random() < 0.12:
        options["have"] = [f"{chance.choice(counted).name}={chance.choice(('7', '30', '60', '12.5'))}"]
    least = min((p.strength for p in counted), default=Fraction(1))
    kind = chance.random()
    if kind < 0.05:
        options["maintain"], options["reason"] = f"{exact_decimal(least)} mg", "Agreed with the person."
    elif kind < 0.10:
        options["last_dose"], options["reason"] = f"{exact_decimal(least)} mg", "A larger last dose was agreed."
    elif kind < 0.22 and drug != "diazepam":
        options["switch"], options["table"] = "diazepam", chance.choice(_tables(drug))
        options["liver"] = "no"


def _tables(drug: str) -> tuple[str, ...]:
    return tuple(row.table for row in load_formulary().conversion_tables(drug)) or ("ASHTON2002",)
