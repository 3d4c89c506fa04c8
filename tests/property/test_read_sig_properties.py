"""Laws of reading a line: it never fails otherwise than by name, and what is written in words reads back exactly."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from glidepath.dosing.read_sig import Reading, read_sig
from glidepath.dosing.regimen import Slot
from glidepath.dosing.sig_words import known_phrases
from glidepath.errors import CODES, GlidepathError
from glidepath.facts.formulary import load_formulary
from glidepath.facts.model import Product
from glidepath.quantity import exact_decimal

FORMULARY = load_formulary()
REGIONS = ("US", "UK", "CA", "AU", "NL", "DE")
PRODUCTS = [
    product
    for region in REGIONS
    for drug in FORMULARY.drug_names
    for product in FORMULARY.products(drug, region)
    if product.form.is_counted or product.form.is_liquid
]

WORDS = sorted({word for phrase in known_phrases() for word in phrase if word != "#"})
NAMES = sorted(FORMULARY.names)
NUMBERS = ["1", "2", "0.5", "1.5", "1/2", "1½", "½", "10", "0", ".5", "1,5", "-5", "nan", "1e400", "1-0-1", "2-3", "８"]
UNITS = ["mg", "ml", "mcg", "micrograms", "g", "drops", "mg/ml", "mg/5ml", "mg/day", "weeks", "blah"]

SAID = {
    Slot.MORNING: ["in the morning", "am", "mane", "every morning", "qam", "om", "with breakfast"],
    Slot.NOON: ["at noon", "midday", "at lunch", "noon", "midi"],
    Slot.EVENING: ["in the evening", "every evening", "qpm", "with dinner", "at supper"],
    Slot.NIGHT: ["at night", "nocte", "qhs", "hs", "at bedtime", "every night"],
}

doses = st.decimals(min_value="0.001", max_value="999", places=3).map(Fraction)
slots = st.lists(st.sampled_from(list(Slot)), min_size=1, max_size=4, unique=True)
lines = st.lists(
    st.one_of(*(st.sampled_from(some) for some in (WORDS, NAMES, NUMBERS, UNITS))), min_size=1, max_size=14
)


def read_or_code(text: object, region: str = "US", *, comma: bool = False) -> Reading | str:
    """The reading, or the code of the named error; anything else fails the test."""
    try:
        return read_sig(text, FORMULARY, region=region, comma=comma)  # type: ignore[arg-type]
    except GlidepathError as error:
        assert error.code in CODES
        assert error.message
        return error.code


def doses_of(reading: Reading) -> list[tuple[str, str, Slot, Fraction]]:
    return [(t.drug, t.release, i.slot, i.dose.mg) for t in reading.taken for i in t.intakes]


@given(st.text(max_size=600), st.booleans())
def test_any_text_is_read_or_refused_by_name(text: str, comma: bool) -> None:
    read_or_code(text, comma=comma)


@given(st.text(alphabet="0123456789.,/-½+() mglxadbeinorqhst\n", max_size=60), st.booleans())
def test_any_jumble_of_numbers_and_units_is_read_or_refused_by_name(text: str, comma: bool) -> None:
    read_or_code("diazepam " + text, comma=comma)


@settings(max_examples=400)
@given(lines, st.sampled_from(REGIONS))
def test_any_shuffle_of_the_vocabulary_is_read_or_refused_and_its_echo_agrees(words: list[str], region: str) -> None:
    reading = read_or_code(" ".join(words), region)
    if isinstance(reading, Reading):
        again = read_sig(reading.echo, FORMULARY, region=region)
        assert doses_of(again) == doses_of(reading)


@settings(max_examples=300)
@given(st.lists(st.tuples(st.sampled_from(FORMULARY.drug_names), slots), min_size=1, max_size=3), st.data())
def test_doses_written_in_words_read_back_exactly(drugs: list[tuple[str, list[Slot]]], data: st.DataObject) -> None:
    meant: dict[tuple[str, Slot], Fraction] = {}
    phrases = []
    for drug, times in drugs:
        said = []
        for slot in times:
            dose = data.draw(doses)
            meant[drug, slot] = meant.get((drug, slot), Fraction(0)) + dose
            said.append(f"{exact_decimal(dose)} mg {data.draw(st.sampled_from(SAID[slot]))}")
        joint = data.draw(st.sampled_from([", ", " and ", " + ", "; ", " "]))
        phrases.append(f"{drug} {joint.join(said)}")
    line = data.draw(st.sampled_from([", ", " and ", " + ", "; ", "\n", " plus ", " with "])).join(phrases)
    reading = read_sig(line, FORMULARY, region=data.draw(st.sampled_from(REGIONS)))
    assert {(drug, slot): mg for drug, _, slot, mg in doses_of(reading)} == meant


@settings(max_examples=300)
@given(st.sampled_from(PRODUCTS), slots, st.data())
def test_counted_units_of_any_product_read_back_exactly(
    product: Product, times: list[Slot], data: st.DataObject
) -> None:
    counts = {slot: Fraction(data.draw(st.integers(1, 24)), 2) for slot in times}
    noun = "mL" if product.form.is_liquid else {"capsule": "caps", "oral film": "films"}.get(product.form.value, "tabs")
    noun = "caps" if product.form.value == "XR capsule" else noun
    said = [f"{exact_decimal(counts[slot])} {noun} {data.draw(st.sampled_from(SAID[slot]))}" for slot in times]
    reading = read_sig(f"{product.name} {', '.join(said)}", FORMULARY, region=product.region)
    (taken,) = reading.taken
    assert taken.product == product
    assert {i.slot: i.pieces[0].units for i in taken.intakes} == counts
    assert {i.slot: i.dose.mg for i in taken.intakes} == {s: product.strength * n for s, n in counts.items()}
    again = read_sig(reading.echo, FORMULARY, region=product.region)
    assert again.taken == reading.taken


@given(st.sampled_from(FORMULARY.drug_names), doses, st.sampled_from([2, 3, 4]))
def test_a_number_of_times_a_day_gives_that_many_equal_doses(drug: str, dose: Fraction, count: int) -> None:
    words = {2: ["bid", "bd", "q12h"], 3: ["tid", "tds", "every 8 hours"], 4: ["qid", "qds", "q6h"]}[count]
    for word in words:
        reading = read_sig(f"{drug} {exact_decimal(dose)} mg {word}", FORMULARY)
        assert [i.dose.mg for i in reading.taken[0].intakes] == [dose] * count
        assert reading.total(drug).mg == dose * count


@given(st.sampled_from(FORMULARY.drug_names), doses, st.sampled_from([2, 3, 4]))
def test_a_divided_total_is_exact_or_refused(drug: str, total: Fraction, count: int) -> None:
    reading = read_or_code(f"{drug} {exact_decimal(total)} mg/day in {count} divided doses")
    if isinstance(reading, Reading):
        assert reading.total(drug).mg == total
        assert len({i.dose.mg for i in reading.taken[0].intakes}) == 1
    else:
        assert reading == "DOSE_NOT_DIVISIBLE"
        assert count == 3


@given(st.sampled_from(NAMES), st.data())
def test_a_name_with_one_letter_changed_is_never_read_as_that_drug(name: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(name) - 1))
    letter = data.draw(st.sampled_from("abcdefghijklmnopqrstuvwxyz"))
    changed = name[:place] + letter + name[place + 1 :]
    reading = read_or_code(f"{changed} 1 mg at night")
    if isinstance(reading, Reading):
        assert changed.replace("_", " ").split()[0] in {n.split()[0] for n in NAMES}
