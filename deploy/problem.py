"""What keeps the platform from starting, as the operator reads it."""

from __future__ import annotations


class Problem(Exception):
    """One or more whole Chinese sentences: what happened and what to do. A command prints them and ends with 1."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence
