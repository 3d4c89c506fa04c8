"""Timings; they print numbers and assert nothing."""
