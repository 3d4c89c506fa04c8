"""Exact amounts: what is read, what is refused, and what may be printed."""

from __future__ import annotations

import re
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glidepath.errors import GlidepathError
from glidepath.quantity import Amount, exact_decimal, read_amount, read_number, rounded_down, rounded_up


@pytest.mark.parametrize(
    ("text", "mg"),
    [
        ("1 mg", "1"),
        ("0.5 mg", "1/2"),
        ("0.125mg", "1/8"),
        ("1.0 mg", "1"),
        ("500 micrograms", "1/2"),
        ("125 mcg", "1/8"),
        ("2 Milligrams", "2"),
        ("22.5 mg", "45/2"),
    ],
)
def test_an_amount_is_read_exactly(text, mg):
    assert read_amount(text) == Amount(Fraction(mg))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (".5 mg", "NUM_NAKED_DECIMAL"),
        ("5. mg", "NUM_FORMAT"),
        ("1,5 mg", "NUM_AMBIGUOUS"),
        ("1,000 mg", "NUM_AMBIGUOUS"),
        ("2", "UNIT_MISSING"),
        ("2 ml", "UNIT_MISSING"),
        ("10 drops", "UNIT_REFUSED"),
        ("1 g", "UNIT_REFUSED"),
        ("2 spoonfuls", "UNIT_UNKNOWN"),
        ("-5 mg", "NUM_RANGE"),
        ("0 mg", "NUM_RANGE"),
        ("0.0 mg", "NUM_RANGE"),
        ("nan mg", "NUM_RANGE"),
        ("inf", "NUM_RANGE"),
        ("1e400 mg", "NUM_RANGE"),
        ("99999999 mg", "NUM_RANGE"),
        ("5e-1 mg", "NUM_FORMAT"),
        ("1_0 mg", "NUM_FORMAT"),
        ("１ mg", "NUM_FORMAT"),
        ("٣ mg", "NUM_FORMAT"),
        ("05 mg", "NUM_FORMAT"),
        ("½ mg", "NUM_FORMAT"),
        ("", "NUM_FORMAT"),
    ],
)
def test_anything_else_is_refused_with_its_code(text, code):
    with pytest.raises(GlidepathError) as caught:
        read_amount(text)
    assert caught.value.code == code


def test_an_ambiguous_comma_shows_both_readings_and_picks_none():
    with pytest.raises(GlidepathError) as caught:
        read_number("1,5")
    assert "1.5" in caught.value.message and "15" in caught.value.message


def test_what_was_typed_stays_out_of_the_message():
    with pytest.raises(GlidepathError) as caught:
        read_amount("7z7z mg")
    assert "7z7z" not in str(caught.value)


PLAIN = st.from_regex(re.compile(r"(0|[1-9][0-9]{0,3})(\.[0-9]{1,4})?", re.ASCII), fullmatch=True)


@given(PLAIN)
def test_every_plain_number_is_read_as_the_rational_it_says(text):
    value = Fraction(text)
    if value == 0:
        with pytest.raises(GlidepathError):
            read_number(text)
    else:
        assert read_number(text) == value


@given(st.integers(1, 10**6), st.sampled_from([1, 2, 4, 5, 8, 10, 16, 20, 25, 40, 50, 80, 100, 1000]))
def test_what_is_printed_reads_back_to_the_same_amount_and_has_no_trailing_zero(numerator, denominator):
    amount = Amount(Fraction(numerator, denominator))
    text = str(amount)
    assert read_amount(text) == amount
    assert not re.search(r"\.[0-9]*0 mg$", text) and not text.startswith(".")


def test_a_third_of_a_milligram_cannot_be_printed():
    with pytest.raises(ValueError, match="finite decimal"):
        str(Amount(Fraction(1, 3)))


def test_a_float_is_no_amount():
    with pytest.raises(TypeError):
        Amount(0.5)


@given(st.fractions(0, 1000, max_denominator=999))
def test_rounding_for_equivalents_brackets_the_true_value(value):
    low, high = Fraction(rounded_down(value, 2)), Fraction(rounded_up(value, 2))
    assert low <= value <= high
    assert high - low <= Fraction(1, 100)


def test_exact_decimal_writes_small_numbers_with_a_leading_zero():
    assert [exact_decimal(Fraction(n, 1000)) for n in (1, 20, 125, 1500)] == ["0.001", "0.02", "0.125", "1.5"]
