"""What is typed into a blank, read in its own type and shown again; words by their Chinese names, as a clerk writes them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from core.pinyin import syllables
from dangwu import Blank, Policy, Share, wanted
from tenants.policies.check import LONGEST_TEXT
from tenants.policies.words import all_words
from web.kit.forms import Form

_SEPARATORS = re.compile(r"[\n、，,；;]+")
_NEW = re.compile(r"^新增\s*[:：]\s*(.+)$")
MOST_CHOICES = 20
"""Names that a hint lists; where there are more, most are those of other policies and tell him nothing."""

_HINTS = {
    "text": "填文字，不超过 500 字。",
    "number": "只填数字，例如 15。",
    "share": "填比例：“>1/2”表示超过一半，“>=2/3”表示不少于三分之二。",
    "list": "每行一项，或用顿号分开。",
}

Value = str | int | float | Mapping[str, str] | list[str | Mapping[str, str]]
"""What a blank can be filled with; `{id: title}` is a word that nobody has named before."""


def hints(policy: Policy) -> dict[str, str]:
    """By blank, what can be filled in; where words are wanted, which there are."""
    categories = wanted(policy)
    return {
        name: "".join((f"{blank.for_}。" if blank.for_ else "", _hint(blank, categories.get(name, ()))))
        for name, blank in policy.blanks.items()
    }


def _hint(blank: Blank, categories: tuple[str, ...]) -> str:
    if not categories:
        return _HINTS[blank.type]
    names = _names(categories)
    how = _HINTS["list"] if blank.type == "list" else "填一项。"
    if len(names) > MOST_CHOICES:
        return f"{how}与其他政策中的同名的，视为同一项；别处没有的，写“新增：名称”。"
    return f"{how}可填：{'、'.join(names)}。没有列出的，写“新增：名称”。"


def _names(categories: tuple[str, ...]) -> list[str]:
    return list(dict.fromkeys(title for one in categories for title in all_words().by[one].values()))


def read_fill(form: Form, name: str, blank: Blank, categories: tuple[str, ...] = ()) -> Value | None:
    """A blank's value in its own type; None where nothing was filled in, or where it was refused."""
    text = form.text(name, blank.title, required=False, longest=LONGEST_TEXT)
    if not text:
        return None
    if blank.type == "number":
        return _number(form, name, blank.title, text)
    if blank.type == "share":
        return _share(form, name, blank.title, text)
    if blank.type == "list":
        parts = [part.strip() for part in _SEPARATORS.split(text) if part.strip()]
        return [_word(form, name, part, categories) for part in parts]
    return _word(form, name, text, categories)


def _word(form: Form, name: str, text: str, categories: tuple[str, ...]) -> str | Mapping[str, str]:
    """The word that is meant by a name, so that it meets the others' word; a new one with its name; else text as it stands."""
    if not categories:
        return text
    new = _NEW.match(text)
    written = new[1].strip() if new else text
    meant = all_words().id_of(written, categories)
    if meant:
        return meant
    if new:
        return {_id(written): written}
    names = _names(categories)
    some = (
        f"可填：{'、'.join(names[:MOST_CHOICES])}{'等' if len(names) > MOST_CHOICES else ''}。"
        if names
        else ""
    )
    form.refuse(name, f"“{text[:60]}”不在已有的名称中。{some}确实没有的，写“新增：{text[:60]}”。")
    return text


def _id(title: str) -> str:
    """An id for a new name: its pinyin."""
    parts = re.findall(r"[a-z0-9]+", " ".join(syllables(title)))
    return "-".join(parts)[:80].strip("-") or "new"


def _number(form: Form, name: str, title: str, text: str) -> int | float | None:
    plain = text.translate(str.maketrans("０１２３４５６７８９．", "0123456789."))
    if not re.fullmatch(r"[0-9]{1,15}(\.[0-9]{1,15})?", plain):
        form.refuse(name, f"“{title}”填的是“{text}”，不是一个数。请只填数字，例如 15。")
        return None
    return float(plain) if "." in plain else int(plain)


def _share(form: Form, name: str, title: str, text: str) -> str | None:
    try:
        return str(Share(text))
    except ValueError:
        form.refuse(
            name, f"“{title}”填的是“{text}”，不是比例。请写成 >1/2（超过一半）或 >=2/3（不少于三分之二）。"
        )
        return None


def as_text(value: Any) -> str | None:
    """A value as it is typed: names of words, new ones marked as such."""
    if value is None:
        return None
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "、".join(as_text(one) or "" for one in value)
    if isinstance(value, Mapping):
        return "、".join(f"新增：{title}" for title in value.values())
    return all_words().title(value) or value if isinstance(value, str) else str(value)


def shown_fill(blank: Blank, value: Any) -> str:
    """A filled value as pages say it."""
    if blank.type == "share" and isinstance(value, str):
        return Share(value).words
    return (as_text(value) or "").replace("新增：", "")
