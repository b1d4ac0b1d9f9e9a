"""What keeps the platform from starting, as the operator reads it."""

from __future__ import annotations

import errno
from argparse import Namespace


class Problem(Exception):
    """One or more whole Chinese sentences: what happened and what to do. A command prints them and ends with 1."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


_WHY = {
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.EROFS: "所在的盘是只读的",
    errno.ENOSPC: "磁盘已满",
    errno.EDQUOT: "超过了磁盘配额",
    errno.ENOENT: "上级目录不存在",
    errno.ENOTDIR: "路径中有一段是文件，不是目录",
    errno.EADDRNOTAVAIL: "本机没有这个地址",
}


def why(error: OSError) -> str:
    """What the system says was in the way, in Chinese where we have met it."""
    return _WHY.get(error.errno or 0) or error.strerror or type(error).__name__


def refuse_idle(given: Namespace, command: str, read: str, **typed: str) -> None:
    """Raise Problem for what was typed and `command` does nothing with: whoever typed it expects something else to happen.

    `typed` are the options that are not every command's, attribute → as people type them; `read` those that this one reads.
    """
    if idle := [said for name, said in typed.items() if name not in read.split() and getattr(given, name)]:
        raise Problem(
            f"{command} 用不到 {'、'.join(idle)}，没有办理。请去掉以后再执行，或者用 --help 查看写法。"
        )
