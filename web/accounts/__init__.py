"""The section of accounts."""
