"""Notices of a county: made after something has happened and before deadlines."""
