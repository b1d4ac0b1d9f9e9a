"""Numbers of forms that a level above allots: each is used for one case, and never again."""
