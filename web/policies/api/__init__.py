"""Policies in the JSON API."""
