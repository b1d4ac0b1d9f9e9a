"""Yearly plans: drawn up, approved, reported; who stands in one, and how far it is used."""
