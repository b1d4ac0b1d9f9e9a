"""Recording an act."""
