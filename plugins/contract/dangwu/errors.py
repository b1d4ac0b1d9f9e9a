"""What can be wrong with a policy, a combination or a record: always a list of whole sentences (part of the public API)."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


class DangwuError(Exception):
    """Problems in plain Chinese, each a sentence that says where, what was expected and what to do."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))


class PolicyError(DangwuError):
    """A policy file cannot be used as it stands."""


class ConflictError(DangwuError):
    """Policies that cannot be in force together."""


class EvidenceError(DangwuError):
    """A record's evidence does not have the form that its facet asks for."""


class FormError(EvidenceError):
    """Evidence that cannot even be read: an unknown field or word, or something of the wrong type."""


class RehearsalError(DangwuError):
    """A rehearsal cannot be read."""


def nearest(word: str, words: Iterable[str]) -> str:
    """`，是不是“X”` for the nearest known word, or nothing."""
    found = get_close_matches(word, list(words), n=1, cutoff=0.6)
    return f"，是不是“{found[0]}”" if found else ""
