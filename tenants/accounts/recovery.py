"""Recovery codes: each stands once for the second factor of whoever has not got his telephone with him."""

from __future__ import annotations

import secrets
from uuid import UUID

from core.secrecy import vault
from tenants.database.session import current_session

COUNT = 10
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""None that are easily confused."""


async def issue(account_id: UUID) -> tuple[str, ...]:
    """New ones instead of all there were; they are kept as digests only."""
    codes = tuple("-".join(_part() for _ in range(3)) for _ in range(COUNT))
    session = current_session()
    await session.execute("delete from recovery_code where account_id = $1", account_id)
    await session.execute(
        "insert into recovery_code (account_id, digest) select $1, unnest($2::bytea[])",
        account_id, [_digest(account_id, code) for code in codes],
    )  # fmt: skip
    return codes


async def use(account_id: UUID, code: str) -> bool:
    """Whether the code is one of his that was not used; now it is."""
    done = await current_session().execute(
        "update recovery_code set used_at = now() where account_id = $1 and digest = $2 and used_at is null",
        account_id, _digest(account_id, code.strip().lower()),
    )  # fmt: skip
    return done == "UPDATE 1"


async def left(account_id: UUID) -> int:
    """How many can still be used."""
    found: int = await current_session().fetchval(
        "select count(*) from recovery_code where account_id = $1 and used_at is null", account_id
    )
    return found


def _part() -> str:
    return "".join(secrets.choice(_LETTERS) for _ in range(4))


def _digest(account_id: UUID, code: str) -> bytes:
    return vault().blind(f"account.recovery {account_id}", code)
