"""The commands of the author's kit: one file each, which adds its arguments and says what it does."""
