"""What can be asked of the register: lists with search and paging, a person's file."""

from __future__ import annotations

from collections.abc import Sequence
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
from core.register.finding import MOST_BY_TERM, add_search, sought
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
    if not _gathered(wanted.search):
        found = await _listed(await _behind(actor, wanted, after), limit)
    else:
        found, cut = await _some(await _behind(actor, wanted, after, MOST_BY_TERM), limit)
        if cut and not found.limited:
            found, _ = await _some(await _behind(actor, wanted, after), limit)
    listed(len(found.lines))
    return found


def _gathered(search: str) -> bool:
    """Whether those whom a search finds are gathered first: reading the whole list in its order until enough are found takes
    longest where they stand last (张). Of one letter the list is read from there on."""
    term = sought(search)
    return len(term) > 1 or not term.isascii()


async def _behind(
    actor: Actor, wanted: PeopleFilter, after: tuple[str, UUID] | None, most: int | None = None
) -> Conditions:
    where = await people_conditions(actor, wanted, most)
    if after:
        where.add("(p.py, p.id) > ({}, {})", *after)
    return where


async def _listed(where: Conditions, limit: int) -> PeoplePage:
    """A page of a list that is read in its order."""
    rows = await fetch_repeated(
        f"""with p as (select {IN_A_LIST} from person p where {where} order by p.py, p.id limit {int(limit) + 1})
            select {LINE} from p {unit_of("p")} order by p.py, p.id""",
        *where.args,
    )
    return _page(rows, limit)


async def _some(where: Conditions, limit: int) -> tuple[PeoplePage, bool]:
    """A page of those who are gathered, and whether there may be others (`where.cut`).

    The limit of what is gathered is not PostgreSQL's to plan with: it would hope to meet them soon.
    """
    rows = await fetch_repeated(
        f"""with everybody as materialized (select {IN_A_LIST} from person p where {where}),
                 found as materialized (select * from everybody limit {MOST_GATHERED + 1}),
                 p as (select * from found order by py, id limit {int(limit) + 1})
            select {LINE}, (select count(*) > {MOST_GATHERED} from found) limited, {where.cut} cut
            from (select 1) once left join (p {unit_of("p")}) on true
            order by p.py, p.id""",
        *where.args,
    )
    limited, cut = rows[0]["limited"], rows[0]["cut"]
    return _page([row for row in rows if row["id"]], limit, limited=limited), cut


def _page(rows: Sequence[Record], limit: int, *, limited: bool = False) -> PeoplePage:
    lines = tuple(PersonLine(*row[: len(_FIELDS)]) for row in rows[:limit])
    goes_on = len(rows) > limit and not limited
    return PeoplePage(lines, (lines[-1].py, lines[-1].id) if goes_on else None, limited)


async def count_people(actor: Actor, wanted: PeopleFilter, *, most: int | None = None) -> dict[str, int]:
    """How many there are of each membership, narrowed to `wanted`; the sum is the length of the list, or more than `most`."""
    counts, cut = await _counted(await people_conditions(actor, wanted, most and MOST_BY_TERM), most)
    if most is not None and cut and sum(counts.values()) <= most:
        counts, _ = await _counted(await people_conditions(actor, wanted), most)
    return counts


async def _counted(where: Conditions, most: int | None) -> tuple[dict[str, int], bool]:
    """Membership → how many, `most` and one of them at most; whether there may be others (`where.cut`)."""
    kept, some = ("not materialized", "") if most is None else ("materialized", f"limit {int(most) + 1}")
    rows = await fetch(
        f"""with everybody as {kept} (select p.membership from person p where {where})
            select membership, n, {where.cut} cut from (select 1) once left join (
                select membership, count(*) n from (select membership from everybody {some}) p group by membership) m on true""",
        *where.args,
    )
    return {row["membership"]: row["n"] for row in rows if row["n"]}, rows[0]["cut"]


async def people_conditions(actor: Actor, wanted: PeopleFilter, most: int | None = None) -> Conditions:
    """The `where` of a list on `person p`; `most` as in finding.add_search."""
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
    add_search(where, wanted.search, alias="p", name="name", most=most)
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
