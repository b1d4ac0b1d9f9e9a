"""One entry of a policy file."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import msgspec

from dangwu.errors import nearest
from dangwu.facets.base import Facet
from dangwu.facets.reading import decode
from dangwu.facets.registry import FACETS
from dangwu.policy.blanks import blanks_in, filled, is_blank
from dangwu.policy.policy import Cite, Duty, OnFailure, Outcome, Policy, Rating, Rule, Span, StepFacts
from dangwu.shapes.clauses import clause
from dangwu.values.catalogue import INSERTED
from dangwu.values.lattice import Longest, Shortest, Union, joins
from dangwu.values.vocabulary import LEVELS, TAGS, TERMS

RULE_ID = re.compile(r"^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)+$")
VERBS = ("add", "tighten", "duty", "rating", "tag", "term")
PLAIN = (
    "id", "title", "note", "since", "until", "when", "off", "basis", "checked", "blanks", "cite", "on_failure",
    "after", "before", "stage", "level",
)  # fmt: skip
FLOOR_ONLY = ("span", "outcomes", "confirms", "completes")

SAMPLES: dict[str, Any] = {"text": "x", "number": 1, "share": ">=1/2", "list": ["x"]}
"""A fill of each type of blank, to see at load whether it fits where it stands."""


class RuleReader:
    """Reads rules of one policy; problems go to `problem(sentence, line)`."""

    def __init__(
        self,
        policy: Policy,
        steps: Mapping[str, Iterable[str]],
        stages: Mapping[str, Sequence[str]],
        words: frozenset[str],
        problem: Callable[[str, int], None],
    ) -> None:
        self.policy, self.steps, self.stages, self.words = policy, steps, stages, words
        self.floor = policy.floor
        self._problem = problem
        self.titles = {**TERMS, **TAGS, **policy.terms, **policy.tags}
        self.line, self.name = 0, ""
        self.fine = True

    def bad(self, sentence: str) -> None:
        """Report a problem of the rule at hand."""
        self.fine = False
        self._problem(f"规则 {self.name}：{sentence}" if self.name else sentence, self.line)

    def rule(self, raw: dict[str, Any], line: int) -> Rule | None:
        """The rule, or None when it has problems (all of them are reported)."""
        self.line, self.name, self.fine = line, str(raw.get("id", "")), True
        if not RULE_ID.match(self.name):
            self.bad(f"id“{self.name}”应写作 主题.规则（小写字母、数字和连字符，例如 public.fifteen-days）。")
        verbs = [verb for verb in VERBS if verb in raw]
        if len(verbs) != 1:
            self.bad(
                "应恰有一项 add（增设环节）、tighten（收紧环节）、duty（职责）、rating（评级）、tag 或 term。"
            )
            return None
        self._unknown(raw)
        if (
            self.fine
            and verbs == ["tighten"]
            and not {*FACETS, "after", "before", "on_failure", "blanks"} & raw.keys()
        ):
            self.bad("没有写收紧什么。请写一项要求（例如 notice）、after、before 或 on_failure。")
        found = self._read(raw, verbs[0])
        return found if self.fine else None

    def _unknown(self, raw: dict[str, Any]) -> None:
        known = (*PLAIN, *VERBS, *FACETS, *(FLOOR_ONLY if self.floor else ()))
        for key in raw:
            if key in FLOOR_ONLY and key not in known:
                self.bad(
                    f"“{key}”是国家规定的定数，地方规则不能写。请删去这一项；要更严的，另写要求（例如 timing）。"
                )
            elif key not in known:
                hint = nearest(str(key), known, {name: kind.title for name, kind in FACETS.items()})
                self.bad(f"有不认识的字段“{key}”{hint}。可用的要求有：{'、'.join(sorted(FACETS))}。")

    def _read(self, raw: dict[str, Any], verb: str) -> Rule | None:
        procedure, steps = self._steps(raw, verb)
        facets = {name: raw[name] for name in raw if name in FACETS}
        for name, params in facets.items():
            self._facet(name, params, procedure)
        return Rule(
            id=f"{self.policy.id}.{self.name}",
            plugin=self.policy.id,
            kind=verb,  # type: ignore[arg-type]
            cite=self._cite(raw.get("cite")),
            title=str(raw.get("title", "")),
            note=str(raw.get("note", "")),
            procedure=procedure,
            steps=steps,
            facets=facets,
            step=self._facts(raw, procedure, steps) if verb == "add" else self._order(raw, procedure),
            on_failure=self._on_failure(raw.get("on_failure", "retry"), procedure),
            **self._dates(raw),
            when=self._when(raw.get("when", [])),
            off=self._flag(raw, "off"),
            basis=self._one(raw, "basis", ("stated", "inferred", "title-only", "partial"), "stated"),  # type: ignore[arg-type]
            checked=self._one(raw, "checked", ("verified", "second-hand", "unverified"), "verified"),  # type: ignore[arg-type]
            blanks=self._blanks(raw, facets),
            duty=self._made(Duty, raw["duty"]) if verb == "duty" else None,
            rating=self._made(Rating, raw["rating"]) if verb == "rating" else None,
            words=dict(raw[verb]) if verb in ("tag", "term") and isinstance(raw[verb], dict) else {},
            line=self.line,
        )

    def _steps(self, raw: dict[str, Any], verb: str) -> tuple[str, tuple[str, ...]]:
        if verb not in ("add", "tighten"):
            return "", ()
        given = raw[verb] if isinstance(raw[verb], list) else [raw[verb]]
        if verb == "add" and len(given) != 1:
            self.bad(f"add 一次只能增设一个环节，写作 add: {self._a_procedure()}/环节。")
        found, procedures = [], set()
        for one in given:
            procedure, _, step = str(one).partition("/")
            known = list(self.steps.get(procedure, ()))
            if procedure not in self.steps:
                self.bad(
                    f"不认识的流程“{procedure}”{nearest(procedure, self.steps)}。应写作 {self._a_procedure()}/环节。"
                )
            elif step not in known:
                self.bad(f"不认识的环节“{one}”{nearest(step, known)}。")
            procedures.add(procedure)
            found.append(step)
        if len(procedures) > 1:
            self.bad("一条规则只能涉及一个流程的环节。")
        return next(iter(procedures), ""), tuple(found)

    def _a_procedure(self) -> str:
        """One that there is, for an example."""
        return next(iter(self.steps), "流程")

    def _facet(self, name: str, params: Any, procedure: str) -> None:
        known = self.policy.blanks
        undeclared = [blank for blank in blanks_in(params) if blank not in known]
        for blank in undeclared:
            self.bad(f"“{name}”中的填空“{blank}”没有在 blanks 中声明{nearest(str(blank), known)}。")
        try:
            decode(name, filled(params, {}))
        except ValueError as error:
            self.bad(f"{error}。")
            return
        if not undeclared:
            self._blank_types(name, params)
        self._facet_words(name, params, procedure)

    def _blank_types(self, name: str, params: Any) -> None:
        blanks = {blank: self.policy.blanks[blank] for blank in blanks_in(params)}
        try:
            decode(name, filled(params, {blank: SAMPLES[one.type] for blank, one in blanks.items()}))
        except ValueError as error:
            types = "、".join(f"“{blank}”声明为 {one.type}" for blank, one in blanks.items())
            self.bad(f"“{name}”中的填空类型不对：{types}，而{error}。请改正 blanks 中的 type。")

    def _facet_words(self, name: str, params: Any, procedure: str) -> None:
        kind = FACETS[name]
        steps = set(self.steps.get(procedure, ()))
        for param, word in _words(kind, params):
            if param in kind.anchors:
                if word not in steps:
                    self.bad(f"“{name}.{param}”中的环节“{word}”不存在{nearest(word, steps)}。")
            elif word not in self.words:
                hint = nearest(word, self.words, self.titles)
                self.bad(f"“{name}”中的词语“{word}”没有声明{hint}。请在 terms 中写明中文名称。")

    def _cite(self, raw: Any) -> Cite:
        if not isinstance(raw, dict) or not raw.get("source") or not raw.get("clause"):
            self.bad(
                f"{'出处不完整' if raw else '缺少出处'}。每条规则都要写 cite: {{source: 文件标识, clause: 条款}}。"
            )
            return Cite("", "")
        if str(raw["source"]) not in self.policy.sources:
            self.bad(
                f"出处“{raw['source']}”没有在 sources 中列出{nearest(str(raw['source']), self.policy.sources)}。"
            )
        return Cite(str(raw["source"]), str(raw["clause"]))

    def _flag(self, raw: dict[str, Any], key: str) -> bool:
        value = raw.get(key, False)
        if not isinstance(value, bool):
            self.bad(f"{key} 应为 true 或 false，得到的是“{value}”。")
        return value is True

    def _dates(self, raw: dict[str, Any]) -> dict[str, date | None]:
        since, until = self._day(raw, "since"), self._day(raw, "until")
        if since and until and since >= until:
            self.bad(f"until（{until}，失效的第一天）应晚于 since（{since}）。")
        return {"since": since, "until": until}

    def _day(self, raw: dict[str, Any], key: str) -> date | None:
        value = raw.get(key)
        if value is not None and not isinstance(value, date):
            self.bad(f"{key} 应为日期，写作 2026-05-11（月、日都写两位，不加引号），得到的是“{value}”。")
            return None
        return value

    def _when(self, raw: Any) -> frozenset[str]:
        if not isinstance(raw, list) or not all(isinstance(tag, str) for tag in raw):
            self.bad("when 应为标签的列表，例如 [rural]。")
            return frozenset()
        for tag in raw:
            if tag not in self.words:
                hint = nearest(tag, self.words, self.titles)
                self.bad(f"when 中的标签“{tag}”没有声明{hint}。请在 tags 中写明中文名称。")
        return frozenset(str(tag) for tag in raw)

    def _one(self, raw: dict[str, Any], key: str, words: tuple[str, ...], default: str) -> str:
        value = str(raw.get(key, default))
        if value not in words:
            self.bad(f"{key} 的值“{value}”不对{nearest(value, words)}。可用的有：{'、'.join(words)}。")
        return value

    def _blanks(self, raw: dict[str, Any], facets: dict[str, Any]) -> tuple[str, ...]:
        named = _listed(raw.get("blanks"))
        for one in named:
            if one not in self.policy.blanks:
                self.bad(f"填空“{one}”没有在 blanks 中声明{nearest(one, self.policy.blanks)}。")
        return tuple(
            dict.fromkeys([*named, *(blank for params in facets.values() for blank in blanks_in(params))])
        )

    def _on_failure(self, raw: Any, procedure: str) -> OnFailure:
        if raw == "retry":
            return OnFailure()
        if raw == "close":
            return OnFailure(close=True)
        if isinstance(raw, dict) and set(raw) == {"return_to"}:
            known = list(self.steps.get(procedure, ()))
            if raw["return_to"] not in known:
                self.bad(
                    f"on_failure 要退回的环节“{raw['return_to']}”不存在{nearest(str(raw['return_to']), known)}。"
                )
            return OnFailure(return_to=str(raw["return_to"]))
        self.bad(f"on_failure 的值“{raw}”不对。可用的有：retry、close、{{return_to: 环节}}。")
        return OnFailure()

    def _order(self, raw: dict[str, Any], procedure: str) -> StepFacts:
        for key in ("after", "before"):
            for one in _listed(raw.get(key)):
                if one not in self.steps.get(procedure, ()):
                    self.bad(f"{key} 中的环节“{one}”不存在{nearest(one, self.steps.get(procedure, ()))}。")
        return StepFacts(after=_listed(raw.get("after")), before=_listed(raw.get("before")))

    def _facts(self, raw: dict[str, Any], procedure: str, steps: tuple[str, ...]) -> StepFacts:
        shared = INSERTED.get(procedure, {}).get(steps[0]) if steps else None
        order = self._order(raw, procedure)
        if shared is not None:
            return self._shared(raw, shared)
        stage = str(raw.get("stage", "")).rpartition("/")[2]
        stages = self.stages.get(procedure, ())
        if stage not in stages:
            self.bad(f"新增的环节要写 stage（阶段）：{'、'.join(stages)}。")
        if str(raw.get("level")) not in LEVELS:
            self.bad(f"新增的环节要写 level（由谁办）：{'、'.join(LEVELS)}。")
        if not raw.get("title"):
            self.bad("新增的环节要写 title（中文名称）。")
        if not self.floor and not (_listed(raw.get("after")) and _listed(raw.get("before"))):
            self.bad("新增的环节要写 after 和 before（在哪些环节之后、之前）。")
        return StepFacts(
            title=str(raw.get("title", "")),
            stage=stage,
            level=str(raw.get("level", "")),
            after=order.after,
            before=order.before,
            span=self._made(Span, raw["span"]) if self.floor and "span" in raw else None,
            outcomes={key: self._outcome(one) for key, one in (raw.get("outcomes") or {}).items()}
            if self.floor
            else {},
            confirms=str(raw.get("confirms", "")) if self.floor else "",
            completes=str(raw.get("completes", "")) if self.floor else "",
        )

    def _shared(self, raw: dict[str, Any], shared: Any) -> StepFacts:
        for key, own in (("stage", shared.stage), ("level", shared.level)):
            value = str(raw.get(key, own)).rpartition("/")[2]
            if value != own:
                self.bad(f"共用环节的 {key} 应为“{own}”，写的是“{value}”。可以省略不写。")
        return StepFacts(
            title=shared.title,
            stage=shared.stage,
            level=shared.level,
            after=tuple(dict.fromkeys([*shared.after, *_listed(raw.get("after"))])),
            before=tuple(dict.fromkeys([*shared.before, *_listed(raw.get("before"))])),
            completes=shared.completes,
        )

    def _outcome(self, raw: Any) -> Outcome:
        if raw in ("continue", "close"):
            return Outcome(then=raw)
        return self._made(Outcome, {"then": "repeat", **raw}) if isinstance(raw, dict) else Outcome()

    def _made(self, kind: Any, raw: Any) -> Any:
        try:
            return msgspec.convert(raw, kind)
        except msgspec.ValidationError as error:
            what, path = clause(error)
            self.bad(f"{kind.__name__.lower()} 的写法不对：{path}{what}。")
            return None


def _listed(raw: Any) -> tuple[str, ...]:
    if raw is None:
        return ()
    return tuple(str(one) for one in raw) if isinstance(raw, list) else (str(raw),)


def _words(kind: type[Facet], params: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The vocabulary words in a facet's raw parameters: elements of sets (alternatives apart) and keys of periods."""
    encoded = {field.name: field.encode_name for field in msgspec.structs.fields(kind)}
    for param, how in joins(kind):
        value = params.get(encoded[param])
        if isinstance(how, Union) and isinstance(value, list):
            for word in sorted({part for one in value if isinstance(one, str) for part in one.split("|")}):
                yield param, word
        elif isinstance(how, Longest | Shortest) and isinstance(value, dict) and not is_blank(value):
            for key in value:
                yield param, str(key)
