"""The text that somebody has written into a file, or a sentence that says why it cannot be read."""

from __future__ import annotations

import errno

from dangwu.errors import PolicyError

_OTHERS = (("utf-16", ("\xff\xfe", "\xfe\xff"), "UTF-16"), ("gb18030", (), "GBK"))
_SAID = {
    errno.ENOENT: "没有这个文件",
    errno.EISDIR: "这是文件夹",
    errno.ENOTDIR: "路径中间有一段不是文件夹",
    errno.EEXIST: "已经有了",
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.EROFS: "那里只能读，不能写",
    errno.ELOOP: "链接绕成了圈",
    errno.ENAMETOOLONG: "名称太长",
    errno.ENOSPC: "磁盘满了",
}


def decoded(content: bytes, where: str) -> str:
    """The text of a file in UTF-8, its lines ended as we end them. Raises PolicyError that says in what else it seems to be."""
    try:
        text = content.decode()
    except UnicodeDecodeError as error:
        seems = _seems(content)
        meant = f"像是 {seems} 编码的文字" if seems else f"第 {error.start + 1} 个字节起不是文字"
        raise PolicyError([f"读不了文件 {where}：{meant}。请检查路径，文件应另存为 UTF-8 编码。"]) from error
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _seems(content: bytes) -> str:
    for codec, marks, name in _OTHERS:
        if marks and not content.decode("latin-1").startswith(marks):
            continue
        try:
            text = content.decode(codec)
        except UnicodeDecodeError:
            continue
        if text.replace("\r", "").replace("\n", "").replace("\t", "").isprintable():
            return name
    return ""


def refused(error: OSError) -> str:
    """Why the system lets a file not be read or written: one sentence."""
    named = f"“{error.filename}”" if error.filename else "文件"
    why = _SAID.get(error.errno or 0) or error.strerror or type(error).__name__
    return f"不能读写{named[:200]}：{why}。请检查路径和权限。"


__all__ = ["decoded", "refused"]
