"""Whether the policies that reach a unit, or a case that has been elsewhere, can be in force together: asked before a change of
policies and before a unit gets another place in the tree."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import msgspec

from core.casework.load import ways_carried
from core.casework.model import Way
from core.errors import Conflict
from dangwu import DangwuError
from tenants.policies.changes import Activation
from tenants.policies.regimes import Chain, CountyPolicies, chain_key, compiled, county_policies

Chains = dict[Way, tuple[Activation, ...]]


class Remaining(msgspec.Struct, frozen=True):
    """The sentences of what contradicts itself `before` a change, and of what still does `after` it."""

    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()


async def chains(county: CountyPolicies) -> Chains:
    """What reaches every unit that has policies or a history of its own, and every case that has left a unit; a unit without has
    what reaches the one above it."""
    paths = {*(item.path for item in county.live), *(move.path for move in county.moves)}
    ways = sorted({*map(Way, paths), *await ways_carried()})
    return {way: county.reaching(way) for way in ways}


async def contradictions(
    county: CountyPolicies, touched: Callable[[Way, tuple[Activation, ...]], bool]
) -> tuple[str, ...]:
    """Why what reaches a unit or a case that is `touched` cannot be in force together, in sentences (rules and sources named)."""
    seen: set[Chain] = set()
    found: dict[str, None] = {}
    for way, chain in (await chains(county)).items():
        key = chain_key(chain)
        if key in seen or not touched(way, chain):
            continue
        seen.add(key)
        try:
            compiled(chain)
        except DangwuError as error:
            found |= dict.fromkeys(error.problems)
    return tuple(found)


async def remaining(before: CountyPolicies, after: CountyPolicies, path: str) -> Remaining:
    """What contradicts itself below a path before a change and after it."""
    below = partial(_below, path)
    first = await contradictions(before, below)
    return Remaining(first, await contradictions(after, below) if first else ())


def _below(path: str, way: Way, _: tuple[Activation, ...]) -> bool:
    # What reaches a unit above reaches those below.
    return way.path.startswith(path) or path.startswith(way.path)


async def refuse_place(path: str) -> None:
    """Raise Conflict where a unit that has just come to `path`, or a unit or case there, has policies now that contradict one
    another. The change of the tree is to be undone by the caller's transaction."""
    problems = await contradictions(await county_policies(), lambda way, _: way.path.startswith(path))
    if problems:
        raise Conflict(
            f"到了那里，原来执行的政策和那里的政策相互矛盾，没有办理：{''.join(problems)}",
            code="policy-conflict",
        )
