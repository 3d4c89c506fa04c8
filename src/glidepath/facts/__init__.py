"""What is known of the drugs and the guidance: read-only, versioned, every number with its source."""

from glidepath.facts.formulary import Formulary, load_formulary

__all__ = ["Formulary", "load_formulary"]
