"""Reading what is taken, and the product units that make a dose."""
