"""Mutation testing of what decides and checks a dose: see `python -m tools.mutants --help`."""
