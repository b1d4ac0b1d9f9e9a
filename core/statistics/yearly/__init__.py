"""The yearly tables (年报) of a unit, as far as it is known what they ask."""
