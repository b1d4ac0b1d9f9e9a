"""Ratings: rounds of branches, where each member stands, what remains to be done and what grades propose."""
