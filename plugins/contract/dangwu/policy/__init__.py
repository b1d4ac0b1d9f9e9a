"""A policy file as values: rules, citations, blanks; reading it, and saying what is wrong with it."""
