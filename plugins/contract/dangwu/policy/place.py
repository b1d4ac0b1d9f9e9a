"""Where a rule applies: the steps that it adds or tightens, what stands before and after them, where a failure leads."""

from __future__ import annotations

from typing import Any, get_args

import msgspec

from dangwu.errors import nearest
from dangwu.facets.reading import brief
from dangwu.policy.entry import ID, LONGEST_ID, Entry
from dangwu.policy.policy import OnFailure, Outcome, Side, Span, StepFacts
from dangwu.policy.steps import Steps
from dangwu.text.slip import full_width
from dangwu.values.catalogue import INSERTED, Inserted
from dangwu.values.vocabulary import LEVELS


class Place:
    """Reads it from an entry that adds or tightens (`verb`); `floor` for one of the floor's own."""

    def __init__(self, entry: Entry, verb: str, steps: Steps, floor: bool) -> None:
        named = "gates" if verb == "plan" else verb
        self.entry, self.verb, self.known, self.floor = entry, named, steps, floor
        there = named in ("add", "tighten", "gates") and named in entry.raw
        self.procedure, self.steps = self._steps() if there else ("", ())

    def facts(self) -> StepFacts:
        """What the entry says of the step itself."""
        if self.procedure not in self.known.titles:
            return StepFacts()  # said already; nothing can be before or after there
        return self._added() if self.verb == "add" else self._order()

    def on_failure(self) -> OnFailure:
        """What may follow a negative conclusion."""
        raw = self.entry.raw.get("on_failure", "retry")
        if raw == "retry":
            if self.verb == "tighten" and "on_failure" in self.entry.raw:
                self.entry.bad(
                    "on_failure: retry 是最宽的，收紧的规则写了等于没有要求。请删去，或写 close、{return_to: 环节}。",
                    "on_failure",
                )
            return OnFailure()
        if raw == "close":
            return OnFailure(close=True)
        if isinstance(raw, dict) and set(raw) == {"return_to"}:
            step = str(raw["return_to"])
            if step not in self.known.titles.get(self.procedure, ()):
                self.entry.bad(
                    f"on_failure 要退回的环节“{brief(step)}”不存在{self._nearest(step)}。",
                    "on_failure",
                )
            for own in self.steps if self.entry.fine else ():
                if step == own or own in self.known.ahead(self.procedure, step):
                    self.entry.bad(
                        f"on_failure 要退回的环节“{step}”不在“{own}”之前，退回了也不能重办。请改为之前的环节；"
                        "原地重办的写 on_failure: retry。",
                        "on_failure",
                    )
            return OnFailure(return_to=step)
        self.entry.bad(
            f"on_failure 的值“{brief(raw)}”不对。可用的有：retry、close、{{return_to: 环节}}。", "on_failure"
        )
        return OnFailure()

    def _steps(self) -> tuple[str, tuple[str, ...]]:
        verb, written = self.verb, self.entry.raw[self.verb]
        given = written if isinstance(written, list) else [written]
        if verb == "add" and len(given) != 1:
            self.entry.bad(
                f"add 一次只能增设一个环节，写作 add: {next(iter(self.known.titles), '流程')}/环节。", verb
            )
        elif not given:
            self.entry.bad(
                f"{verb} 没有写环节。应写作 {verb}: {next(iter(self.known.titles), '流程')}/环节，或它们的列表。",
                verb,
            )
        found: dict[str, None] = {}
        procedures = set()
        for number, one in enumerate(given):
            procedure, _, step = one.partition("/") if isinstance(one, str) else (brief(one), "", "")
            wrong = self._wrong(procedure, step)
            if not wrong and step in found:
                wrong = f"环节“{procedure}/{step}”写了两次。请去掉一个。"
            if wrong:
                self.entry.bad(wrong, verb, number)
            procedures.add(procedure)
            found[step] = None
        if len(procedures) > 1:
            self.entry.bad("一条规则只能涉及一个流程的环节。", verb)
        return next(iter(procedures), ""), tuple(found)

    def _wrong(self, procedure: str, step: str) -> str:
        """What is wrong with a step to add or tighten; empty if nothing is."""
        known, verb = self.known.titles, self.verb
        if procedure not in known:
            hint = f"：{wide}" if (wide := full_width(procedure)) else nearest(procedure, known)
            return f"不认识的流程“{brief(procedure)}”{hint}。应写作 流程/环节，流程有：{'、'.join(known)}。"
        if verb == "add" and (len(step) > LONGEST_ID or not ID.match(step)):
            return f"环节标识“{brief(step)}”应为小写字母、数字和连字符，例如 {procedure}/home-visit。"
        if verb == "add" and not self.floor and step in self.known.of_the_floor.get(procedure, ()):
            return f"“{step}”是国家规定已有的环节，不能再增设。要从严的，请写 tighten: {procedure}/{step}。"
        if step not in known[procedure]:
            return f"不认识的环节“{procedure}/{brief(step)}”{self._nearest(step, procedure)}。"
        return ""

    def _nearest(self, step: str, procedure: str = "") -> str:
        titles = self.known.titles.get(procedure or self.procedure, {})
        return nearest(step, titles, {one: title for one, title in titles.items() if title})

    def _order(self) -> StepFacts:
        order = {key: self.entry.ids(key) for key in ("after", "before")}
        for key, listed in order.items():
            for one in listed:
                if one not in self.known.titles[self.procedure]:
                    self.entry.bad(f"{key} 中的环节“{brief(one)}”不存在{self._nearest(one)}。", key)
                elif one in self.steps:
                    self.entry.bad(f"{key} 中写了环节“{one}”自己。请去掉。", key)
        return StepFacts(after=order["after"], before=order["before"])

    def _added(self) -> StepFacts:
        shared = INSERTED.get(self.procedure, {}).get(self.steps[0]) if self.steps else None
        return self._own() if shared is None else self._shared(shared)

    def _own(self) -> StepFacts:
        order, title = self._order(), self.entry.text("title").strip()
        own = msgspec.structs.replace(order, title=title, stage=self._stage(), level=self._level())
        if "title" not in self.entry.raw:
            self.entry.bad("新增的环节要写 title（中文名称）。")
        for other, theirs in self.known.titles[self.procedure].items() if title else ():
            if theirs == title and other not in self.steps:
                self.entry.bad(f"“{title}”是环节“{other}”的名称，列表和说明中会混淆。请另取名称。", "title")
        if not self.floor and not (order.after and order.before):
            self.entry.bad("新增的环节要写 after 和 before（在哪些环节之后、之前）。")
        if own.stage in self.known.stages.get(self.procedure, {}):
            self._in_its_stage(own)
        return msgspec.structs.replace(own, **self._fixed()) if self.floor else own

    def _in_its_stage(self, own: StepFacts) -> None:
        """Tell of a step whose stage does not fit between the steps that it stands between."""
        beyond = self.known.beyond(self.procedure, own.stage, own.after, own.before)
        if beyond:
            title = self.known.stages[self.procedure][own.stage] or own.stage
            theirs = self.known.stage[self.procedure][beyond]
            self.entry.bad(
                f"stage 写的是 {own.stage}（{title}），可“{beyond}”属于 {theirs}，阶段的先后与 after、before 相反。"
                "请改 stage，或改 after、before。",
                "stage",
            )

    def _stage(self) -> str:
        stage = str(self.entry.raw.get("stage", "")).rpartition("/")[2]
        stages = self.known.stages.get(self.procedure, {})
        if stage not in stages:
            hint = nearest(stage, stages, {one: title for one, title in stages.items() if title})
            written = f"，写的是“{brief(stage)}”{hint}" if stage else ""
            self.entry.bad(f"新增的环节要写 stage（阶段）：{'、'.join(stages)}{written}。", "stage")
        return stage

    def _level(self) -> str:
        level = str(self.entry.raw.get("level", ""))
        if level not in LEVELS:
            written = f"，写的是“{brief(level)}”{nearest(level, LEVELS, LEVELS)}" if level else ""
            self.entry.bad(f"新增的环节要写 level（由谁办）：{'、'.join(LEVELS)}{written}。", "level")
        return level

    def _fixed(self) -> dict[str, Any]:
        """What the floor alone says of a step."""
        raw = self.entry.raw
        return {
            "span": self.entry.made(Span, raw["span"], "span") if "span" in raw else None,
            "outcomes": self._outcomes(raw.get("outcomes") or {}),
            "confirms": str(raw.get("confirms", "")),
            "completes": str(raw.get("completes", "")),
            "side": self.entry.choice("side", get_args(Side), "sending"),
        }

    def _shared(self, shared: Inserted) -> StepFacts:
        raw, order = self.entry.raw, self._order()
        for key, own in (("stage", shared.stage), ("level", shared.level)):
            value = str(raw.get(key, own)).rpartition("/")[2]
            if value != own:
                self.entry.bad(f"共用环节的 {key} 应为“{own}”，写的是“{brief(value)}”。可以省略不写。", key)
        return StepFacts(
            title=shared.title,
            stage=shared.stage,
            level=shared.level,
            after=tuple(dict.fromkeys([*shared.after, *order.after])),
            before=tuple(dict.fromkeys([*shared.before, *order.before])),
            completes=shared.completes,
        )

    def _outcomes(self, raw: Any) -> dict[str, Outcome]:
        for motion in raw:
            what = self.entry.known.wrong(str(motion), ("motion",))
            if what:
                self.entry.bad(f"outcomes 中，{what}。", "outcomes", motion)
        return {str(motion): self._outcome(one) for motion, one in raw.items()}

    def _outcome(self, raw: Any) -> Outcome:
        if raw in ("continue", "close"):
            return Outcome(then=raw)
        then = "repeat" if isinstance(raw, dict) and "repeat" in raw else "continue"
        return (
            self.entry.made(Outcome, {"then": then, **raw}, "outcomes")
            if isinstance(raw, dict)
            else Outcome()
        )
