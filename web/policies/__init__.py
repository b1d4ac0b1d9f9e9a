"""The section of policies."""
