"""What a unit owes by when: occurrences of its duties, computed from the rules and from what it did. Pure, nothing is stored."""
