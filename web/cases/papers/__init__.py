"""文书: the papers of a case."""
