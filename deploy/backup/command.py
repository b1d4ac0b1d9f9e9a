"""`dangwu backup` and `dangwu restore`."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from argparse import Namespace
from pathlib import Path

from pyrage.x25519 import Identity, Recipient

from core.secrecy import Vault
from deploy.backup import key
from deploy.backup.archive import opened
from deploy.backup.manifest import DUMP, FILES, Manifest, Seal
from deploy.backup.restore import fill, unpack
from deploy.backup.take import Source, take
from deploy.embedded.folder import DataFolder
from deploy.embedded.servers import Servers, running
from deploy.noted import at_the_shell, deed, is_kept
from deploy.platform import Platform, platform
from deploy.problem import Problem
from deploy.settings import Settings

NO_ROLE = (
    "使用外部数据库时，备份须设置 DANGWU_BACKUP_DATABASE_URL：备份用能读全部数据的角色 dangwu_backup 的地址，"
    "恢复用数据库管理员连到新建的空数据库的地址。见 deploy/settings.md。"
)


def backup(given: Namespace) -> str:
    """A new key, or a backup into the file that is named; what was done, in sentences. Raises Problem."""
    if given.new_key:
        made = key.make(given.new_key)
        return (
            f"钥匙已写入 {given.new_key}。请另存一份在这个平台的机器之外：没有它，任何备份都打不开。\n"
            f"平台的机器上只需要它的公开部分，设置环境变量：\nDANGWU_BACKUP_TO={made}"
        )
    if given.file is None:
        raise Problem("请写明备份写到哪个文件，例如：dangwu backup /backup/2026-11-29.dangwu")
    settings = Settings.read()
    to = key.recipient(settings.backup_to)
    with platform(settings, join=True) as made_ready:
        url = whole_url(made_ready, settings)
        source = Source(
            url, made_ready.settings.data / FILES, seal_of(made_ready.settings), settings.embedded and not settings.secret,
            made_ready.settings.ledger_key if settings.embedded and not settings.ledger_key else None,
        )  # fmt: skip
        said = asyncio.run(_taken(source, given.file, to, made_ready.settings))
    absent = f"\n其中 {len(said.absent)} 个附件的文件在备份前就已不在存储中。" if said.absent else ""
    needs = f"恢复时要用指纹为 {said.fingerprint} 的密钥（DANGWU_SECRET）。"
    return f"已备份到 {given.file}：{_summary(said)}。{needs}{absent}"


async def _taken(source: Source, file: Path, to: Recipient, settings: Settings) -> Manifest:
    if not (settings.owner_database_url and await is_kept()):
        return await take(source, file, to)
    async with deed(at_the_shell(), "backed-up", "", str(file)) as done:
        said = await take(source, file, to)
        done.said = f"{file}：{_summary(said)}"
    return said


def whole_url(ready: Platform, settings: Settings) -> str:
    """The address of whoever reads all rows, `settings` being those that were given. Raises Problem where none is named."""
    if not settings.embedded:
        url = settings.backup_database_url
    elif ready.servers is not None:
        url = ready.servers.addresses.whole_url
    else:
        found = running(settings.data)
        url = found.whole_url if found else None
    if not url:
        raise Problem(NO_ROLE)
    return url


def restore(given: Namespace) -> str:
    """The backup brought back, into a data folder (embedded) or a database where nothing is yet. Raises Problem."""
    settings, held = Settings.read(), key.read(given.key)
    if settings.embedded:
        return _embedded(given.file, held, settings)
    if not settings.backup_database_url:
        raise Problem(NO_ROLE)
    files = settings.data / FILES
    if files.exists() and any(files.iterdir()):
        raise Problem(f"{files} 里已经有文件。请恢复到一个空的数据目录。")
    settings.data.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=settings.data, prefix="restore-") as beside:
        with opened(given.file, held) as tar:
            said = unpack(tar, Path(beside), lambda one: same_seal(one, seal_of(settings)))
        asyncio.run(fill(settings.backup_database_url, Path(beside) / DUMP, said))
        _settle(Path(beside), files)
    return f"已恢复：{_summary(said)}。"


def _embedded(file: Path, held: Identity, settings: Settings) -> str:
    folder = DataFolder(settings.data)
    if folder.path.exists() and any(folder.path.iterdir()):
        raise Problem(
            f"数据目录 {folder.path} 不是空的。请用 DANGWU_DATA 指定一个新的目录，恢复好以后用它启动。"
        )
    folder.path.mkdir(parents=True, exist_ok=True)
    try:
        with tempfile.TemporaryDirectory(dir=folder.path, prefix="restore-") as beside:
            with opened(file, held) as tar:
                said = unpack(
                    tar,
                    Path(beside),
                    lambda one: same_seal(one, Seal(settings.secret or one.secret or "", settings.crypto)),
                )
            if said.secret is not None:
                folder.keep(said.secret, said.ledger_key or "")
            with Servers(folder.path) as servers:
                asyncio.run(fill(servers.addresses.whole_url, Path(beside) / DUMP, said))
            _settle(Path(beside), folder.files)
    except BaseException:
        shutil.rmtree(folder.path)  # it was empty: what is half brought back helps nobody
        raise
    return f"已恢复到 {folder.path}：{_summary(said)}。现在可以用这个数据目录启动：dangwu serve"


def seal_of(settings: Settings) -> Seal:
    """By what an installation seals."""
    return Seal(settings.secret or "", settings.crypto)


def same_seal(said: Manifest, seal: Seal) -> Vault:
    """The vault by which a backup's files are sealed. Raises Problem where it is another."""
    if seal.mark != said.mark:
        raise Problem(
            "DANGWU_SECRET 或 DANGWU_CRYPTO 与备份时的不同，身份证号等密文会无法读出。"
            f"这份备份要用指纹为 {said.fingerprint} 的密钥，现在给的是 {seal.fingerprint}。"
            "请设为备份时的值，再恢复；恢复以后可以用 dangwu secret change 换成现在的。"
        )
    return seal.vault()


def _settle(held: Path, files: Path) -> None:
    if (held / FILES).exists():
        shutil.copytree(held / FILES, files, dirs_exist_ok=True, copy_function=shutil.move)


def _summary(said: Manifest) -> str:
    at = said.made_at.astimezone().strftime("%Y-%m-%d %H:%M:%S")
    counts = said.counts
    return (
        f"{at} 的数据，{counts.get('county', 0)} 个县、{counts.get('person', 0)} 名人员、{said.files} 个附件"
    )
