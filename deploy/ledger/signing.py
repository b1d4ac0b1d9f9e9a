"""The key that signs the ledgers: exchanged for another one (`dangwu ledger renew`), and taken over from another place (`adopt`).

Former epochs stay verifiable: the first one under the new key names the former key, and both have signed it.
"""

from __future__ import annotations

import asyncio
from argparse import Namespace
from base64 import b64decode
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from core.errors import Conflict
from core.ledger.close import Signer, hand_over, last_head, public
from core.ledger.epoch import mark
from core.ledger.note import note
from core.text import one_line
from deploy.embedded.folder import DataFolder
from deploy.inside import inside
from deploy.opening import OPERATOR, named
from deploy.platform import platform
from deploy.problem import Problem
from deploy.settings import Settings
from tenants.counties import CountyView, counties
from tenants.database.session import county_session
from tenants.ground.environment import ledger_key

NO_NEW = (
    "没有给出新的签名密钥，没有改动。请设环境变量 DANGWU_NEW_LEDGER_KEY（可用 openssl rand -base64 32 生成）；"
    "旧的仍是 DANGWU_LEDGER_KEY。旧的已经丢失的，把 DANGWU_LEDGER_KEY 设成新的，用 dangwu ledger adopt。"
)
GIVEN = "旧密钥是 DANGWU_LEDGER_KEY，新密钥是 DANGWU_NEW_LEDGER_KEY（可用 openssl rand -base64 32 生成）。"
ADOPT = "dangwu ledger adopt --county {} --because 依据"
NO_OWN = "没有设 DANGWU_LEDGER_KEY，不知道以后用哪个密钥签名。请按 deploy/settings.md 设好再办。"


def renew() -> None:
    """Sign everywhere by another key from now on. Raises Problem, DomainError."""
    settings = Settings.read()
    # The embedded platform made its key itself; it is stopped meanwhile, for its worker has the old one.
    folder = DataFolder(settings.data) if settings.embedded and not settings.ledger_key else None
    with platform(settings, join=folder is None) as ready:
        new = settings.new_ledger_key or (folder.next_ledger() if folder else None)
        if not (new and ready.settings.ledger_key):
            raise Problem(NO_NEW)
        if folder:
            folder.sign_by(new, ended=False)
        signer = Signer(_key(new), _key(ready.settings.ledger_key))
        changed = asyncio.run(_everywhere(signer))
        if folder:
            folder.sign_by(new, ended=True)
    print(f"{changed}以后各期由公钥以 {mark(public(signer.key))} 开头的密钥签名，以前各期照样能核对。")
    if folder is None:
        print(
            "请把各后台任务进程的 DANGWU_LEDGER_KEY 换成新的，去掉 DANGWU_NEW_LEDGER_KEY，再启动；换好以前日志照记，暂不封存。"
        )


def _key(given: str) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(b64decode(given))


async def _everywhere(signer: Signer) -> str:
    async with inside():
        every = await counties()
        if foreign := [one.name for one in every if await _signed_by(one, signer) is None]:
            raise Problem(
                f"{'、'.join(foreign)}的日志不是 DANGWU_LEDGER_KEY 签名的（从别处搬来，或以前换过密钥），没有改动。"
                "请核对旧密钥；确实拿不到原来的密钥的，先用 dangwu ledger adopt 接过来。"
            )
        try:
            return "".join([await _handed(one, signer, "") for one in every])
        except Conflict as refused:
            raise Problem(f"{refused.sentence}{GIVEN}") from refused


async def _signed_by(county: CountyView, signer: Signer) -> Ed25519PrivateKey | None:
    """Which of the two has signed its newest epoch (where there is none: the new one will); None for neither."""
    async with county_session(county.id):
        last = await last_head()
    known = {public(one): one for one in (signer.key, signer.former) if one is not None}
    return signer.key if last is None else known.get(last.key)


async def _handed(county: CountyView, signer: Signer, because: str) -> str:
    """Hand one ledger over: a sentence about it; "" where the new key signs already."""
    if await _signed_by(county, signer) is signer.key:
        return ""
    async with county_session(county.id):
        last = await last_head()
        assert last is not None
        await hand_over(county.id, signer)
        # Of the epoch after: it is the new key that vouches for who has brought it.
        await note(
            OPERATOR, "ledger.key-changed", "county", county.id,
            former=mark(last.key), to=mark(public(signer.key)), because=because,
        )  # fmt: skip
    return f"{county.name}：第 {last.number} 期及以前由公钥以 {mark(last.key)} 开头的密钥签名。\n"


async def foreign(county: UUID) -> str:
    """By which key a ledger is signed, if it is not known to be our own; else ""."""
    own = ledger_key()
    async with county_session(county):
        last = await last_head()
    if last is None or (own is not None and last.key == public(own)):
        return ""
    return f"由公钥以 {mark(last.key)} 开头的密钥签名的"


async def adopt(given: Namespace) -> None:
    """Go on by our own key where another one has signed that we do not have. Raises Problem, DomainError."""
    own = ledger_key()
    if own is None:
        raise Problem(NO_OWN)
    because = one_line("because", "接过来的依据", given.because, most=200)
    signer = Signer(own)
    async with inside():
        chosen = [await named(given.county)] if given.county else await counties()
        said = "".join([await _handed(one, signer, because) for one in chosen])
    print(
        f"{said}以后由公钥以 {mark(public(signer.key))} 开头的密钥签名。原来的密钥没有签字移交：请留存以前导出的根，供对照。"
        if said
        else "没有要接过来的：各期都是现在的密钥签名的，没有改动。"
    )
