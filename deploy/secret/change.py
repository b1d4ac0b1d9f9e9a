"""Another master secret, or other algorithms, for all that an installation has sealed.

The platform is stopped meanwhile: its processes hold the old secret. From the first row on the database says so itself, and no
process starts on it; whoever is interrupted gives the same command again. Only once everything opens by the new secret alone is
the database that secret's.
"""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit
from uuid import UUID

import asyncpg
import msgspec

from core import secrecy
from core.database import execute, fetch, fetchrow, fetchval
from core.ledger.note import note
from core.secrecy import Vault
from deploy.backup.manifest import Seal
from deploy.opening import OPERATOR
from deploy.problem import Problem
from deploy.secret.turn import Count, forget, turn
from tenants.database.session import owner_session
from tenants.database.vault import mark_of
from tenants.ground.environment import database_url
from tenants.ground.files import county_files

Say = Callable[[str], None]
Keep = Callable[[], None]
"""Called once the change is sure to begin, before anything is sealed by the new secret: where that is kept, it is by then."""
MOST_TOLD = 20
NOT_BEGUN = "这个数据库还没有升级到当前版本，没有改动。请先执行 dangwu migrate，再更换密钥。"


class _County(msgspec.Struct, frozen=True):
    id: UUID
    name: str


async def change(old: Seal, new: Seal, say: Say, keep: Keep) -> None:
    """Seal by `new` what is sealed by `old`, and see that it all opens; nothing is left to do where that was done already.
    Raises Problem."""
    before, after = old.vault(), new.vault()
    if not await _begun(before, after, keep):
        say(f"这个数据库已经在用指纹为 {new.fingerprint} 的密钥，没有改动。")
        return
    secrecy.install(*new.installed())
    lost: dict[str, list[str]] = {}
    for county in await _counties():
        codes = await forget(county.id)
        lost[county.name] = await _turned(county, after, before)
        said = f"{county.name}：已换成新的密钥。"
        say(said + (f"{codes} 个账号的备用恢复码作废，须由本人重新生成。" if codes else ""))
    for county in await _counties():
        if (found := await _checked(county, after)) != lost[county.name]:
            raise Problem(
                f"{county.name}核对没有通过：{_listed(found)}。请再执行一次。没有换完以前平台不能启动。"
            )
        if found:
            say(f"{county.name}有 {len(found)} 处在更换之前就已打不开，原样保留：{_listed(found)}。")
        await _noted(county, old, new)
    async with owner_session():
        await execute("update installation set mark = $1, turning = null", mark_of(after))
    say(
        f"已逐一核对，全部改用指纹为 {new.fingerprint} 的密钥（{new.crypto}）。旧的密钥只用来恢复以前的备份。"
    )


async def _begun(old: Vault, new: Vault, keep: Keep) -> bool:
    """Let the database say that it is being sealed anew; False where it has been. Raises Problem unless it is `old`'s."""
    try:
        async with owner_session():
            row = await fetchrow("select mark, turning from installation for update")
            if row is not None and row["mark"] == mark_of(new) and row["turning"] is None:
                return False
            under_way = _refuse_other(row, old, new)
            keep()
            await execute("update installation set turning = $1", mark_of(new))
    except (asyncpg.UndefinedColumnError, asyncpg.UndefinedTableError):
        raise Problem(NOT_BEGUN) from None
    # Said first, looked at then: whoever starts from here on is stopped by it.
    async with owner_session():
        connected = await fetchval(_CONNECTED, urlsplit(database_url()).username)
        if connected and not under_way:
            await execute("update installation set turning = null")
    if connected:
        raise Problem(
            f"平台还在运行（{connected} 个数据库连接），没有改动。请先停止网页、后台任务和转发各进程，再更换密钥；"
            "中间有连接池（PgBouncer）的，也请停止。"
        )
    return True


_CONNECTED = """
    select count(*) from pg_stat_activity
    where usename = $1 and datname = current_database() and pid <> pg_backend_pid()
"""
"""What an application writes that is connected would be sealed by the old secret."""


def _refuse_other(row: asyncpg.Record | None, old: Vault, new: Vault) -> bool:
    """Whether this change is under way. Raises Problem for a database that is not `old`'s, or is on its way to another."""
    if row is None:
        raise Problem(NOT_BEGUN)
    if row["mark"] != mark_of(old):
        raise Problem("DANGWU_SECRET 或 DANGWU_CRYPTO 不是这个数据库现在用的，没有改动。请核对旧的密钥。")
    if row["turning"] not in (None, mark_of(new)):
        raise Problem(
            "这个数据库正在换成另一个密钥，没有换完。请用当时给出的新密钥再执行一次，换完以后再换别的。"
        )
    return row["turning"] is not None


async def _counties() -> list[_County]:
    async with owner_session():
        return [_County(*row.values()) for row in await fetch("select id, name from county order by slug")]


async def _turned(county: _County, new: Vault, old: Vault) -> list[str]:
    count = Count()
    await turn(county.id, new, old, count)
    return sorted(count.lost + [f"附件 {one}" for one in county_files(county.id).turn(old)])


async def _checked(county: _County, new: Vault) -> list[str]:
    count = Count()
    await turn(county.id, new, None, count)
    if count.written:
        raise Problem(f"{county.name}有 {count.written} 行的检索值与密文不符，没有换完。请再执行一次。")
    return sorted(count.lost + [f"附件 {one}" for one in county_files(county.id).broken()])


async def _noted(county: _County, old: Seal, new: Seal) -> None:
    async with owner_session(county.id):
        said = await fetchval(
            "select exists (select from ledger_entry where verb = 'secret.changed' and said::jsonb ->> 'to' = $1)",
            new.fingerprint,
        )
        if not said:
            await note(
                OPERATOR, "secret.changed", "county", county.id,
                former=old.fingerprint, to=new.fingerprint, crypto=new.crypto,
            )  # fmt: skip


def _listed(lost: list[str]) -> str:
    more = f" 等 {len(lost)} 处" if len(lost) > MOST_TOLD else ""
    return "、".join(lost[:MOST_TOLD]) + more
