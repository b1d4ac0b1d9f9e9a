"""What people get wrong and put right again: files of one person entered twice, merged, severed; rosters read in and undone."""

from __future__ import annotations

import io
from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from openpyxl import Workbook

from core.changes import roster as rosters
from core.changes.sever import sever
from core.changes.unite import Union, unite
from core.database import execute, fetch, fetchrow
from core.errors import DomainError
from core.register.model import PersonDraft
from core.register.roster.batch import confirm, upload
from core.register.service import enter
from tenants.database.session import county_session
from tests.core.conftest import resident_id

if TYPE_CHECKING:
    from tests.core.transfers.lives import County, Lives

NAMES = ["众生%", "重名%"]
"""People; and files that somebody has entered once more."""


async def dated(day: date) -> None:
    """The files that this transaction has made are of a day of these lives, not of the clock's: by it people count."""
    await execute(
        "update person set created_at = $1::date::timestamp at time zone 'Asia/Shanghai' where created_at = now()",
        day,
    )


async def twinned(lives: Lives, county: County) -> None:
    """Somebody is entered once more, without his number."""
    row = await fetchrow(
        "select born from person where name like '众生%' and left_on is null order by random() limit 1"
    )
    if row is not None:
        lives.numbered += 1
        draft = PersonDraft(
            name=f"重名{lives.numbered}", born=row["born"], membership="full", joined=date(2000, 7, 1),
            converted=date(2001, 7, 1),
        )  # fmt: skip
        await enter(county.organizer, lives.chance.choice(county.branches).id, draft, lives.day)
        lives.done["twinned"] += 1


async def united(lives: Lives, county: County) -> None:
    """A file of somebody goes into another, whichever of the two; a number goes with its person."""
    rows = await fetch(
        """(select id, version from person where name like '重名%' and left_on is null order by random() limit 1) union all
           (select id, version from person where name like '众生%' and left_on is null order by random() limit 1)"""
    )
    if len(rows) == 2:
        kept, gone = lives.chance.sample(rows, 2)
        taken = frozenset({"name", "national_id"} if kept is rows[0] else set())
        union = Union(
            kept=kept["id"],
            gone=gone["id"],
            taken=taken,
            versions=(kept["version"], gone["version"]),
            reason="同一人",
        )
        await unite(county.organizer, union, lives.day, county.side.regime_for)
        lives.done["united"] += 1


async def severed(lives: Lives, county: County) -> None:
    """Two files are two again."""
    row = await fetchrow(
        "select id from person where left_as = 'in-error' and name like any($1) order by random()", NAMES
    )
    if row is not None:
        await sever(county.organizer, row["id"], "不是同一人", lives.day, county.side.regime_for)
        lives.done["severed"] += 1


async def imported(lives: Lives, county: County) -> None:
    """A roster shows some people at other branches and somebody new; it is undone, at once or a little later."""
    try:
        async with county_session(county.world.county):
            batch = await _applied(lives, county)
            await dated(lives.day)
        lives.done["imported"] += 1
        if lives.chance.random() < 0.5:
            lives.done["lived on"] += await lives.round()
        async with county_session(county.world.county):
            await rosters.ask_undo(county.organizer, batch)
            await rosters.undo(batch, lives.day, county.side.regime_for)
        lives.done["undone"] += 1
    except DomainError as refused:
        lives.done[f"roster: {refused.code or refused.sentence}"] += 1


async def _applied(lives: Lives, county: County) -> UUID:
    """The roster, read, confirmed, written."""
    rows = await fetch(
        "select id, name, born from person where name like '众生%' and left_on is null and id_index is not null"
    )
    lives.numbered += 1
    new = (f"众生{lives.numbered}", date(1960, 1, 1) + timedelta(days=lives.numbered * 97))
    shown = [(row["name"], row["born"]) for row in lives.chance.sample(list(rows), min(len(rows), 4))]
    book = Workbook()
    book.worksheets[0].append(["姓名", "身份证号码", "人员类别", "所在党支部"])
    for name, born in [*shown, new]:
        branch = lives.chance.choice(county.branches).name
        book.worksheets[0].append([name, resident_id(born), "正式党员", branch])
    out = io.BytesIO()
    book.save(out)
    batch = await upload(county.organizer, county.world.department.id, "名册.xlsx", out.getvalue())
    await rosters.read(batch, lives.day)
    await confirm(county.organizer, batch)
    await rosters.apply(batch, lives.day, county.side.regime_for)
    return batch


Mistake = Callable[["Lives", "County"], Awaitable[None]]
MISTAKES: tuple[Mistake, ...] = (twinned, united, severed)
"""What happens in a transaction that is under way."""
