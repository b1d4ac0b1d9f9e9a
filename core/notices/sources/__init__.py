"""Where notices come from: one file for each kind of thing that somebody is told about."""
