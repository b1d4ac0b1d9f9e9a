"""The author's kit: rehearsals, checks, words, the command line."""
