"""Checks that every context makes of what people type: one line of text, a date that has come."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import date

from core.errors import Invalid

_IDENTIFIER = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def tidy(text: str) -> str:
    """`text` without control and invisible characters, runs of blanks made one, none at the ends."""
    if text.isprintable():  # then it has none of these, and no blank but the usual one
        return " ".join(text.split())
    visible = "".join(
        " " if unicodedata.category(letter) in ("Zs", "Zl", "Zp", "Cc") else letter for letter in text
    )
    return " ".join("".join(letter for letter in visible if unicodedata.category(letter) != "Cf").split())


_NO_LETTERS = frozenset({"So", "Cc", "Cs", "Cn"})


def no_letter(text: str) -> str | None:
    """The first character that no name has: a picture, < or >, what is no character at all."""
    return next((one for one in text if one in "<>" or unicodedata.category(one) in _NO_LETTERS), None)


def name_of(field: str, title: str, text: str | None, *, most: int) -> str:
    """A name: as one_line, without pictures, < and >. Raises Invalid that names the field."""
    clean = one_line(field, title, text, most=most)
    if (sign := no_letter(clean)) is not None:
        sentence = f"{title}“{clean}”里的“{sign}”不是文字。请删去后再保存。"
        raise Invalid(sentence, fields={field: sentence})
    return clean


def one_line(field: str, title: str, text: str | None, *, most: int) -> str:
    """Tidied text of 1 to `most` characters. Raises Invalid that names the field."""
    clean = tidy(text or "")
    if not clean:
        raise Invalid(f"没有填写{title}。请填写后再保存。", fields={field: f"请填写{title}。"})
    if len(clean) > most:
        raise Invalid(
            f"{title}有 {len(clean)} 个字，最多 {most} 个字。请缩短。", fields={field: f"最多 {most} 个字。"}
        )
    return clean


def lines(field: str, title: str, text: str, *, most: int) -> str:
    """Text of several tidied lines, at most `most` characters in all; none is "". Raises Invalid that names the field."""
    clean = "\n".join(tidy(line) for line in text.splitlines()).strip()
    if len(clean) > most:
        sentence = f"{title}有 {len(clean)} 个字，最多 {most} 个字。请缩短，或者作为附件上传。"
        raise Invalid(sentence, fields={field: sentence})
    return clean


LONGEST_REMARK = 1000


def remark(text: str) -> str:
    """A tidied remark of at most 1,000 characters; none is "". Raises Invalid (field `note`)."""
    return one_line("note", "备注", text, most=LONGEST_REMARK) if tidy(text) else ""


def refuse_malformed(field: str, words: Iterable[str]) -> None:
    """Raise Invalid when one of the words is no identifier of a policy (kebab-case)."""
    wrong = sorted(word for word in words if not _IDENTIFIER.fullmatch(word))
    if wrong:
        raise Invalid(f"不认识“{wrong[0]}”。请从列出的选项中选择。", fields={field: "请从列出的选项中选择。"})


def refuse_future(field: str, title: str, day: date, today: date) -> None:
    """Raise Invalid when `day` is after `today`."""
    if day > today:
        sentence = f"{title} {day} 还没有到（今天是 {today}）。请填写已经发生的日期。"
        raise Invalid(sentence, fields={field: f"{title}不能晚于今天。"})
