"""Acts on a case by its id, each taking it up for itself, as the tests make them one after another."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date
from typing import Any, Concatenate
from uuid import UUID

from core.actor import Actor
from core.casework.access import access_case, take_up
from core.casework.acts import facts
from core.casework.acts import record as recording
from core.casework.acts import send_back as returning
from core.casework.lists import detail
from core.casework.matter import Matter
from core.casework.model import RegimeFor, Written

Act = Callable[Concatenate[Actor, Matter, ...], Awaitable[Written]]


def _by_id(act: Act) -> Callable[..., Awaitable[Written]]:
    async def acted(actor: Actor, case_id: UUID, *given: Any, regime_for: RegimeFor, **named: Any) -> Written:
        return await act(actor, await take_up(actor, case_id, regime_for), *given, **named)

    return acted


async def case_detail(actor: Actor, case_id: UUID, today: date) -> detail.CaseDetail:
    """The case by its id, as a page shows it."""
    return await detail.case_detail(actor, await access_case(actor, case_id), today)


record = _by_id(recording.record)
send_back = _by_id(returning.send_back)
change_facts = _by_id(facts.change_facts)
add_note = _by_id(facts.add_note)
