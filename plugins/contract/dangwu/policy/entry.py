"""One entry of a policy file as it is written: its fields one by one, each looked at for what it should be."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from datetime import date
from typing import Any

import msgspec

from dangwu.errors import nearest
from dangwu.facets.reading import brief
from dangwu.policy.known import Known
from dangwu.shapes.faults import faults, said
from dangwu.text.reader import line_of
from dangwu.values.bounds import FIRST_DAY, LAST_DAY, is_possible
from dangwu.values.word import words

ID = re.compile(r"^[a-z0-9]+(-[a-z0-9]+)*\Z")
LONGEST_ID = 80
TAKEN = frozenset({"allowance", "changes", "effective", "history", "preview", "rehearse", "supplement"})
"""What the platform calls its own pages, where each plugin has one: a plugin of that name could not be opened."""


class Entry:
    """A rule's raw fields; `fine` until `bad` has told `problem(sentence, line)` of the first fault."""

    def __init__(self, raw: dict[str, Any], known: Known, problem: Callable[[str, int], None]) -> None:
        self.raw, self.known, self._problem = raw, known, problem
        self.name = brief(raw.get("id", ""))
        self.fine = True

    def bad(self, sentence: str, *path: Any) -> None:
        """Report a problem of it, at a path within it."""
        self.fine = False
        self._problem(f"规则 {self.name}：{sentence}" if self.name else sentence, line_of(self.raw, path))

    def text(self, key: str) -> str:
        """Text, empty where there is none."""
        value = self.raw.get(key, "")
        if not isinstance(value, str):
            self.bad(f"{key} 应为文字，得到的是“{brief(value)}”。", key)
            return ""
        if key in self.raw and not value.strip():
            self.bad(f"{key} 没有写内容。请写明，或删去这一项。", key)
        return value

    def flag(self, key: str) -> bool:
        """Yes or no; no where nothing is said."""
        value = self.raw.get(key, False)
        if not isinstance(value, bool):
            self.bad(f"{key} 应为 true 或 false，得到的是“{brief(value)}”。", key)
        return value is True

    def choice(self, key: str, words: Collection[str], default: str) -> str:
        """One of these words."""
        value = str(self.raw.get(key, default))
        if value not in words:
            self.bad(
                f"{key} 的值“{brief(value)}”不对{nearest(value, words)}。可用的有：{'、'.join(words)}。", key
            )
        return value

    def ids(self, key: str) -> tuple[str, ...]:
        """A list of ids, or one of them alone."""
        value = self.raw.get(key, [])
        listed = value if isinstance(value, list) else [value]
        if not all(isinstance(one, str) for one in listed):
            self.bad(f"{key} 应为标识的列表，得到的是“{brief(value)}”。", key)
            return ()
        for one in dict.fromkeys(one for one in listed if listed.count(one) > 1):
            self.bad(f"{key} 中，“{brief(one)}”写了两次。请去掉一个。", key)
        return tuple(dict.fromkeys(listed))

    def dates(self) -> dict[str, date | None]:
        """The first day on which it holds, and the first on which it does no more."""
        since, until = self.day("since"), self.day("until")
        if since and until and since >= until:
            self.bad(f"until（{until}，失效的第一天）应晚于 since（{since}）。", "until")
        return {"since": since, "until": until}

    def day(self, key: str) -> date | None:
        """A possible date; None where there is none."""
        value = self.raw.get(key)
        if key in self.raw and not isinstance(value, date):
            self.bad(
                f"{key} 应为日期，写作 2026-05-11（月、日都写两位，不加引号），得到的是“{brief(value)}”。",
                key,
            )
            return None
        if value is not None and not is_possible(value):
            self.bad(f"{key} 的日期 {value} 不可能，应在 {FIRST_DAY.year} 至 {LAST_DAY.year} 年之间。", key)
        return value

    def made(self, kind: Any, raw: Any, name: str) -> Any:
        """A struct of what stands under `name`, its words of the right categories; None if anything is wrong with it."""
        found = [(path, f"{name} 的写法不对：{said(path, what)}") for path, _, what in faults(kind, raw)]
        found = found or [
            (path, f"{name} 中，{what}")
            for path, word, categories in words(kind, raw)
            if (what := self.known.wrong(word, categories))
        ]
        for path, what in found:
            self.bad(f"{what}。", name, *path)
        return None if found else msgspec.convert(raw, kind)
