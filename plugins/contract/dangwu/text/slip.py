"""Why a text is not YAML, as its author would say it: the library's complaints in Chinese, and slips of a Chinese keyboard."""

from __future__ import annotations

import re

import yaml

_WORDS = (
    (r"mapping values are not allowed", "冒号的位置不对"),
    (r"could not find expected ':'", "缺少冒号，或缩进不对"),
    (r"chomping or indentation|block scalar|cannot start any token", '比例前后要加引号，例如 ">1/2"'),
    (r"did not find expected '-' indicator|did not find expected key", "缩进不一致，或引号、括号没有成对"),
    (
        r"unexpected end of stream|expected node content|did not find expected ',' or|found unexpected end",
        "引号或括号没有成对",
    ),
    (r"did not find expected <document start>", "开头的缩进不对，或有多余的内容"),
    (r"alphabetic or numeric|anchor|alias", "“*”“&”有特别的意思，前后要加引号"),
    (r"tag", "“!”有特别的意思，前后要加引号"),
    (r"escape", "引号里的反斜线“\\”有特别的意思，请改用单引号"),
)


def said(error: yaml.YAMLError, text: str) -> str:
    """The complaint in Chinese; a rare one says only that it cannot be read."""
    problem = str(getattr(error, "problem", None) or error)
    mark = getattr(error, "problem_mark", None)
    # What is lacking at the end is marked behind the last line.
    lines = text.split("\n")
    at = lines[mark.line][mark.column :] if mark and mark.line < len(lines) else ""
    if at.startswith("\t"):
        return "用了制表符（Tab），应改用空格"
    if at[:1] in ("@", "`", "%"):
        return f"“{at[0]}”不能写在开头，前后要加引号"
    return next((chinese for english, chinese in _WORDS if re.search(english, problem)), "读不懂这一行")


_SLIPS = (
    (re.compile(r"^\s*(?:- )?[a-z_-]+："), "用了全角冒号，应改用半角冒号，后面空一格"),
    (re.compile(r"^\s*(?:- )?[a-z_-]+:[^\s:/]"), "冒号后面要空一格"),
    (re.compile(r"[a-z0-9_\]}-]，|，\s*[a-z_-]+\s*[:：]"), "用了全角逗号，应改用半角逗号"),
    (re.compile(r"[{,]\s*[a-z_-]+："), "用了全角冒号，应改用半角冒号，后面空一格"),
    (re.compile(r":\s*[｛［【]|[｝］】]\s*$"), "用了全角括号，应改用半角括号"),
    (re.compile(r"^ *\u3000"), "缩进用了全角空格，应改用半角空格"),
)


_FULL = (
    (re.compile(r"[０-９]"), "用了全角数字，应改用半角数字"),
    (re.compile(r"^[｛［【]|[｝］】]$"), "用了全角括号，应改用半角括号"),
    (re.compile(r"[a-z0-9-]／"), "用了全角斜杠，应改用半角斜杠"),
)


def full_width(value: str) -> str:
    """What of a value's letters is as wide as Chinese ones and should not be; "" where nothing is."""
    return next((sentence for form, sentence in _FULL if form.search(value[:2000])), "")


def slip(text: str, line: int) -> tuple[int, str] | None:
    """What is probably meant by a complaint about `line` (0 is the first): the slip on it or just before, with its line."""
    lines = text.splitlines()
    for number in range(min(line, len(lines) - 1), max(line - 3, -1), -1):
        for form, sentence in _SLIPS:
            if form.search(lines[number][:2000]):
                return number, sentence
    return None
