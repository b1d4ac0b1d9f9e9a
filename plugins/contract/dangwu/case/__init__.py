"""What was recorded of a case, as values."""
