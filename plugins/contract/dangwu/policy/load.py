"""A policy from its YAML text, checked against the types; every error names file, line, rule and field, and the nearest word."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import msgspec

import dangwu.facets  # noqa: F401 - registers the facets
from dangwu.errors import PolicyError, nearest
from dangwu.policy import procedures
from dangwu.policy.floor import Floor
from dangwu.policy.load_rule import RuleReader
from dangwu.policy.policy import Blank, Note, Policy, Procedure, Rule, Source
from dangwu.shapes.clauses import clause
from dangwu.text.reader import read
from dangwu.values.catalogue import INSERTED
from dangwu.values.vocabulary import TAGS, TERMS

KEYS = (
    "plugin", "title", "place", "about", "requires", "sources", "blanks", "terms", "tags", "rules", "refused", "later",
)  # fmt: skip
FLOOR_KEYS = ("procedures", "floor")
SORTS = (
    "source", "agency", "kind", "place", "channel", "aspect", "item", "role", "topic", "qualification", "party",
)  # fmt: skip
"""The sorts of words that a policy may declare under `terms`."""
ID = re.compile(r"^[a-z0-9]+(-[a-z0-9]+)*$")
VERSION = 1
NO_FLOOR = Floor()


def load_policy(
    text: str, *, where: str = "policy.yaml", ground: Floor = NO_FLOOR, floor: bool = False
) -> Policy:
    """The policy in `text`, which speaks of the steps and in the words of `ground`; `floor` allows what only the floor may say.

    Raises PolicyError with all problems found, each a sentence.
    """
    return _Reader(where, ground, floor).policy(read(text, where))


def says_floor(text: str) -> bool:
    """Whether a policy file calls itself one of the floor's; to know it before any is read."""
    return re.search(r"^floor:[ \t]*true\b", text, re.MULTILINE) is not None


class _Reader:
    def __init__(self, where: str, ground: Floor, floor: bool) -> None:
        self.where, self.ground, self.floor = where, ground, floor
        self.problems: list[str] = []

    def problem(self, sentence: str, line: int = 0) -> None:
        self.problems.append(f"{self.where}{f' 第 {line} 行' if line else ''}：{sentence}")

    def policy(self, raw: Any) -> Policy:
        if not isinstance(raw, dict):
            raise PolicyError([f"{self.where}：文件应以 plugin、title、sources、rules 各项开头。"])
        known = (*KEYS, *FLOOR_KEYS) if self.floor else KEYS
        for key in raw:
            if key not in (*known, *FLOOR_KEYS):
                self.problem(
                    f"有不认识的项目“{key}”{nearest(str(key), known)}。可用的有：{'、'.join(known)}。",
                    _line(raw),
                )
        name = raw.get("plugin")
        if not isinstance(name, str) or not ID.match(name):
            written = f"plugin 写的是“{name}”，应为" if name else "缺少 plugin："
            self.problem(f"{written}插件标识（小写字母、数字和连字符，例如 yakeshi）。")
        for key in ("title", "sources", "rules"):
            if not raw.get(key):
                self.problem(f"缺少 {key}。")
        if self.problems:
            raise PolicyError(self.problems)
        found = self._policy(raw)
        if self.problems:
            raise PolicyError(self.problems)
        return found

    def _policy(self, raw: dict[str, Any]) -> Policy:
        self._requires(str(raw.get("requires", "")))
        terms, tags = self._terms(raw), self._titles(raw.get("tags"), "tags")
        self._words((*terms, *tags))
        self._floor_only(raw)
        policy = Policy(
            id=raw["plugin"],
            title=str(raw["title"]),
            place=str(raw.get("place", "")),
            about=str(raw.get("about", "")),
            sources=self._typed_by_id(raw, "sources", Source),
            blanks=self._typed_by_id(raw, "blanks", Blank),
            terms=terms,
            tags=tags,
            refused=self._notes(raw, "refused"),
            later=self._notes(raw, "later"),
            procedures=self._typed_by_id(raw, "procedures", Procedure) if self.floor else {},
            floor=self.floor,
        )
        if self.problems:
            raise PolicyError(self.problems)
        policy = msgspec.structs.replace(policy, rules=tuple(self._rules(raw["rules"], policy)))
        for sentence, line in procedures.problems(
            policy.procedures, Floor((policy,)).steps, lambda name: _line(raw["procedures"][name])
        ):
            self.problem(sentence, line)
        return policy

    def _floor_only(self, raw: dict[str, Any]) -> None:
        """What the floor has to say, and nobody else may."""
        if raw.get("floor", self.floor) is not self.floor:
            self.problem(
                "floor: true（底线政策）要单独写成一行。"
                if self.floor
                else "floor（底线政策）处处适用、不能停用，只由平台安装的插件写明。请删去这一项。",
                _line(raw),
            )
        if "procedures" in raw and not self.floor:
            self.problem("procedures（流程）只由国家规定写明，地方政策不能增设流程。", _line(raw))

    def _terms(self, raw: dict[str, Any]) -> dict[str, str]:
        """The words of `terms`, and those that rules declare one by one."""
        found: dict[str, str] = {}
        for sort, words in _pairs(raw.get("terms")):
            if sort not in SORTS:
                hint = f"{nearest(str(sort), SORTS)}。可用的有：{'、'.join(SORTS)}。"
                self.problem(f"terms 中有不认识的类别“{sort}”{hint}", _line(raw.get("terms")))
            found |= self._titles(words, f"terms.{sort}")
        for rule in raw["rules"] if isinstance(raw["rules"], list) else ():
            for verb in ("term", "tag"):
                found |= self._titles(rule.get(verb), verb) if isinstance(rule, dict) else {}
        return found

    def _titles(self, raw: Any, field: str) -> dict[str, str]:
        if raw is None:
            return {}
        if not isinstance(raw, dict) or not all(isinstance(title, str) and title for title in raw.values()):
            self.problem(f"{field} 应写成 标识: 中文名称，例如 {{meeting: 党员大会}}。", _line(raw))
            return {}
        return {str(word): title for word, title in raw.items()}

    def _words(self, words: tuple[str, ...]) -> None:
        for word in sorted({*words} & {step for steps in self._known_steps().values() for step in steps}):
            self.problem(f"词语“{word}”与环节同名，说明中会混淆。请换一个标识。")
        for word in words:
            if not ID.match(str(word)):
                self.problem(f"词语标识“{word}”应为小写字母、数字和连字符。")

    def _known_steps(self) -> dict[str, list[str]]:
        """By procedure, the floor's steps and those of the catalogue."""
        return {name: [*self.ground.steps(name), *INSERTED.get(name, ())] for name in self.ground.procedures}

    def _requires(self, text: str) -> None:
        if text and not re.fullmatch(rf"dangwu>={VERSION}(\.\d+)?(,<{VERSION + 1})?", text.replace(" ", "")):
            self.problem(
                f"requires 写的是“{text}”，本平台的插件约定是第 {VERSION} 版，应为 dangwu>={VERSION},<{VERSION + 1}。"
            )

    def _notes(self, raw: dict[str, Any], field: str) -> tuple[Note, ...]:
        listed = raw.get(field) or []
        if not isinstance(listed, list):
            self.problem(f"{field} 应为列表，每条以“- id:”开头。", _line(raw))
            return ()
        return tuple(self._typed(one, Note, field) for one in listed)

    def _typed_by_id(self, raw: dict[str, Any], field: str, kind: Any) -> dict[str, Any]:
        return {key: self._typed(one, kind, f"{field}.{key}") for key, one in _pairs(raw.get(field))}

    def _typed(self, raw: Any, kind: Any, field: str) -> Any:
        fields = [one.encode_name for one in msgspec.structs.fields(kind)]
        if not isinstance(raw, dict):
            self.problem(
                f"{field} 应写成 {{{fields[0]}: …}} 这样的各项名称与内容。可写的项目有：{'、'.join(fields)}。"
            )
            return None
        try:
            return msgspec.convert(raw, kind)
        except msgspec.ValidationError as error:
            strange = next((str(key) for key in raw if key not in fields), "")
            hint = f"{nearest(strange, fields)}。可写的项目有：{'、'.join(fields)}" if strange else ""
            self.problem(f"{field} 的写法不对：{_said(error)}{hint}。", _line(raw))
            return None

    def _rules(self, raw: Any, policy: Policy) -> Iterator[Rule]:
        if not isinstance(raw, list):
            self.problem("rules 应为规则的列表，每条以“- id:”开头。")
            return
        declared = {**self.ground.procedures, **policy.procedures}
        steps = self._known_steps() | {name: list[str]() for name in policy.procedures}
        for one in raw:
            if isinstance(one, dict) and isinstance(one.get("add"), str):
                procedure, _, step = one["add"].partition("/")
                steps.setdefault(procedure, []).append(step)
        words = {*self.ground.terms, *self.ground.tags, *TERMS, *TAGS, *policy.terms, *policy.tags}
        stages = {name: tuple(one.stages) for name, one in declared.items()}
        reader = RuleReader(policy, steps, stages, frozenset(words), self.problem)
        for one in raw:
            if not isinstance(one, dict):
                self.problem("规则应写成各项名称与内容，以“- id:”开头。")
                continue
            rule = reader.rule(one, _line(one))
            if rule is not None:
                yield rule


def _pairs(raw: Any) -> list[tuple[str, Any]]:
    return list(raw.items()) if isinstance(raw, dict) else []


def _said(error: Exception) -> str:
    what, path = clause(error)
    return f"{path} {what}" if path else what


def _line(raw: Any) -> int:
    return int(getattr(raw, "line", 0))
