"""What a policy file calls itself, before anybody loads it."""

from __future__ import annotations

from functools import lru_cache

from dangwu.errors import PolicyError
from dangwu.text.reader import read


def named(text: str) -> str:
    """What a policy file calls itself; empty where it cannot be read."""
    try:
        raw = read(text, "policy.yaml")
    except PolicyError:
        return ""
    return str(raw.get("plugin", "")) if isinstance(raw, dict) else ""


# As in plugins.py: nearly all texts are found again as they were.
@lru_cache(maxsize=256)
def says_floor(text: str) -> bool:
    """Whether a policy file calls itself one of the floor's, as a key of its own and not in some text."""
    if "floor" not in text:  # most: they need not be read twice
        return False
    try:
        raw = read(text, "policy.yaml")
    except PolicyError:
        return False  # whoever loads it is told why
    return isinstance(raw, dict) and raw.get("floor") is True


__all__ = ["named", "says_floor"]
