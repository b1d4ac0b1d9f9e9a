"""One entry of a policy file."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import msgspec

from dangwu.errors import nearest
from dangwu.facets.reading import brief
from dangwu.facets.registry import FACETS
from dangwu.policy.blanks import blanks_in
from dangwu.policy.known import Known
from dangwu.policy.load_facet import Ground, contradictory, misplaced, misread, misworded
from dangwu.policy.policy import Cite, Duty, OnFailure, Outcome, Policy, Rating, Rule, Span, StepFacts
from dangwu.policy.steps import Steps
from dangwu.shapes.faults import faults, said
from dangwu.text.reader import line_of
from dangwu.values.bounds import FIRST_DAY, LAST_DAY, is_possible
from dangwu.values.catalogue import INSERTED
from dangwu.values.vocabulary import LEVELS
from dangwu.values.word import words

ID = re.compile(r"^[a-z0-9]+(-[a-z0-9]+)*$")
RULE_ID = re.compile(r"^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)+$")
VERBS = ("add", "tighten", "duty", "rating", "tag", "term")
PLAIN = (
    "id", "title", "note", "since", "until", "when", "off", "basis", "checked", "blanks", "cite", "on_failure",
    "after", "before", "stage", "level",
)  # fmt: skip
LONGEST_ID = 80
FLOOR_ONLY = ("span", "outcomes", "confirms", "completes")


class RuleReader:
    """Reads rules of one policy; problems go to `problem(sentence, line)`."""

    def __init__(
        self,
        policy: Policy,
        steps: Steps,
        known: Known,
        floor: Ground,
        problem: Callable[[str, int], None],
    ) -> None:
        self.policy, self.steps, self.known, self.ground = policy, steps, known, floor
        self.floor = policy.floor
        self._problem = problem
        self.raw: Any = None
        self.name = ""
        self.fine = True

    def bad(self, sentence: str, *path: Any) -> None:
        """Report a problem of the rule at hand, at a path within it."""
        self.fine = False
        self._problem(f"规则 {self.name}：{sentence}" if self.name else sentence, line_of(self.raw, path))

    def rule(self, raw: dict[str, Any]) -> Rule | None:
        """The rule, or None when it has problems (all of them are reported)."""
        self.raw, self.name, self.fine = raw, brief(raw.get("id", "")), True
        if not isinstance(raw.get("id"), str) or len(self.name) > LONGEST_ID or not RULE_ID.match(self.name):
            self.bad(
                f"id“{self.name}”应写作 主题.规则（小写字母、数字和连字符，例如 public.fifteen-days）。", "id"
            )
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
        if self.fine:
            for name, what in contradictory(found, self.ground):
                self.bad(what, name)
        return found if self.fine else None

    def _unknown(self, raw: dict[str, Any]) -> None:
        known = (*PLAIN, *VERBS, *FACETS, *(FLOOR_ONLY if self.floor else ()))
        for key in raw:
            if key in FLOOR_ONLY and key not in known:
                self.bad(
                    f"“{key}”是国家规定的定数，地方规则不能写。请删去这一项；要更严的，另写要求（例如 timing）。",
                    key,
                )
            elif key not in known:
                hint = nearest(str(key), known, {name: kind.title for name, kind in FACETS.items()})
                self.bad(
                    f"有不认识的字段“{brief(key)}”{hint}。可用的要求有：{'、'.join(sorted(FACETS))}。", key
                )

    def _read(self, raw: dict[str, Any], verb: str) -> Rule:
        procedure, steps = self._steps(raw, verb)
        facets = {name: raw[name] for name in raw if name in FACETS}
        for name, params in facets.items():
            self._facet(name, params, procedure, steps)
        cites = self._cites(raw.get("cite"))
        return Rule(
            id=f"{self.policy.id}.{self.name}",
            plugin=self.policy.id,
            kind=verb,  # type: ignore[arg-type]
            cite=cites[-1],
            cited_before=cites[:-1],
            title=self._text(raw, "title"),
            note=self._text(raw, "note"),
            procedure=procedure,
            steps=steps,
            facets=facets,
            step=self._placed(raw, verb, procedure, steps),
            on_failure=self._on_failure(raw.get("on_failure", "retry"), procedure),
            **self._dates(raw),
            when=self._when(raw["when"]) if "when" in raw else frozenset(),
            off=self._flag(raw, "off"),
            basis=self._one(raw, "basis", ("stated", "inferred", "title-only", "partial"), "stated"),  # type: ignore[arg-type]
            checked=self._one(raw, "checked", ("verified", "second-hand", "unverified"), "verified"),  # type: ignore[arg-type]
            blanks=self._blanks(raw, facets),
            duty=self._made(Duty, raw["duty"], "duty") if verb == "duty" else None,
            rating=self._made(Rating, raw["rating"], "rating") if verb == "rating" else None,
            words=dict(raw[verb]) if verb in ("tag", "term") and isinstance(raw[verb], dict) else {},
            line=line_of(raw),
        )

    def _placed(self, raw: dict[str, Any], verb: str, procedure: str, steps: tuple[str, ...]) -> StepFacts:
        if procedure not in self.steps.titles:
            return StepFacts()  # said already; nothing can be before or after there
        return self._facts(raw, procedure, steps) if verb == "add" else self._order(raw, procedure)

    def _text(self, raw: dict[str, Any], key: str) -> str:
        value = raw.get(key, "")
        if not isinstance(value, str):
            self.bad(f"{key} 应为文字，得到的是“{brief(value)}”。", key)
            return ""
        return value

    def _steps(self, raw: dict[str, Any], verb: str) -> tuple[str, tuple[str, ...]]:
        if verb not in ("add", "tighten"):
            return "", ()
        given = raw[verb] if isinstance(raw[verb], list) else [raw[verb]]
        if verb == "add" and len(given) != 1:
            self.bad(
                f"add 一次只能增设一个环节，写作 add: {next(iter(self.steps.titles), '流程')}/环节。", verb
            )
        elif not given:
            self.bad(
                f"tighten 没有写环节。应写作 tighten: {next(iter(self.steps.titles), '流程')}/环节，或它们的列表。",
                verb,
            )
        found: dict[str, None] = {}
        procedures = set()
        for number, one in enumerate(given):
            procedure, _, step = one.partition("/") if isinstance(one, str) else (brief(one), "", "")
            wrong = self._step(verb, procedure, step)
            if wrong:
                self.bad(wrong, verb, number)
            procedures.add(procedure)
            found[step] = None
        if len(procedures) > 1:
            self.bad("一条规则只能涉及一个流程的环节。", verb)
        return next(iter(procedures), ""), tuple(found)

    def _step(self, verb: str, procedure: str, step: str) -> str:
        """What is wrong with a step to add or tighten; empty if nothing is."""
        known = self.steps.titles
        if procedure not in known:
            return f"不认识的流程“{brief(procedure)}”{nearest(procedure, known)}。应写作 流程/环节，流程有：{'、'.join(known)}。"
        if verb == "add" and (len(step) > LONGEST_ID or not ID.match(step)):
            return f"环节标识“{brief(step)}”应为小写字母、数字和连字符，例如 {procedure}/home-visit。"
        if verb == "add" and not self.floor and step in self.steps.of_the_floor.get(procedure, ()):
            return f"“{step}”是国家规定已有的环节，不能再增设。要从严的，请写 tighten: {procedure}/{step}。"
        if step not in known[procedure]:
            return f"不认识的环节“{procedure}/{brief(step)}”{self._nearest(procedure, step)}。"
        return ""

    def _nearest(self, procedure: str, step: str) -> str:
        titles = self.steps.titles.get(procedure, {})
        return nearest(step, titles, {one: title for one, title in titles.items() if title})

    def _facet(self, name: str, params: Any, procedure: str, steps: tuple[str, ...]) -> None:
        fine = True
        for path, what in misread(name, params, self.policy.blanks):
            fine = False
            self.bad(what, name, *path)
        for path, what in misworded(name, params, self.known) if fine else ():
            self.bad(what, name, *path)
        for path, what in misplaced(name, params, procedure, steps, self.steps) if fine else ():
            self.bad(what, name, *path)

    def _cites(self, raw: Any) -> tuple[Cite, ...]:
        """The documents that say it, oldest first; the last is the one in force."""
        listed = raw if isinstance(raw, list) and raw else [raw]
        *before, cite = [self._cite(one) for one in listed]
        if any(one.until is None for one in before):
            self.bad("cite 写了几份文件的，旧的各写 until（失效的第一天），最新的写在最后。", "cite")
        return (*before, cite)

    def _cite(self, raw: Any) -> Cite:
        if not isinstance(raw, dict) or not raw.get("source") or not raw.get("clause"):
            self.bad(
                f"{'出处不完整' if raw else '缺少出处'}。每条规则都要写 cite: {{source: 文件标识, clause: 条款}}。",
                "cite",
            )
            return Cite("", "")
        found: Cite | None = self._made(Cite, raw, "cite")
        if found is None:
            return Cite("", "")
        if found.source not in self.policy.sources:
            self.bad(
                f"出处“{found.source}”没有在 sources 中列出{nearest(found.source, self.policy.sources)}。",
                "cite",
                "source",
            )
        return found

    def _flag(self, raw: dict[str, Any], key: str) -> bool:
        value = raw.get(key, False)
        if not isinstance(value, bool):
            self.bad(f"{key} 应为 true 或 false，得到的是“{brief(value)}”。", key)
        return value is True

    def _dates(self, raw: dict[str, Any]) -> dict[str, date | None]:
        since, until = self._day(raw, "since"), self._day(raw, "until")
        if since and until and since >= until:
            self.bad(f"until（{until}，失效的第一天）应晚于 since（{since}）。", "until")
        return {"since": since, "until": until}

    def _day(self, raw: dict[str, Any], key: str) -> date | None:
        value = raw.get(key)
        if key in raw and not isinstance(value, date):
            self.bad(
                f"{key} 应为日期，写作 2026-05-11（月、日都写两位，不加引号），得到的是“{brief(value)}”。",
                key,
            )
            return None
        if value is not None and not is_possible(value):
            self.bad(f"{key} 的日期 {value} 不可能，应在 {FIRST_DAY.year} 至 {LAST_DAY.year} 年之间。", key)
        return value

    def _when(self, raw: Any) -> frozenset[str]:
        if not raw or not isinstance(raw, list) or not all(isinstance(tag, str) for tag in raw):
            self.bad("when 应为标签的列表，例如 [rural]。", "when")
            return frozenset()
        for number, tag in enumerate(raw):
            what = self.known.wrong(tag, ("tag",))
            if what:
                self.bad(f"“when”中，{what}。", "when", number)
        return frozenset(raw)

    def _one(self, raw: dict[str, Any], key: str, words: tuple[str, ...], default: str) -> str:
        value = str(raw.get(key, default))
        if value not in words:
            self.bad(
                f"{key} 的值“{brief(value)}”不对{nearest(value, words)}。可用的有：{'、'.join(words)}。", key
            )
        return value

    def _blanks(self, raw: dict[str, Any], facets: dict[str, Any]) -> tuple[str, ...]:
        named = self._list(raw, "blanks")
        for one in named:
            if one not in self.policy.blanks:
                self.bad(f"填空“{one}”没有在 blanks 中声明{nearest(one, self.policy.blanks)}。", "blanks")
        return tuple(
            dict.fromkeys([*named, *(blank for params in facets.values() for blank in blanks_in(params))])
        )

    def _on_failure(self, raw: Any, procedure: str) -> OnFailure:
        if raw == "retry":
            return OnFailure()
        if raw == "close":
            return OnFailure(close=True)
        if isinstance(raw, dict) and set(raw) == {"return_to"}:
            step = str(raw["return_to"])
            if step not in self.steps.titles.get(procedure, ()):
                self.bad(
                    f"on_failure 要退回的环节“{brief(step)}”不存在{self._nearest(procedure, step)}。",
                    "on_failure",
                )
            return OnFailure(return_to=step)
        self.bad(
            f"on_failure 的值“{brief(raw)}”不对。可用的有：retry、close、{{return_to: 环节}}。", "on_failure"
        )
        return OnFailure()

    def _order(self, raw: dict[str, Any], procedure: str) -> StepFacts:
        order = {key: self._list(raw, key) for key in ("after", "before")}
        for key, listed in order.items():
            for one in listed:
                if one not in self.steps.titles.get(procedure, ()):
                    self.bad(f"{key} 中的环节“{brief(one)}”不存在{self._nearest(procedure, one)}。", key)
        return StepFacts(after=order["after"], before=order["before"])

    def _list(self, raw: dict[str, Any], key: str) -> tuple[str, ...]:
        value = raw.get(key, [])
        listed = value if isinstance(value, list) else [value]
        if not all(isinstance(one, str) for one in listed):
            self.bad(f"{key} 应为标识的列表，得到的是“{brief(value)}”。", key)
            return ()
        return tuple(listed)

    def _facts(self, raw: dict[str, Any], procedure: str, steps: tuple[str, ...]) -> StepFacts:
        shared = INSERTED.get(procedure, {}).get(steps[0]) if steps else None
        order = self._order(raw, procedure)
        if shared is not None:
            return self._shared(raw, shared, order)
        stage = str(raw.get("stage", "")).rpartition("/")[2]
        stages = self.steps.stages.get(procedure, {})
        if stage not in stages:
            hint = nearest(stage, stages, {one: title for one, title in stages.items() if title})
            written = f"，写的是“{brief(stage)}”{hint}" if stage else ""
            self.bad(f"新增的环节要写 stage（阶段）：{'、'.join(stages)}{written}。", "stage")
        level = str(raw.get("level", ""))
        if level not in LEVELS:
            written = f"，写的是“{brief(level)}”{nearest(level, LEVELS, LEVELS)}" if level else ""
            self.bad(f"新增的环节要写 level（由谁办）：{'、'.join(LEVELS)}{written}。", "level")
        if not raw.get("title"):
            self.bad("新增的环节要写 title（中文名称）。")
        if not self.floor and not (order.after and order.before):
            self.bad("新增的环节要写 after 和 before（在哪些环节之后、之前）。")
        return StepFacts(
            title=str(raw.get("title", "")),
            stage=stage,
            level=str(raw.get("level", "")),
            after=order.after,
            before=order.before,
            span=self._made(Span, raw["span"], "span") if self.floor and "span" in raw else None,
            outcomes={key: self._outcome(one) for key, one in (raw.get("outcomes") or {}).items()}
            if self.floor
            else {},
            confirms=str(raw.get("confirms", "")) if self.floor else "",
            completes=str(raw.get("completes", "")) if self.floor else "",
        )

    def _shared(self, raw: dict[str, Any], shared: Any, order: StepFacts) -> StepFacts:
        for key, own in (("stage", shared.stage), ("level", shared.level)):
            value = str(raw.get(key, own)).rpartition("/")[2]
            if value != own:
                self.bad(f"共用环节的 {key} 应为“{own}”，写的是“{brief(value)}”。可以省略不写。", key)
        return StepFacts(
            title=shared.title,
            stage=shared.stage,
            level=shared.level,
            after=tuple(dict.fromkeys([*shared.after, *order.after])),
            before=tuple(dict.fromkeys([*shared.before, *order.before])),
            completes=shared.completes,
        )

    def _outcome(self, raw: Any) -> Outcome:
        if raw in ("continue", "close"):
            return Outcome(then=raw)
        then = "repeat" if isinstance(raw, dict) and "repeat" in raw else "continue"
        return self._made(Outcome, {"then": then, **raw}, "outcomes") if isinstance(raw, dict) else Outcome()

    def _made(self, kind: Any, raw: Any, name: str) -> Any:
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
