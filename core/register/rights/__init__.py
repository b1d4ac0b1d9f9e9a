"""Posts with their terms, what limits a member's rights for a time, and what follows from both on a day."""
