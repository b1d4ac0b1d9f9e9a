"""Small values and how they join: days, periods, shares, the lattice, the vocabulary, the catalogue."""
