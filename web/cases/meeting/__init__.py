"""今天开的会: one meeting of a unit, its roll, and each person who was decided on there."""
