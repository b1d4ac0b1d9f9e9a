"""Rehearsals in the browser."""
