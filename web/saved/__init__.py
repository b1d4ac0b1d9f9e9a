"""Kept filters of lists."""
