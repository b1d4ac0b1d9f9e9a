"""Lists of cases: from stored columns only."""
