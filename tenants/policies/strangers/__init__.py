"""Plugins' own Python, contained: it runs in processes of its own, with limits, and whoever breaks them holds its own steps."""
