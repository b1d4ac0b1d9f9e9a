"""The section of Party organisations."""
