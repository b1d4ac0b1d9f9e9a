"""Where somebody goes by a case that moves him: a living branch of the county, or a Party organization beyond it; and what
follows from that."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from asyncpg import Record as Row

from core.database import fetch, fetchrow, fetchval
from core.errors import Invalid
from core.organisation.access import COLUMNS, unit_view
from core.organisation.model import has_members
from core.organisation.queries import upwards
from core.register.derived import PROBATION, on_probation
from core.text import one_line
from dangwu import Procedure

ACROSS = "across-committees"
"""The floor's tag for somebody who goes to a branch under another committee: only then is there a letter of introduction."""
HERE, LEAVING, ENTERING = "received-here", "leaving-county", "entering-county"
"""The floor's tags for who receives somebody, and for the two ways across the county's border."""


BRANCHES = ("branch", "general-branch")
"""Within one of these nobody is transferred: which group he is in is the branch's own affair."""


class Beyond(NamedTuple):
    """A Party organization outside the county, as letters name it; `county` where it is in another county of the platform."""

    name: str = ""
    county: UUID | None = None


INSIDE = Beyond()


class Going(NamedTuple):
    """The unit whose people receive somebody, with the tags that his case has by it; `STAYS` where a procedure moves nobody.

    Of whoever goes `beyond` the county it is his own unit: its committee writes down what the other side has answered.
    """

    unit_id: UUID | None
    path: str | None
    tags: frozenset[str] = frozenset()
    beyond: Beyond = INSIDE


STAYS = Going(None, None)


async def going(person: Row, procedure: Procedure, to: UUID | None, beyond: Beyond = INSIDE) -> Going:
    """Where he goes; raises Invalid (fields `to`, `beyond`) where it is not said, said twice, or cannot be."""
    _refuse_unclear(procedure, to, beyond)
    if not procedure.opens.goes:
        return STAYS
    probation = {PROBATION} if on_probation(person["membership"]) else set()
    if beyond.name:
        named = one_line("beyond", "转往的党组织", beyond.name, most=120)
        await _refuse_strange_county(beyond.county)
        tags = frozenset({ACROSS, LEAVING} | probation)
        return Going(person["unit_id"], person["path"], tags, Beyond(named, beyond.county))
    if to is None and procedure.confers != "unit":
        return Going(None, None, frozenset({LEAVING}))
    row = await fetchrow(f"select {COLUMNS} from unit where id = $1", to) if to else None
    if row is None:
        raise _not_there("请选择转往哪个党支部。")
    unit = unit_view(row)
    if unit.dissolved or not has_members(unit.kind):
        raise _not_there(f"“{unit.name}”不能接收党员：它已经撤销，或者不直接管理党员。请选择一个党支部。")
    if await _nearest(person["path"], BRANCHES) == await _nearest(unit.path, BRANCHES):
        raise _not_there(
            f"“{unit.name}”和{person['name']}现在所在的是同一个党支部，无须接转组织关系。请选择另一个党支部。"
        )
    same = await _nearest(person["path"], ["committee"]) == await _nearest(unit.path, ["committee"])
    return Going(unit.id, unit.path, frozenset({HERE} | probation | (set() if same else {ACROSS})))


def _refuse_unclear(procedure: Procedure, to: UUID | None, beyond: Beyond) -> None:
    if not procedure.opens.goes and (to or beyond != INSIDE):
        raise _not_there("办理这件事，人员不转往别的党组织。请不要写明去向。")
    if to and beyond != INSIDE:
        raise _not_there("县内的党支部和县外的党组织只能选一个。")
    if beyond.county and not beyond.name:
        sentence = "请写明县外的党组织。"
        raise Invalid(sentence, code="to", fields={"beyond": sentence})


async def _refuse_strange_county(county: UUID | None) -> None:
    if county and not await fetchval(
        "select id from county where id = $1 and id <> session_county()", county
    ):
        sentence = "没有找到这个县（市、区）。请从列表中重新选择；对方不在本平台的，选“不在本平台”。"
        raise Invalid(sentence, fields={"beyond_county": sentence})


async def other_counties() -> list[tuple[UUID, str]]:
    """The other counties of the platform, to which letters go without paper."""
    rows = await fetch("select id, name from county where id <> session_county() order by name")
    return [(row["id"], row["name"]) for row in rows]


async def _nearest(path: str, kinds: Sequence[str]) -> UUID | None:
    """The nearest unit of these kinds at or above a path; None where there is none (a branch directly under the department)."""
    found: UUID | None = await fetchval(
        "select id from unit where path = any($1) and kind = any($2) order by length(path) desc limit 1",
        upwards(path), list(kinds),
    )  # fmt: skip
    return found


def _not_there(sentence: str) -> Invalid:
    return Invalid(sentence, code="to", fields={"to": sentence})
