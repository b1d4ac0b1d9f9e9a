"""The only way to reach a case: whoever may not see it is told that there is none."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from core.actor import Actor, Capability
from core.casework.load import load_one, load_whole
from core.casework.matter import Matter
from core.casework.model import LoadedCase, RegimeFor
from core.casework.standing.regimes import regime_at
from core.errors import NotFound

NO_SUCH_CASE = "没有找到这份档案，它可能不在您的管理范围内。请从列表中重新选择。"


async def access_case(
    actor: Actor, case_id: UUID, capability: Capability = "case.view", *, lock: bool = False
) -> LoadedCase:
    """The case, if he may see it (else NotFound) and holds `capability` there (else Forbidden)."""
    case = await load_one(case_id, lock=lock)
    if case is None or not sees(actor, case):
        raise NotFound(NO_SUCH_CASE)
    if not any(actor.may(capability, place) for place in case.places):
        actor.require(capability, case.path)
    return case


def sees(actor: Actor, case: LoadedCase) -> bool:
    """Whether it lies where he sees cases, or its person is on his way there."""
    return any(actor.may("case.view", place) for place in case.places)


async def take_up(
    actor: Actor,
    case_id: UUID,
    regime_for: RegimeFor,
    capability: Capability = "case.view",
    *,
    lock: bool = True,
) -> Matter:
    """The case with its policies, to be looked at or, with `lock`, to be acted on. Raises as `access_case`."""
    case = await access_case(actor, case_id, capability, lock=lock)
    return Matter(case, await regime_at(regime_for, case.way), locked=lock, regime_for=regime_for)


async def take_up_many(actor: Actor, case_ids: Iterable[UUID], regime_for: RegimeFor) -> list[Matter]:
    """Of these cases those that he may see, in their order, to be looked at: one query, and the policies of each way once."""
    ids = list(case_ids)
    found = {case.id: case for case in await load_whole("c.id = any($1)", ids)}
    seen = [found[one] for one in ids if one in found and sees(actor, found[one])]
    regimes = {way: await regime_at(regime_for, way) for way in dict.fromkeys(case.way for case in seen)}
    return [Matter(case, regimes[case.way]) for case in seen]
