"""Ratings: where somebody stands in a round, and what cannot be recorded; pure values and functions."""
