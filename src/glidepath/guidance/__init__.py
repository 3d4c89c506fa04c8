"""How fast and within what limits: paces and findings, with their sources. Knows no patient."""
