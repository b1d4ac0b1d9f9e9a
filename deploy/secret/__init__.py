"""The master secret: known by its mark, and changed for another one."""
