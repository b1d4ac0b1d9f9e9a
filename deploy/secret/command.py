"""`dangwu secret` as it is typed. Secrets come from the environment: what is typed is read by whoever lists the processes."""

from __future__ import annotations

import asyncio
from argparse import Namespace

from deploy.backup.manifest import Seal
from deploy.embedded.folder import DataFolder
from deploy.platform import Platform, platform, require_founded
from deploy.problem import Problem
from deploy.secret.change import change
from deploy.settings import Settings


def secret(given: Namespace) -> None:
    """Show by which secret this platform seals, or change it. Raises Problem."""
    settings = Settings.read()
    require_founded(settings)
    if given.act == "show":
        with platform(settings, join=True) as ready:
            now = _seal(ready)
            print(f"这里的密钥：指纹 {now.fingerprint}（{now.crypto}）。")
        return
    # A secret of the settings is kept elsewhere.
    folder = DataFolder(settings.data) if settings.embedded and not settings.secret else None
    new_secret = settings.new_secret or (folder.secrets().next_key if folder else "")
    if not (new_secret or settings.new_crypto):
        raise Problem(
            "没有给出新的密钥，没有改动。请设环境变量 DANGWU_NEW_SECRET（可用 openssl rand -base64 32 生成），"
            "要换算法的设 DANGWU_NEW_CRYPTO；旧的仍是 DANGWU_SECRET、DANGWU_CRYPTO。"
        )
    with platform(settings) as ready:
        old = _seal(ready)
        new = Seal(new_secret or old.secret, settings.new_crypto or old.crypto)
        asyncio.run(
            change(old, new, print, lambda: folder.seal_by(new.secret, ended=False) if folder else None)
        )
    if folder:
        folder.seal_by(new.secret, ended=True)
    print(f"以后启动：{_afterwards(new, kept=folder is not None)}")


def _seal(ready: Platform) -> Seal:
    return Seal(ready.settings.secret or "", ready.settings.crypto)


def _afterwards(new: Seal, *, kept: bool) -> str:
    """What has to be set now."""
    secret = "新的密钥已存在数据目录里" if kept else "把 DANGWU_SECRET 改成新的密钥"
    return f"{secret}，DANGWU_CRYPTO={new.crypto}，去掉 DANGWU_NEW_SECRET 和 DANGWU_NEW_CRYPTO；所有人重新登录一次。"
