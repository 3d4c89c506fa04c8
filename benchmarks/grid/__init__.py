"""The full grid: every drug, product set, region, start dose, profile and frequency, planned and checked twice."""
