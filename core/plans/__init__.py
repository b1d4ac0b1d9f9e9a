"""Yearly plans of units: drawn up, approved, reported outside; who stands in one goes on where a rule gates a step."""
