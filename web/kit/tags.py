"""The tags that a person can have: those that the contract knows, and those that an installed policy asks for."""

from __future__ import annotations

from functools import lru_cache

from dangwu import TAGS
from tenants.policies.plugins import installed


@lru_cache(maxsize=1)
def tag_titles() -> dict[str, str]:
    """Tag → its Chinese title, the general ones first."""
    found = dict(TAGS)
    for policy in installed().policies.values():
        for tag, title in policy.tags.items():
            found.setdefault(tag, title)
    return found


def tag_title(tag: str) -> str:
    """The title of a tag; an unknown one (its policy is no longer installed) as it stands."""
    return TAGS.get(tag) or tag_titles().get(tag, tag)
