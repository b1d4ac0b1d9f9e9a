"""Tasks for the background: written with the change that asks for them, run once."""
