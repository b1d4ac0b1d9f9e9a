"""The section of people."""
