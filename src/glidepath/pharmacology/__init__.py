"""What a dosing history does to drug levels, and what a simple model of adaptation makes of them."""
