"""The practices of places, each a folder of its own: what is in force there, and the cases that show it."""
