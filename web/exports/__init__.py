"""Workbooks that were asked for: how far they are, and fetching them."""
