"""What evidence looks like, read from its types: short forms, titles of fields, errors as clauses."""
