"""Ratings: rounds in which a branch's members are rated by a scheme of the policies in force; a grade only proposes."""
