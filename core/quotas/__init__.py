"""How much a county may have and do: set by the platform's operator, asked where more is about to come."""
