"""What this installation seals by: its secret and its algorithms, and that they are those by which its database is sealed."""

from __future__ import annotations

import os
from base64 import b64decode

from core import secrecy
from core.secrecy import Vault
from tenants.database.session import Session, global_session, owner_session
from tenants.ground.environment import NotConfigured, setting

CRYPTO = "DANGWU_CRYPTO"


def install() -> None:
    """Let this process seal and open. Raises NotConfigured."""
    secrecy.install(b64decode(setting("DANGWU_SECRET")), os.environ.get(CRYPTO) or secrecy.USUAL)


def mark_of(vault: Vault) -> bytes:
    """By which a database is known to be sealed by this vault."""
    return vault.blind("installation", "mark")


async def begin() -> None:
    """Remember, as the owner of the tables and once for all, by what this database is sealed. Raises NotConfigured where it was
    begun by something else: values would not open, and nobody be found by his number."""
    install()
    async with owner_session() as session:
        await session.execute(
            "insert into installation (mark) values ($1) on conflict do nothing", mark_of(secrecy.vault())
        )
        await _compare(session)


async def check() -> None:
    """The same before a process works. Raises NotConfigured."""
    async with global_session() as session:
        await _compare(session)


async def _compare(session: Session) -> None:
    row = await session.fetchrow("select mark, turning from installation")
    if row is None:
        return
    if row["turning"] is not None:
        raise NotConfigured(
            "正在更换 DANGWU_SECRET，还没有换完：一部分密文用旧的、一部分用新的才能打开。没有启动。"
            "请用同样的新旧密钥再执行一次 dangwu secret change，它从停下的地方接着办。"
        )
    if row["mark"] != mark_of(secrecy.vault()):
        raise NotConfigured(
            f"DANGWU_SECRET 或 {CRYPTO} 与开始使用这个数据库时的不同：已有的身份证号等密文打不开，按号码也查不到人。"
            "没有启动，数据未作改动。请改回原来的值；要换成新的，见 dangwu secret change。"
        )
