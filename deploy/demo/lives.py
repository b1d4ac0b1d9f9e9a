"""What befalls the members of a demo county: the posts of its officers, a sanction, people who left, a task for some months."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from uuid import UUID

import msgspec

from core.bulk import insert_many, new_ids
from core.database import execute
from core.organisation.model import TEMPORARY
from core.organisation.service import UnitDraft, create
from core.register.guests import add_guests
from core.register.leaving import LeavingDraft, leave
from core.register.rights.spans import SpanDraft, add_span
from core.register.rights.words import WORDS
from deploy.demo.people import Inhabitant
from deploy.demo.plan import County
from deploy.demo.staff import Staff
from deploy.demo.tree import Branch

LIMITS = (
    ("warning", 200, ""),
    ("infirm", 400, "2025 年经上级党委同意、支部大会通过"),
)
"""What two members of the branch that is shown are under: the word, since how many days, what must be said of it."""

LEFT = (
    ("died", 90, "因病去世", "家属告知记录"),
    ("transferred-out", 40, "到外省工作", "组织关系介绍信"),
)
"""How two others have left: the way, how many days ago, why, by which paper."""

TASK, TASK_DAYS, TAKING_PART = "防汛抢险突击队", (35, 20), 5
"""The temporary branch: what for, since how many days and for how many more, how many take part."""


async def enter_posts(county: County, staff: Staff) -> None:
    """Everybody who acts for a branch, a general branch or a committee holds the post there, since the county was opened;
    and each account is its member's."""
    held = [one for one in staff.officers if one.role in WORDS.posts]
    ids = await new_ids(len(held))
    by = next(one for one in staff.officers if one.role == "department-organizer")
    await insert_many(
        "person_span",
        ("id", "person_id", "kind", "word", "unit_id", "since"),
        [
            (post, one.person.id, "post", one.role, one.unit.id, county.opened)
            for post, one in zip(ids, held, strict=True)
        ],
    )
    await execute(
        "update account a set person_id = o.person from unnest($1::uuid[], $2::uuid[]) o (account, person)"
        " where a.id = o.account",
        [one.id for one in staff.officers], [one.person.id for one in staff.officers],
    )  # fmt: skip
    drafts = [SpanDraft(word=one.role, since=county.opened, unit_id=one.unit.id) for one in held]
    told = [
        msgspec.json.encode({"act": "added", "span": post, "now": draft}).decode()
        for post, draft in zip(ids, drafts, strict=True)
    ]
    await insert_many(
        "person_change",
        ("person_id", "kind", "detail", "by_id", "by_name"),
        [(one.person.id, "post", detail, by.id, by.name) for one, detail in zip(held, told, strict=True)],
    )


async def enter_lives(
    staff: Staff, branch: Branch, members: Mapping[UUID, list[Inhabitant]], today: date
) -> None:
    """A sanction and somebody not counted, people who have left, a temporary branch: by the department, as on the pages."""
    by = staff.holding("department-organizer", staff.tree.root).actor(staff.county)
    *_, first, second, third, fourth = (one.id for one in members[branch.unit.id])
    for person, (word, days, note) in zip((first, second), LIMITS, strict=True):
        assert isinstance(person, UUID)
        draft = SpanDraft(word=word, since=today - timedelta(days=days), note=note)
        await add_span(by, person, "limit", draft, today)
    for person, (kind, days, reason, paper) in zip((third, fourth), LEFT, strict=True):
        assert isinstance(person, UUID)
        await leave(by, person, LeavingDraft(kind, today - timedelta(days=days), reason, paper), 0, today)
    since, until = today - timedelta(days=TASK_DAYS[0]), today + timedelta(days=TASK_DAYS[1])
    branch_draft = UnitDraft(kind=TEMPORARY, name=f"{TASK}临时党支部", founded=since, task=TASK, until=until)
    unit = await create(by, branch.committee.id, branch_draft, today)
    taking = [one.id for one in members[branch.unit.id][:TAKING_PART]]
    await add_guests(by, unit.id, [one for one in taking if isinstance(one, UUID)], since, today)
