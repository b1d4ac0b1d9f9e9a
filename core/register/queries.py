"""What can be asked of the register: lists with search and paging, a person's file."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import msgspec
from asyncpg import Record

from core.actor import Actor
from core.database import fetch, fetchrow
from core.ledger.note import note_reading
from core.ledger.origin import listed
from core.organisation.access import access_unit
from core.paths import Conditions, placed, unit_of, within
from core.register.access import access_person
from core.register.columns import PLAIN
from core.register.finding import add_search, sought
from core.register.identity import open_id, open_phone
from core.register.model import PersonFile, PersonLine, TagSpan
from core.register.numbers import mask_id, mask_phone
from core.repeated import fetch_repeated

PAGE = 50

PLACE = f"{placed()} unit_name"
"""Where a person is: the branch, and with it the group he is in, if he is (unit u)."""

_FIELDS = PersonLine.__struct_fields__
LINE = ", ".join(PLACE if name == "unit_name" else f"p.{name}" for name in _FIELDS)
"""The columns of a line, of `person p` and `unit u`, in the order of its fields."""

IN_A_LIST = """p.id, p.name, p.sex, p.born, p.membership, p.joined, p.converted, p.unit_id, p.path, p.lost_contact, p.mobile,
    p.py"""


class PeopleFilter(msgspec.Struct, frozen=True, kw_only=True):
    """What a list of people is narrowed to. `search` takes what finding.add_search does."""

    unit_id: UUID | None = None
    membership: str | None = None
    search: str = ""
    tag: str | None = None
    lost_contact: bool | None = None
    mobile: bool | None = None


MOST_GATHERED = 1_000
"""A search that finds more (every 张 of a large county) shows some of them and says so: who looks for one types more."""


class PeoplePage(msgspec.Struct, frozen=True):
    """One page, sorted by pinyin; `after` continues behind its last line (None at the end).

    `limited`: a search has found more than MOST_GATHERED; these are some of them, and there is no further page.
    """

    lines: tuple[PersonLine, ...]
    after: tuple[str, UUID] | None
    limited: bool = False


async def people(
    actor: Actor, wanted: PeopleFilter, *, after: tuple[str, UUID] | None = None, limit: int = PAGE
) -> PeoplePage:
    """The people he may see, narrowed to `wanted`, one page."""
    where = await people_conditions(actor, wanted)
    if after:
        where.add("(p.py, p.id) > ({}, {})", *after)
    # Whoever is searched for is gathered first: reading the whole list in its order until enough are found takes
    # longest where they stand last (张). The limit is not PostgreSQL's to plan with: it would hope to meet them soon.
    term = sought(wanted.search)
    gathered = len(term) > 1 or not term.isascii()
    kept, most = ("materialized", f"limit {MOST_GATHERED + 1}") if gathered else ("not materialized", "")
    many = f"(select count(*) > {MOST_GATHERED} from found)" if gathered else "false"
    rows = await fetch_repeated(
        f"""with everybody as {kept} (select {IN_A_LIST} from person p where {where}),
                 found as {kept} (select * from everybody {most}),
                 p as (select *, {many} limited from found order by py, id limit {int(limit) + 1})
            select {LINE}, p.limited
            from p {unit_of("p")}
            order by p.py, p.id""",
        *where.args,
    )
    lines = tuple(PersonLine(*row[: len(_FIELDS)]) for row in rows[:limit])
    limited = bool(rows) and rows[0]["limited"]
    goes_on = len(rows) > limit and not limited
    listed(len(lines))
    return PeoplePage(lines, (lines[-1].py, lines[-1].id) if goes_on else None, limited)


async def count_people(actor: Actor, wanted: PeopleFilter, *, most: int | None = None) -> dict[str, int]:
    """How many there are of each membership, narrowed to `wanted`; the sum is the length of the list, or more than `most`."""
    where = await people_conditions(actor, wanted)
    kept, some = ("not materialized", "") if most is None else ("materialized", f"limit {int(most) + 1}")
    rows = await fetch(
        f"""with everybody as {kept} (select p.membership from person p where {where})
            select membership, count(*) n from (select membership from everybody {some}) p group by membership""",
        *where.args,
    )
    return {row["membership"]: row["n"] for row in rows}


async def people_conditions(actor: Actor, wanted: PeopleFilter) -> Conditions:
    """The `where` of a list on `person p`."""
    top = (await access_unit(actor, wanted.unit_id, "person.view")).path if wanted.unit_id else None
    where = Conditions()
    where.below("p.path", within(actor, "person.view", top))
    where.add("p.left_on is null")
    for column in ("membership", "lost_contact", "mobile"):
        if (value := getattr(wanted, column)) is not None:
            where.add(f"p.{column} = {{}}", value)
    if wanted.tag:
        where.add(
            "exists (select from person_tag t where t.person_id = p.id and t.tag = {} and t.ended is null)",
            wanted.tag,
        )
    add_search(where, wanted.search, alias="p", name="name")
    return where


async def person_file(actor: Actor, person_id: UUID, *, purpose: str = "查看档案") -> PersonFile:
    """A person's file, numbers masked; the look is written into the reading log."""
    row = await access_person(actor, person_id)
    await note_reading(actor, [person_id], "file", purpose)
    return await file_of(row)


async def file_of(row: Record) -> PersonFile:
    """The file that a row of `person` is, for who has checked access and keeps the reading log."""
    unit = await fetchrow(f"select {PLACE} from unit u where u.id = $1", row["unit_id"])
    tags = await fetch(
        "select tag, since, ended from person_tag where person_id = $1 order by since, tag", row["id"]
    )
    number, phone = open_id(row["id_sealed"]), open_phone(row["phone_sealed"])
    return PersonFile(
        id=row["id"], unit_id=row["unit_id"], path=row["path"], unit_name=unit["unit_name"] if unit else "",
        version=row["version"], tags=tuple(TagSpan(**dict(tag)) for tag in tags),
        left_on=row["left_on"], left_as=row["left_as"], left_reason=row["left_reason"], left_paper=row["left_paper"],
        merged_into=row["merged_into"],
        national_id_masked=mask_id(number) if number else None, phone_masked=mask_phone(phone) if phone else None,
        **{column: row[column] for column in PLAIN},
    )  # fmt: skip


async def tags_on(person_id: UUID, day: date) -> frozenset[str]:
    """The tags a person had on a day; for services that have checked access already."""
    rows = await fetch(
        "select tag from person_tag where person_id = $1 and since <= $2 and (ended is null or ended > $2)",
        person_id,
        day,
    )
    return frozenset(row["tag"] for row in rows)
