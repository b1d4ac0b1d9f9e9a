"""The key that opens backups: made once, kept away from the database's machine, which needs only its public part."""

from __future__ import annotations

import os
from pathlib import Path

import pyrage
from pyrage.x25519 import Identity, Recipient

from deploy.problem import Problem, why


def make(file: Path) -> Recipient:
    """Write a new key, readable by us only; its public part. Raises Problem if the file is there or cannot be written."""
    made = Identity.generate()
    try:
        with open(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as out:
            out.write(f"{made}\n")
    except FileExistsError:
        raise Problem(f"{file} 已经存在，没有改动它。请换一个文件名。") from None
    except OSError as error:
        raise Problem(f"不能写入 {file}（{why(error)}）。请换一个位置。") from error
    return made.to_public()


def read(file: Path) -> Identity:
    """The key in a file. Raises Problem."""
    try:
        return Identity.from_str(file.read_text("ascii").strip())
    except (OSError, UnicodeDecodeError, pyrage.IdentityError) as error:
        raise Problem(
            f"{file} 不是备份的钥匙，或者读不出来。钥匙由 dangwu backup --new-key 生成，内容以 AGE-SECRET-KEY- 开头。"
        ) from error


def recipient(text: str | None) -> Recipient:
    """Whom backups are sealed for, as DANGWU_BACKUP_TO names him. Raises Problem."""
    try:
        return Recipient.from_str((text or "").strip())
    except pyrage.RecipientError as error:
        raise Problem(
            "备份只写成密文：请先在另一台机器上执行 dangwu backup --new-key 文件名 生成钥匙，"
            "把打印的 age1… 写入这台机器的环境变量 DANGWU_BACKUP_TO。钥匙文件不要放在这台机器上。"
        ) from error
