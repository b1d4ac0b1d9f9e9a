"""Workbooks of people and cases: asked for with a purpose, made in the background, fetched within a day."""
