"""Policies joined, day by day: steps, their order, their requirements."""
