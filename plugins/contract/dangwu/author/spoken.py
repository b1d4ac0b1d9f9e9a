"""What `argparse` itself says, in Chinese: refusals of what was typed, and the headings of its help."""

from __future__ import annotations

import argparse

SAID = {
    "usage: ": "用法：",
    "positional arguments": "依次写",
    "options": "可以加写",
    "show this help message and exit": "显示这份说明",
    "%(prog)s: error: %(message)s\n": "%(message)s。没有办理。请用 %(prog)s --help 查看写法。\n",
    "argument %(argument_name)s: %(message)s": "%(argument_name)s：%(message)s",
    "the following arguments are required: %s": "还没有写：%s",
    "unrecognized arguments: %s": "没有这样的写法：%s",
    "ambiguous option: %(option)s could match %(matches)s": "%(option)s 可以是 %(matches)s，请写全",
    "invalid choice: %(value)r (choose from %(choices)s)": "没有“%(value)s”，可选的有 %(choices)s",
    "invalid %(type)s value: %(value)r": "“%(value)s”的写法不对",
    "expected one argument": "后面要写一个值",
    "expected at least one argument": "后面至少要写一个值",
    "expected at most one argument": "后面最多写一个值",
    "expected %s argument": "后面要写 %s 个值",
    "expected %s arguments": "后面要写 %s 个值",
    "ignored explicit argument %r": "后面不写值，写了“%s”",
    "not allowed with argument %s": "不能和 %s 一起写",
    "one of the arguments %s is required": "须写明其中一项：%s",
}
"""As it stands in the library → ours, with the same places to fill in."""


def speak_chinese() -> None:
    """Have every parser that is made from now on say it so, whatever the language of the terminal.

    The library looks its texts up through `gettext`, under these two names; a catalogue of gettext's own would be chosen by
    the terminal's LANG, which on a server is mostly none of Chinese.
    """
    vars(argparse).update(_=_said, ngettext=_counted)


def _said(text: str) -> str:
    return SAID.get(text, text)


def _counted(one: str, several: str, number: int) -> str:
    return _said(one if number == 1 else several)
