"""The people of a demo county in the register, with their tags: checked as if typed, written all at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import msgspec

from core.bulk import insert_many, new_ids
from core.organisation.model import UnitView
from core.register.check import checked
from core.register.columns import columns_of
from deploy.demo.people import Inhabitant
from deploy.demo.staff import Officer


async def enter_people(people: Sequence[tuple[UnitView, Inhabitant]], by: Officer, today: date) -> None:
    """Write everybody at his unit, signed by `by`; each gets his id. Raises Invalid for somebody who cannot be."""
    for (_, one), person_id in zip(people, await new_ids(len(people)), strict=True):
        one.id = person_id
    rows = [
        {"id": one.id, "unit_id": unit.id, "path": unit.path, **columns_of(checked(one.draft, today))}
        for unit, one in people
    ]
    await insert_many("person", list(rows[0]), [tuple(row.values()) for row in rows])
    await insert_many(
        "person_tag",
        ("person_id", "tag", "since"),
        [(one.id, tag, one.since) for _, one in people for tag in one.tags],
    )
    entered = msgspec.json.encode({"source": "演示数据"}).decode()
    await insert_many(
        "person_change",
        ("person_id", "kind", "detail", "by_id", "by_name"),
        [(one.id, "entered", entered, by.id, by.name) for _, one in people],
    )
