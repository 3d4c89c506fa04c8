"""Exact amounts: milligrams as exact rationals, and the strict grammar that reads them."""

from glidepath.quantity.amount import Amount, exact_decimal, rounded_down, rounded_up, trimmed
from glidepath.quantity.grammar import read_amount, read_number, read_unit

__all__ = [
    "Amount",
    "exact_decimal",
    "read_amount",
    "read_number",
    "read_unit",
    "rounded_down",
    "rounded_up",
    "trimmed",
]
