"""What units owe: a unit's calendar, and who is behind."""
