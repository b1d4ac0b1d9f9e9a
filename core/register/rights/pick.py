"""Picking a person for a record: of those whom one sees, and of those who hold a post on the way up from the case's unit."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from uuid import UUID

import msgspec

from core.actor import Actor
from core.database import fetch
from core.errors import NotFound
from core.organisation.queries import upwards
from core.paths import Conditions
from core.register.finding import add_search
from core.register.queries import PeopleFilter, people
from core.register.rights.day import Known, Rights, known_people, rights_of
from core.register.rights.words import WORDS
from core.text import tidy

MOST_OFFERED = 8
NO_SUCH_PICK = (
    "没有找到所选的人，他可能不在您的管理范围内，也没有在本组织或上级任职。请重新选择；名册以外的人只填姓名。"
)


class Candidate(msgspec.Struct, frozen=True):
    """Somebody who can be picked: what the register knows of him on a day."""

    known: Known
    rights: Rights


async def find(actor: Actor, text: str, path: str, day: date) -> list[Candidate]:
    """Who can be picked for a case at `path` by these words (a name, pinyin, initials, the end of an id, the title of a post): a
    few of those whom he sees, and of those who hold a post there."""
    if not text.strip():
        return []
    seen = (await people(actor, PeopleFilter(search=text), limit=MOST_OFFERED)).lines
    holding = await _holding(text, path, day)
    known = await known_people([*dict.fromkeys([*(one.id for one in seen), *holding])])
    return await _candidates(known, day)


async def picked(
    actor: Actor, ids: Collection[UUID], path: str, day: date, already: Collection[UUID] = ()
) -> Mapping[UUID, Candidate]:
    """Those who were picked for a case at `path`. Raises NotFound for one whom he may not pick; `already` have been."""
    known = await known_people([*ids])
    found = {one.known.id: one for one in await _candidates(known, day)}
    for one in ids:
        candidate = found.get(one)
        if candidate is None or not (
            one in already or actor.may("person.view", candidate.known.path) or candidate.rights.here(path)
        ):
            raise NotFound(NO_SUCH_PICK)
    return found


async def _candidates(known: Mapping[UUID, Known], day: date) -> list[Candidate]:
    rights = await rights_of(known, day)
    return [Candidate(one, rights[one.id]) for one in known.values()]


def _posts(text: str) -> list[str]:
    """The posts that somebody means by a title or a part of one."""
    said = tidy(text)
    return [word for word, post in WORDS.posts.items() if said in post.title] if len(said) > 1 else []


async def _holding(text: str, path: str, day: date) -> list[UUID]:
    """Those who hold a post at the unit at `path` or above it on that day."""
    where = Conditions()
    where.add(
        "s.kind = 'post' and not s.void and s.since <= {} and (s.ended is null or s.ended > {})", day, day
    )
    where.add("u.path = any({}) and p.left_on is null", list(upwards(path)))
    if posts := _posts(text):
        where.add("s.word = any({})", posts)
    else:
        add_search(where, text, alias="p", name="name")
    rows = await fetch(
        f"""select distinct p.id, p.py from person_span s join unit u on u.id = s.unit_id join person p on p.id = s.person_id
            where {where} order by p.py, p.id limit {MOST_OFFERED}""",
        *where.args,
    )
    return [row["id"] for row in rows]
