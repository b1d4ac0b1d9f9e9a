"""Casework: cases, what is recorded in them, where they stand, and what waits for whom."""
