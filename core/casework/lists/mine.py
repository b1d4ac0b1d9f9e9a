"""What of the lists concerns the one who looks at them."""

from __future__ import annotations

from itertools import islice
from uuid import UUID

from core.actor import Actor
from core.casework.lists.cases import CaseFilter, CaseLine, cases
from core.casework.standing.turns import turns_at
from core.organisation.queries import Among, outline


def his_turns(actor: Actor, line: CaseLine) -> frozenset[str]:
    """What he holds in a case, as turns: nothing in his own, nor at a level other than the one at which he has acted in it."""
    if actor.is_himself(line.person_id):
        return frozenset()
    return turns_at(actor, line.path, line.acted, line.to_path)


def my_steps(actor: Actor, line: CaseLine) -> dict[str, str]:
    """The open steps of a case with which he can go on now, each with the right by which he does: record, review or return."""
    held = his_turns(actor, line)
    found = {}
    for step, turns in zip(line.open_steps, line.open_turns, strict=True):
        if mine := held.intersection(turns.split()):
            rights = {turn.partition(".")[2] for turn in mine}
            found[step] = "return" if rights == {"return"} else "review" if rights == {"review"} else "record"
    return found


def is_mine(actor: Actor, line: CaseLine) -> bool:
    """Whether he can go on with one of its steps."""
    return bool(my_steps(actor, line))


LOOKED_AT = 2_000
"""Lines of a list among which those that are his are looked for."""


async def recordable(actor: Actor, wanted: CaseFilter, sort: str, limit: int) -> list[UUID]:
    """The cases of a list in which he can record the list's step now, in its order, no more than `limit`."""
    listed = await cases(actor, wanted, sort=sort, limit=LOOKED_AT)
    found = (line.id for line in listed.lines if my_steps(actor, line).get(wanted.step or "") == "record")
    return [*islice(found, limit)]


async def sees_one_branch(actor: Actor) -> bool:
    """Whether all that he sees lies in a single branch: then no line needs to name it."""
    held = [one for one in actor.holdings if "case.view" in one.capabilities]
    if len(actor.scopes("case.view")) != 1 or any(one.level != "branch" for one in held):
        return False
    return len(await outline(actor, Among(kinds=("branch",)), limit=2)) <= 1
