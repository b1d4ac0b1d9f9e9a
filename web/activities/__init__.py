"""Meetings and other activities of units: what was held, who was there, what was decided in which case."""
