"""The tags that a person can have: those that the contract knows, and those that a policy asks for."""

from __future__ import annotations

from functools import lru_cache

from dangwu import TAGS
from tenants.policies.shelf import everything, read


def tag_titles() -> dict[str, str]:
    """Tag → its Chinese title, the general ones first."""
    return _tag_titles(read())


@lru_cache(maxsize=256)
def _tag_titles(state: object) -> dict[str, str]:
    found = dict(TAGS)
    for policy in everything():
        for tag, title in policy.tags.items():
            found.setdefault(tag, title)
    return found


def tag_title(tag: str) -> str:
    """The title of a tag; an unknown one as it stands."""
    return TAGS.get(tag) or tag_titles().get(tag, tag)
