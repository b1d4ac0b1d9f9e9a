"""A policy from its YAML text, checked against the types; every error names file, line, rule and field, and the nearest word."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

import dangwu.facets  # noqa: F401 - registers the facets
from dangwu.errors import PolicyError, nearest
from dangwu.facets.reading import brief
from dangwu.policy import procedures
from dangwu.policy.entry import ID, LONGEST_ID, TAKEN
from dangwu.policy.floor import Floor
from dangwu.policy.known import Known, doubled, renamed
from dangwu.policy.load_facet import ground, impossible
from dangwu.policy.load_rule import RuleReader
from dangwu.policy.note import NOTES, misnamed
from dangwu.policy.policy import Blank, Policy, Procedure, Rule, Source
from dangwu.policy.spelled import declared_at, ruled, spelled
from dangwu.policy.steps import Steps
from dangwu.policy.twice import twice
from dangwu.policy.unused import halved, unused
from dangwu.shapes.faults import faults, said
from dangwu.text.reader import line_of, read
from dangwu.values.catalogue import INSERTED
from dangwu.values.word import DECLARED

KEYS = (
    "plugin", "title", "version", "was", "place", "about", "requires", "sources", "blanks", "terms", "tags", "rules", *NOTES,
)  # fmt: skip
FLOOR_KEYS = ("procedures", "floor")
NO_FLOOR = Floor()
VERSION = 1
VERSIONED = re.compile(r"^\d+(\.\d+){1,2}\Z")
MOST_RULES = 2000
MOST_PROBLEMS = 50


def load_policy(
    text: Any, *, where: str = "policy.yaml", ground: Floor = NO_FLOOR, floor: bool = False
) -> Policy:
    """The policy in `text`, or in what `read` made of it, in the words of `ground`; `floor` allows what only the floor may say.

    Raises PolicyError with all problems found, each a sentence.
    """
    return _Reader(where, ground, floor).policy(read(text, where) if isinstance(text, str) else text)


class _Enough(Exception):
    """So many problems that more would help nobody."""


class _Reader:
    def __init__(self, where: str, ground: Floor, floor: bool) -> None:
        self.where, self.ground, self.floor = where, ground, floor
        self.problems: list[str] = []

    def problem(self, sentence: str, line: int = 0) -> None:
        said = f"{self.where}{f' 第 {line} 行' if line else ''}：{sentence}"
        if said not in self.problems[-3:]:
            self.problems.append(said)
        if len(self.problems) >= MOST_PROBLEMS:
            self.problems.append(f"{self.where}：问题太多，只列出前 {MOST_PROBLEMS} 处。请改正后再查。")
            raise _Enough

    def policy(self, raw: Any) -> Policy:
        try:
            found = self._read(raw)
        except _Enough:
            found = None
        if found is None or self.problems:
            raise PolicyError(self.problems)
        return found

    def _read(self, raw: Any) -> Policy | None:
        if not isinstance(raw, dict):
            self.problem("文件应以 plugin、title、sources、rules 各项开头。")
            return None
        self._head(raw)
        if self.problems:
            return None
        found = self._policy(raw)
        if self.problems or found is None:
            return None
        rules = tuple(self._rules(raw, found))
        found = msgspec.structs.replace(found, rules=rules)
        for sentence, line in procedures.problems(found, lambda name: line_of(raw, ("procedures", name))):
            self.problem(sentence, line)
        if not self.problems and not self.floor:
            for path, sentence in unused(found):
                self.problem(sentence, line_of(raw, path))
        return found

    def _head(self, raw: dict[str, Any]) -> None:
        known = (*KEYS, *FLOOR_KEYS) if self.floor else KEYS
        for key in raw:
            if key not in (*known, *FLOOR_KEYS):
                self.problem(
                    f"有不认识的项目“{brief(key)}”{nearest(str(key), known)}。可用的有：{'、'.join(known)}。",
                    line_of(raw, (key,)),
                )
        name = raw.get("plugin")
        if not isinstance(name, str) or len(name) > LONGEST_ID or not ID.match(name):
            written = f"plugin 写的是“{brief(name)}”，应为" if name else "缺少 plugin："
            self.problem(
                f"{written}插件标识（小写字母、数字和连字符，例如 yakeshi）。",
                line_of(raw, ("plugin",)) if name else 0,
            )
        elif name in TAKEN or (not self.floor and name in self.ground.ids):
            whose = "平台一个页面的名称，插件的页面就打不开了" if name in TAKEN else "国家规定的标识"
            self.problem(f"plugin 写的是“{name}”，是{whose}。请换一个。", line_of(raw, ("plugin",)))
        noted = any(raw.get(key) for key in NOTES)
        for key in ("title", "sources", *(() if noted else ("rules",))):
            if not raw.get(key) or (isinstance(raw[key], str) and not raw[key].strip()):
                self.problem(f"缺少 {key}。")
        for key in ("title", "place", "about", "requires"):
            if not isinstance(raw.get(key, ""), str):
                self.problem(f"{key} 应为文字，得到的是“{brief(raw[key])}”。", line_of(raw, (key,)))
        self._lineage(raw)
        for key in ("sources", "blanks", "terms", "tags", "procedures"):
            if not isinstance(raw.get(key) or {}, dict):
                self.problem(
                    f"{key} 应写成 标识: 内容 这样的各项，得到的是“{brief(raw[key])}”。", line_of(raw, (key,))
                )
        for key in ("rules", *NOTES):
            if not isinstance(raw.get(key) or [], list):
                self.problem(f"{key} 应为列表，每条以“- id:”开头。", line_of(raw, (key,)))
        if isinstance(raw.get("rules"), list) and len(raw["rules"]) > MOST_RULES:
            self.problem(
                f"有 {len(raw['rules'])} 条规则，最多 {MOST_RULES} 条。请分成几个插件。",
                line_of(raw, ("rules", MOST_RULES)),
            )

    def _lineage(self, raw: dict[str, Any]) -> None:
        """Which text of the plugin it is, and what the plugin was called before."""
        if not VERSIONED.match(str(raw.get("version", "0.0"))):
            self.problem(
                f"version 写的是“{brief(raw['version'])}”，应为版本号，例如 1.2.0。",
                line_of(raw, ("version",)),
            )
        was = raw.get("was", [])
        if not isinstance(was, list) or not all(isinstance(one, str) and ID.match(one) for one in was):
            self.problem("was（插件以前的标识）应为列表，例如 [old-name]。", line_of(raw, ("was",)))
        elif raw.get("plugin") in was:
            self.problem("was 写了插件现在的标识。请删去，只写以前用过的。", line_of(raw, ("was",)))

    def _policy(self, raw: dict[str, Any]) -> Policy | None:
        self._requires(raw)
        declared, tags = self._terms(raw), self._titles(raw.get("tags"), "tags", raw, ("tags",))
        for number, rule in enumerate(ruled(raw)):
            if isinstance(rule, dict) and "tag" in rule:
                tags |= self._titles(rule["tag"], "tag", raw, ("rules", number, "tag"))
        self._named({**declared, "tag": tags}, raw)
        self._floor_only(raw)
        found: dict[str, Any] = {
            "sources": self._typed_by_id(raw, "sources", Source),
            "blanks": self._typed_by_id(raw, "blanks", Blank),
            "procedures": self._typed_by_id(raw, "procedures", Procedure) if self.floor else {},
            **{field: self._notes(raw, field, kind) for field, kind in NOTES.items()},
        }
        if self.problems:
            return None
        return Policy(
            id=raw["plugin"],
            title=raw["title"],
            place=raw.get("place", ""),
            about=raw.get("about", ""),
            version=str(raw.get("version", "")),
            was=tuple(raw.get("was", ())),
            terms={word: title for words in declared.values() for word, title in words.items()},
            words=declared,
            tags=tags,
            floor=self.floor,
            **found,
        )

    def _floor_only(self, raw: dict[str, Any]) -> None:
        """What the floor has to say, and nobody else may."""
        if raw.get("floor", False) is not self.floor:
            self.problem(
                "底线政策要写明 floor: true。"
                if self.floor
                else "floor（底线政策）处处适用、不能停用，只由平台安装的插件写明。请删去这一项。",
                line_of(raw, ("floor",)),
            )
        if "procedures" in raw and not self.floor:
            self.problem(
                "procedures（流程）只由国家规定写明，地方政策不能增设流程。", line_of(raw, ("procedures",))
            )

    def _requires(self, raw: dict[str, Any]) -> None:
        text = raw.get("requires", "")
        if text and not re.fullmatch(rf"dangwu>={VERSION}(\.\d+)?(,<{VERSION + 1})?", text.replace(" ", "")):
            self.problem(
                f"requires 写的是“{brief(text)}”，本平台的插件约定是第 {VERSION} 版，应为 dangwu>={VERSION},<{VERSION + 1}。",
                line_of(raw, ("requires",)),
            )

    def _terms(self, raw: dict[str, Any]) -> dict[str, dict[str, str]]:
        """The words of `terms`, and those that rules declare one by one, by category."""
        given: list[tuple[Any, tuple[Any, ...]]] = [(raw.get("terms") or {}, ("terms",))]
        given += [
            (rule["term"], ("rules", number, "term"))
            for number, rule in enumerate(ruled(raw))
            if isinstance(rule, dict) and "term" in rule
        ]
        found: dict[str, dict[str, str]] = {}
        for listed, path in given:
            for category, titles in listed.items() if isinstance(listed, dict) else [("", listed)]:
                if category in DECLARED:
                    found.setdefault(category, {}).update(
                        self._titles(titles, f"terms.{category}", raw, (*path, category))
                    )
                else:
                    hint = f"{nearest(str(category), DECLARED)}。可用的有：{'、'.join(DECLARED)}。"
                    self.problem(
                        f"{path[-1]} 中有不认识的类别“{brief(category)}”{hint}",
                        line_of(raw, (*path, category)),
                    )
        return found

    def _titles(self, titles: Any, field: str, raw: Any, path: tuple[Any, ...]) -> dict[str, str]:
        if titles is None and path == ("tags",):
            return {}
        if (
            not titles
            or not isinstance(titles, dict)
            or not all(isinstance(one, str) and one.strip() for one in titles.values())
        ):
            self.problem(f"{field} 应写成 标识: 中文名称，例如 {{meeting: 党员大会}}。", line_of(raw, path))
            return {}
        for word in titles:
            if not isinstance(word, str) or len(word) > LONGEST_ID or not ID.match(word):
                self.problem(
                    f"{field} 中的词语标识“{brief(word)}”应为小写字母、数字和连字符。",
                    line_of(raw, (*path, word)),
                )
        return {str(word): title for word, title in titles.items()}

    def _named(self, declared: Mapping[str, Mapping[str, str]], raw: Any) -> None:
        """Words that are called like steps, or otherwise than they already are."""
        steps = {step for one in INSERTED.values() for step in one}
        steps |= {step for name in self.ground.procedures for step in self.ground.steps(name)}
        for category, titles in declared.items():
            for word in sorted(titles.keys() & steps):
                self.problem(
                    f"词语“{word}”与环节同名，说明中会混淆。请换一个标识。", declared_at(raw, category, word)
                )
        known = Known(self.ground.policies)
        for category, word, what in (*renamed(declared, known), *doubled(declared, known)):
            self.problem(f"{what}。", declared_at(raw, category, word))

    def _notes(self, raw: dict[str, Any], field: str, kind: Any) -> tuple[Any, ...]:
        notes = [*enumerate(raw.get(field) or [])]
        for number, what in misnamed(notes):
            self.problem(f"{field} 的 {what}。", line_of(raw, (field, number, "id")))
        return tuple(self._typed(one, kind, field, raw, (field, number)) for number, one in notes)

    def _typed_by_id(self, raw: dict[str, Any], field: str, kind: Any) -> dict[str, Any]:
        found = {}
        for key, one in (raw.get(field) or {}).items():
            if not isinstance(key, str) or len(key) > LONGEST_ID or not ID.match(key):
                self.problem(
                    f"{field} 中的标识“{brief(key)}”应为小写字母、数字和连字符。", line_of(raw, (field, key))
                )
            found[key] = self._typed(one, kind, f"{field}.{key}", raw, (field, key))
        return found

    def _typed(self, one: Any, kind: Any, field: str, raw: Any, path: tuple[Any, ...]) -> Any:
        if not isinstance(one, dict):
            fields = [field.encode_name for field in msgspec.structs.fields(kind)]
            self.problem(
                f"{field} 应写成 {{{fields[0]}: …}} 这样的各项名称与内容。可写的项目有：{'、'.join(fields)}。",
                line_of(raw, path),
            )
            return None
        found = list(faults(kind, one))
        for at, _, what in found:
            self.problem(f"{field} 的写法不对：{said(at, what)}。", line_of(raw, (*path, *at)))
        return None if found else msgspec.convert(one, kind)

    def _rules(self, raw: dict[str, Any], policy: Policy) -> Iterator[Rule]:
        steps = Steps(self.ground, policy, ruled(raw))
        known = Known([*self.ground.policies, policy])
        reader = RuleReader(policy, steps, known, ground(self.ground), self.problem)
        found: list[Rule] = []
        for number, one in enumerate(spelled(ruled(raw))):
            if not isinstance(one, dict):
                self.problem("规则应写成各项名称与内容，以“- id:”开头。", line_of(raw, ("rules", number)))
                continue
            rule = reader.rule(one)
            if rule is not None:
                found.append(rule)
                yield rule
        for rule, what in (*impossible(found), *halved(found), *twice(found)) if not self.problems else ():
            self.problem(f"规则 {rule.id.removeprefix(f'{rule.plugin}.')}：{what}", rule.line)
