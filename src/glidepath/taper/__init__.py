"""The taper: pace, slots, search, schedule, proof and proposal. No clock, no files."""
