"""Rehearsals: scripted cases in YAML that a party clerk can read. See design §3.7 for the format."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import msgspec

from dangwu import explain
from dangwu.acts import can_return, least, refusals
from dangwu.case import Case, Facts, Record, Return, Subject
from dangwu.catalogue import FLOOR
from dangwu.errors import ConflictError, EvidenceError, RehearsalError, nearest
from dangwu.evaluate import evaluate
from dangwu.facet import FACETS
from dangwu.plugins import Plugins
from dangwu.regime import Adoption, Regime
from dangwu.source_lines import read
from dangwu.standing import Standing, StepStanding

KEYS = ("title", "procedure", "policies", "subject", "given", "script", "compile", "note")
ACT_KEYS = ("day", "do", "record", "return", "tags", "dates", "expect", "refused", "entered", "because")
EXPECT_KEYS = (
    "step", "state", "because", "not_because", "until", "due", "rule", "stage", "open", "status", "membership",
)  # fmt: skip


class Outcome(msgspec.Struct, frozen=True):
    """A rehearsal's result: `problems` are the expectations that do not hold, each a sentence; empty means it passed."""

    title: str
    problems: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """Whether all expectations hold."""
        return not self.problems


def rehearse(plugins: Plugins, text: str, *, where: str = "rehearsal.yaml") -> Outcome:
    """Play a rehearsal. Raises RehearsalError if it cannot be read."""
    raw = read(text, where)
    if not isinstance(raw, dict):
        raise RehearsalError([f"{where}：排演应以 title、given、script 各项开头。"])
    _known(raw, KEYS, where)
    title = str(raw.get("title", where))
    try:
        regime = plugins.compose(_adoptions(plugins, raw.get("policies") or [], where))
    except ConflictError as error:
        if raw.get("compile") == "refused":
            return Outcome(title, ())
        return Outcome(title, tuple(f"这些政策不能同时启用：{one}" for one in error.problems))
    if raw.get("compile") == "refused":
        return Outcome(title, ("期望这些政策不能同时启用，实际可以。",))
    return Outcome(title, tuple(_Stage(regime, raw, where).play()))


def _known(raw: Mapping[str, Any], keys: tuple[str, ...], where: str) -> None:
    for key in raw:
        if key not in keys:
            line = getattr(raw, "line", 0)
            raise RehearsalError(
                [
                    f"{where} 第 {line} 行：有不认识的“{key}”{nearest(str(key), keys)}。可用的有：{'、'.join(keys)}。"
                ]
            )


def _adoptions(plugins: Plugins, listed: list[Any], where: str) -> list[Adoption]:
    found = []
    for one in listed:
        item = {"plugin": one} if isinstance(one, str) else dict(one)
        policy = plugins.policies.get(item.get("plugin", ""))
        if policy is None:
            name = str(item.get("plugin"))
            raise RehearsalError([f"{where}：没有安装插件“{name}”{nearest(name, plugins.policies)}。"])
        for key in item:
            if key not in ("plugin", "from", "until", "without", "also", "fill"):
                raise RehearsalError([f"{where}：policies 中有不认识的“{key}”。"])
        for rule in (*item.get("without", []), *item.get("also", [])):
            known = {*policy.rule_ids(), *(name.removeprefix(f"{policy.id}.") for name in policy.rule_ids())}
            if rule not in known:
                raise RehearsalError([f"{where}：插件 {policy.id} 没有规则“{rule}”{nearest(rule, known)}。"])
        found.append(
            Adoption(
                policy,
                item.get("from"),
                item.get("until"),
                frozenset(item.get("without", [])),
                frozenset(item.get("also", [])),
                item.get("fill", {}),
            )
        )
    return found


class _Stage:
    def __init__(self, regime: Regime, raw: Mapping[str, Any], where: str) -> None:
        self.regime, self.raw, self.where = regime, raw, where
        self.procedure = str(raw.get("procedure", "admission"))
        subject = raw.get("subject") or {}
        self.case = Case(
            Subject(subject.get("born"), frozenset(subject.get("tags", [])), subject.get("dates", {})),
            procedure=self.procedure,
            given=self._given(raw.get("given") or {}),
        )

    def _step(self, name: Any) -> str:
        plan = self.regime.plan(self.procedure)
        if name not in plan.by_id:
            known = [*plan.by_id, *FLOOR.get(self.procedure, ())]
            raise RehearsalError(
                [
                    f"{self.where}：这些政策下没有环节“{name}”{nearest(str(name), known)}。请核对环节标识，或检查是否漏写政策。"
                ]
            )
        return str(name)

    def _given(self, given: Mapping[str, Any]) -> dict[str, date]:
        found: dict[str, date] = {}
        through, day = given.get("through"), given.get("day")
        if through is not None:
            if not isinstance(day, date):
                raise RehearsalError(
                    [f"{self.where}：given 写了 through，还要写 day（这些环节办结的日期）。"]
                )
            floor = FLOOR[self.procedure]
            if through not in floor:
                raise RehearsalError(
                    [
                        f"{self.where}：given.through“{through}”不是国家规定的环节{nearest(str(through), floor)}。"
                    ]
                )
            present = self.regime.on(day, frozenset(), self.procedure).steps
            found = {step: day for step in floor[: floor.index(through) + 1] if step in present}
        for step, one in given.items():
            if step not in ("through", "day"):
                found[self._step(step)] = one
        return found

    def play(self) -> Iterator[str]:
        for number, act in enumerate(self.raw.get("script") or [], 1):
            _known(act, (*ACT_KEYS, *FACETS), self.where)
            day = act.get("day")
            if not isinstance(day, date):
                raise RehearsalError([f"{self.where}：script 第 {number} 项缺少 day（日期）。"])
            where = f"第 {number} 项（{day}）"
            if "do" in act or "record" in act:
                yield from self._record(act, day, where)
            elif "return" in act:
                yield from self._return(act, day, where)
            elif "tags" in act or "dates" in act:
                tags = frozenset(act["tags"]) if "tags" in act else None
                self.case = self.case.with_entry(Facts(day, tags, act.get("dates")))
            if "expect" in act:
                yield from self._expect(act["expect"], day, where)

    def _record(self, act: Mapping[str, Any], day: date, where: str) -> Iterator[str]:
        step = self._step(act.get("do") or act.get("record"))
        given = {name: act[name] for name in act if name in FACETS}
        filled = least(self.regime, self.case, step, day, given) if "do" in act else [given]
        for evidence in filled:
            try:
                record = Record.of(step, day, evidence, entered=act.get("entered"))
            except EvidenceError as error:
                if not act.get("refused"):
                    yield from (f"{where}：{one}" for one in error.problems)
                return
            why = refusals(self.regime, self.case, record)
            if why and not act.get("refused"):
                reasons = "".join(explain.sentence(self.regime, one) for one in why)
                yield f"{where}：“{explain.title(self.regime, step)}”不能记录：{reasons}"
                return
            if why:
                codes = {one.code for one in why}
                for code in act.get("because") or []:
                    if code not in codes:
                        yield f"{where}：期望因 {code} 不能记录，实际是 {'、'.join(sorted(codes))}。"
                return
            self.case = self.case.with_entry(record)
        if act.get("refused"):
            yield f"{where}：期望“{explain.title(self.regime, step)}”不能记录，实际记录成功。"

    def _return(self, act: Mapping[str, Any], day: date, where: str) -> Iterator[str]:
        back = Return(self._step(act["return"]), day)
        why = can_return(self.regime, self.case, back)
        if bool(why) != bool(act.get("refused")):
            reasons = "".join(explain.sentence(self.regime, one) for one in why) or "可以退回。"
            yield f"{where}：退回到“{explain.title(self.regime, back.step)}”与期望不符：{reasons}"
        if not why:
            self.case = self.case.with_entry(back)

    def _expect(self, expect: Mapping[str, Any], day: date, where: str) -> Iterator[str]:
        _known(expect, EXPECT_KEYS, self.where)
        standing = evaluate(self.regime, self.case, day)
        for key, actual in (
            ("stage", standing.stage), ("status", standing.status), ("membership", standing.membership),
        ):  # fmt: skip
            if key in expect and expect[key] != actual:
                yield f"{where}：{key} 期望 {expect[key]}，实际 {actual}。{_where_it_stands(self.regime, standing)}"
        if "open" in expect and sorted(expect["open"]) != sorted(standing.open):
            yield f"{where}：open 期望 {sorted(expect['open'])}，实际 {sorted(standing.open)}。{_where_it_stands(self.regime, standing)}"
        if "step" in expect:
            step = self._step(expect["step"])
            yield from self._expect_step(
                expect, standing.steps.get(step) or StepStanding(step, "waived"), where
            )

    def _expect_step(self, expect: Mapping[str, Any], step: StepStanding, where: str) -> Iterator[str]:
        name = f"{where} {step.id}"
        for key in ("state", "until", "due"):
            if key in expect and expect[key] != getattr(step, key):
                found = "".join(explain.sentence(self.regime, one) for one in step.findings)
                yield f"{name}：{key} 期望 {expect[key]}，实际 {getattr(step, key)}。{found}"
        codes = step.because()
        for code in expect.get("because", []):
            if code not in codes:
                yield f"{name}：期望有 {code}，实际有 {'、'.join(sorted(codes)) or '无'}。"
        for code in expect.get("not_because", []):
            if code in codes:
                yield f"{name}：不应有 {code}。"
        for rule in expect.get("rule", []):
            if rule not in step.cited:
                yield f"{name}：没有引用规则 {rule}{nearest(rule, step.cited)}。引用的有：{'、'.join(sorted(step.cited)) or '无'}。"


def _where_it_stands(regime: Regime, standing: Standing) -> str:
    lines = [
        f"{explain.title(regime, step)}（{standing.steps[step].state}）"
        + "".join(explain.sentence(regime, one) for one in standing.steps[step].findings)
        for step in standing.open
    ]
    return "现在：" + "；".join(lines) if lines else ""


__all__ = ["Outcome", "rehearse"]
