"""Reading a rehearsal: its words and dates checked, with a sentence for whatever cannot be read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from dangwu.case import Subject
from dangwu.catalogue import FLOOR
from dangwu.errors import ConflictError, RehearsalError, nearest
from dangwu.plugins import FLOOR as FLOOR_POLICY
from dangwu.plugins import Plugins
from dangwu.policy import Policy
from dangwu.regime import Adoption

KEYS = ("title", "procedure", "policies", "subject", "given", "script", "compile", "note")
ACT_KEYS = ("day", "do", "record", "return", "tags", "dates", "expect", "refused", "entered", "because")
EXPECT_KEYS = (
    "step", "state", "because", "not_because", "until", "due", "rule", "stage", "open", "status", "membership",
)  # fmt: skip
ADOPTION_KEYS = ("plugin", "from", "until", "without", "also", "fill")
SUBJECT_KEYS = ("born", "tags", "dates")


class RehearsalReader:
    """Reads the parts of one rehearsal file; `where` names it in the sentences."""

    def __init__(self, where: str) -> None:
        self.where = where

    def wrong(self, sentence: str, line: int = 0) -> RehearsalError:
        """The error to raise, with file and line."""
        return RehearsalError([f"{self.where}{f' 第 {line} 行' if line else ''}：{sentence}"])

    def mapping(self, raw: Any, keys: Iterable[str], what: str) -> Mapping[str, Any]:
        """`raw` as a mapping of these keys only; nothing given is an empty one."""
        if raw is None:
            return {}
        if not isinstance(raw, dict):
            raise self.wrong(f"{what}应写成各项名称与内容，得到的是“{raw}”。")
        known = [*keys]
        for key in raw:
            if key not in known:
                hint = f"{nearest(str(key), known)}。可用的有：{'、'.join(known)}。"
                raise self.wrong(f"{what}有不认识的“{key}”{hint}", int(getattr(raw, "line", 0)))
        return raw

    def listed(self, raw: Any, what: str) -> list[Any]:
        """`raw` as a list; nothing given is an empty one."""
        if raw is None:
            return []
        if not isinstance(raw, list):
            raise self.wrong(f"{what}应为列表，得到的是“{raw}”。")
        return raw

    def day(self, raw: Any, what: str) -> date:
        """`raw` as a date."""
        if not isinstance(raw, date):
            raise self.wrong(f"{what}应为日期（2026-06-01），得到的是“{'空' if raw is None else raw}”。")
        return raw

    def days(self, raw: Any, what: str) -> dict[str, date]:
        """`raw` as dates by name."""
        if not isinstance(raw, dict | None):
            raise self.wrong(f"{what}应写成各项名称与日期，得到的是“{raw}”。")
        return {str(key): self.day(one, f"{what}.{key} ") for key, one in (raw or {}).items()}

    def subject(self, raw: Any) -> Subject:
        """Whom the case is about."""
        found = self.mapping(raw, SUBJECT_KEYS, "subject ")
        born = self.day(found["born"], "subject.born ") if "born" in found else None
        tags = frozenset(str(tag) for tag in self.listed(found.get("tags"), "subject.tags "))
        return Subject(born, tags, self.days(found.get("dates"), "subject.dates"))

    def given(
        self, raw: Any, procedure: str, step: Callable[[Any], str], present: Callable[[date], Iterable[str]]
    ) -> dict[str, date]:
        """The steps taken over as done, with their days; `present` are the steps in force on a day."""
        if not isinstance(raw, dict | None):
            raise self.wrong(f"given 应写成 through、day 或各环节的日期，得到的是“{raw}”。")
        raw = raw or {}
        found: dict[str, date] = {}
        if "through" in raw:
            day = self.day(raw.get("day"), "given 写了 through，还要写 day：")
            floor = FLOOR.get(procedure, ())
            if raw["through"] not in floor:
                hint = nearest(str(raw["through"]), floor)
                raise self.wrong(f"given.through“{raw['through']}”不是国家规定的环节{hint}。")
            there = set(present(day))
            found = {one: day for one in floor[: floor.index(raw["through"]) + 1] if one in there}
        for name, one in raw.items():
            if name not in ("through", "day"):
                found[step(name)] = self.day(one, f"given.{name} ")
        return found

    def adoptions(self, plugins: Plugins, raw: Any) -> Iterator[Adoption]:
        """The policies of the rehearsal, in the short form (`yakeshi`) or the long one."""
        for one in self.listed(raw, "policies "):
            item = {"plugin": one} if isinstance(one, str) else self.mapping(one, ADOPTION_KEYS, "policies ")
            name = str(item.get("plugin", ""))
            if name == FLOOR_POLICY:
                if item.keys() - {"plugin"}:
                    raise ConflictError(
                        ["国家规定一直有效，不能停用，也不能去掉其中任何一条。请删去这一项。"]
                    )
                continue
            if name not in plugins.policies:
                raise self.wrong(f"没有安装插件“{name}”{nearest(name, plugins.policies)}。")
            yield self._adoption(plugins.policies[name], item)

    def _adoption(self, policy: Policy, item: Mapping[str, Any]) -> Adoption:
        chosen = {key: self.listed(item.get(key), f"policies.{key} ") for key in ("without", "also")}
        for rule in (*chosen["without"], *chosen["also"]):
            ids = policy.rule_ids()
            known = {*ids, *(name.removeprefix(f"{policy.id}.") for name in ids)}
            if rule not in known:
                raise self.wrong(f"插件 {policy.id} 没有规则“{rule}”{nearest(str(rule), known)}。")
        dates = {
            key: self.day(item[key], f"policies.{key} ")
            for key in ("from", "until")
            if item.get(key) is not None
        }
        return Adoption(
            policy,
            dates.get("from"),
            dates.get("until"),
            frozenset(chosen["without"]),
            frozenset(chosen["also"]),
            self.mapping(item.get("fill"), policy.blanks, f"插件 {policy.id} 的填空"),
        )


__all__ = ["ACT_KEYS", "EXPECT_KEYS", "KEYS", "RehearsalReader"]
