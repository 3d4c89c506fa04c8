"""A commented file of a virtual trial, to be changed and run."""

from __future__ import annotations

from glidepath.facts.response import load_response
from glidepath.pharmacology.trial import MOST_ARMS

FORMAT = "glidepath-trial-request"


def template() -> str:
    """A commented file of a trial, with arms that run as they stand."""
    scenarios = load_response().scenarios
    return f"""\
# A virtual trial for `glidepath trial`. Simulated people only: no name belongs in it. Put numbers with a point in
# quotes.
format: {FORMAT}
title: A tenth less every two or every four weeks
# The same seed gives the same people and the same numbers.
seed: 2026
# How many simulated people, 1 to 10000000. Every arm has the same people.
n: 1000
# Whose products the lines of rules name; may be left out.
region: US
# What is shown: {", ".join(s.id for s in scenarios if s.shown)}
# Also known, and always in the table of sensitivity: {", ".join(s.id for s in scenarios if not s.shown)}
scenarios: [{", ".join(s.id for s in scenarios if s.shown)}]
# Days without a dose after the longest arm, so that what comes late is seen.
follow_days: 56
# What all of them have in common; leave out what is not known. It changes clearance where the facts have a number.
population:
  age: 45
  sex: female
  # none, mild, moderate, severe
  liver: none
  # names or kinds, as in carbamazepine or cyp3a4_inhibitor
  medicines: []
# Up to {MOST_ARMS} arms; the others are compared with the first. Each has a `rule`, or a `plan` with its `option`.
arms:
  - name: every four weeks
    rule:
      line: clonazepam 1 mg twice daily
      # days at the present dose first
      keep_days: 7
      # percent of the current dose; below 100
      reduce_percent: 10
      every_days: 28
      # the last dose a day, and for how long it is kept
      until_mg: '0.25'
      tail_days: 28
  - name: every two weeks
    rule:
      line: clonazepam 1 mg twice daily
      reduce_percent: 10
      every_days: 14
      until_mg: '0.25'
      tail_days: 28
#  - name: straight line
#    rule:
#      line: clonazepam 1 mg twice daily
#      # equal steps over so many weeks instead of a percent
#      linear_weeks: 26
#      every_days: 14
#  - name: as planned
#    # beside this file; `option` is a route of the plan
#    plan: plan.json
#    option: direct-all-forms
"""
