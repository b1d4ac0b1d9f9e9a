"""Every word with its title, of all policies that this process knows: what blanks are filled with."""

from __future__ import annotations

from functools import lru_cache

from dangwu import Known
from tenants.policies.shelf import everything, read


def all_words() -> Known:
    """The shared words, the floor's and those of all policies, installed or kept."""
    return _known(read())


@lru_cache(maxsize=64)
def _known(state: object) -> Known:
    return Known(everything())
