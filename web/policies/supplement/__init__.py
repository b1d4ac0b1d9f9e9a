"""The county's own supplement: written as text or by a guided form, checked, kept with its history, then adopted."""
