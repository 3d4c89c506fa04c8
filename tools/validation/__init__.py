"""Run every published figure that the simulator is held against, and write the page of what it meets and misses."""
