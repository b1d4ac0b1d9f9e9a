"""How many there are, of what kind, on a day; what has come and gone in a period."""
