"""The plugins that are installed here: found once per process."""

from __future__ import annotations

import os
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

import msgspec

import dangwu
from core.errors import NotFound
from dangwu.plugins import Plugins, discover
from dangwu.policy import Policy


@lru_cache(maxsize=1)
def installed() -> Plugins:
    """National and local policies: installed packages, and the files in the folder DANGWU_PLUGINS."""
    folder = os.environ.get("DANGWU_PLUGINS", "")
    return discover(Path(folder) if folder else None)


@lru_cache(maxsize=1)
def fingerprint() -> str:
    """Tells apart two sets of installed policies: standings that were worked out under another one are not today's."""
    everything = (dangwu.__version__, installed().national, sorted(installed().policies.items()))
    return sha256(msgspec.json.encode(everything, order="deterministic")).hexdigest()[:16]


def policy(plugin: str) -> Policy:
    """The policy of a plugin that can be adopted. Raises NotFound."""
    found = installed().policies.get(plugin)
    if found is None:
        raise NotFound(f"没有安装名为“{plugin}”的政策插件。请从政策列表中选择，或请平台管理员安装。")
    return found
