"""The second opinion: any taper, read as days and doses and held against the rules by code the planner does not use."""
