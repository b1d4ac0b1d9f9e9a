"""What of the lists concerns the one who looks at them."""

from __future__ import annotations

from core.actor import Actor
from core.casework.lists.cases import CaseLine
from core.organisation.queries import Among, outline


def acting_levels(actor: Actor, path: str) -> frozenset[str]:
    """The levels at which he records or reviews there."""
    return actor.levels(path, "case.record") | actor.levels(path, "case.review")


def is_mine(actor: Actor, line: CaseLine) -> bool:
    """Whether the case waits for a level at which he acts."""
    return not acting_levels(actor, line.path).isdisjoint(line.waits_for)


async def sees_one_branch(actor: Actor) -> bool:
    """Whether all that he sees lies in a single branch: then no line needs to name it."""
    held = [one for one in actor.holdings if "case.view" in one.capabilities]
    if len(actor.scopes("case.view")) != 1 or any(one.level != "branch" for one in held):
        return False
    return len(await outline(actor, Among(kinds=("branch",)), limit=2)) <= 1
