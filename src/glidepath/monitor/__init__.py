"""What happens during a taper: what was answered, and what has to be done about it."""
