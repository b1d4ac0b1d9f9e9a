"""Passwords that an account has had: the last few are not taken again."""

from __future__ import annotations

from uuid import UUID

from core.errors import Invalid
from tenants.accounts.passwords import matches
from tenants.database.session import current_session

KEPT = 5
"""How many, besides the present one."""

AGAIN = f"这是您最近用过的密码（最近 {KEPT} 个不能再用）。请换一个新的。"


async def refuse_former(account_id: UUID, password: str) -> None:
    """Raise Invalid (field `password`) for one of the last few. Each takes as long to compare as a sign-in."""
    rows = await current_session().fetch(
        "select password_hash from former_password where account_id = $1 order by id desc limit $2",
        account_id,
        KEPT,
    )
    for row in rows:
        if await matches(row["password_hash"], password):
            raise Invalid(AGAIN, fields={"password": AGAIN})


async def put_away(account_id: UUID) -> None:
    """Before it is replaced: the present one becomes a former one; of older ones nothing stays."""
    session = current_session()
    await session.execute(
        "insert into former_password (account_id, password_hash) select id, password_hash from account where id = $1",
        account_id,
    )
    await session.execute(
        "delete from former_password where account_id = $1 and id not in"
        " (select id from former_password where account_id = $1 order by id desc limit $2)",
        account_id, KEPT,
    )  # fmt: skip
