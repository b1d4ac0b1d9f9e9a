"""Judging a case: what counts, what is found, where it stands, what may be recorded."""
