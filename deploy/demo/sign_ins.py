"""The sign-ins of the demo as a table for a terminal."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from core.database import fetch
from deploy.demo.logins import LOGINS, PASSWORD
from deploy.demo.plan import County
from tenants.accounts.capabilities import ROLES
from tenants.counties import county_by_slug
from tenants.database.session import county_session

HEADINGS = ("县", "登录名", "职务", "姓名", "所在党组织")


async def sign_ins(counties: Sequence[County]) -> str:
    """One line for each role in each county, as it stands in the database; the password below."""
    rows = [HEADINGS, *[row for county in counties for row in await _of(county)]]
    widths = [max(_width(row[place]) for row in rows) for place in range(len(HEADINGS))]
    lines = [
        "  ".join(_padded(cell, width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]
    return "\n".join(["", *lines, "", f"以上账号的密码都是 {PASSWORD}，数据全部是虚构的。", ""])


async def _of(county: County) -> list[tuple[str, ...]]:
    async with county_session((await county_by_slug(county.slug)).id):
        rows = await fetch(
            """select a.login, h.role, a.name, u.short_name from account a
               join holding h on h.account_id = a.id join unit u on u.id = h.unit_id
               where a.login = any($1) order by array_position($1, a.login)""",
            list(LOGINS.values()),
        )
    return [
        (county.name, row["login"], ROLES[row["role"]].title, row["name"], row["short_name"]) for row in rows
    ]


def _padded(cell: str, width: int) -> str:
    return cell + " " * (width - _width(cell))


def _width(text: str) -> int:
    """Columns on a terminal: a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)
