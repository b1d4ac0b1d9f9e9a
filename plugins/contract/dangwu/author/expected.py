"""What a rehearsal expects, held against where the case stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from msgspec import to_builtins

from dangwu.errors import nearest
from dangwu.judge.standing import Standing, StepStanding
from dangwu.regime.regime import Regime
from dangwu.regime.yearly import YearPlan
from dangwu.say import explain


def unmet(regime: Regime, standing: Standing, expect: Mapping[str, Any], where: str) -> Iterator[str]:
    """A sentence for each expectation that does not hold."""
    now = _where_it_stands(regime, standing)
    for key in ("stage", "status", "membership", "ended"):
        if key in expect and expect[key] != getattr(standing, key):
            yield f"{where}：{key} 期望 {expect[key]}，实际 {getattr(standing, key)}。{now}"
    if "open" in expect and sorted(expect["open"]) != sorted(standing.open):
        yield f"{where}：open 期望 {listed(expect['open'])}，实际 {listed(standing.open)}。{now}"
    if "step" in expect:
        found = standing.steps.get(expect["step"]) or StepStanding(expect["step"], "waived")
        yield from _unmet_of_step(regime, expect, found, where)


def unmet_of_plan(asked: YearPlan | None, expect: Mapping[str, Any], where: str) -> Iterator[str]:
    """The same of a yearly plan: which rules ask something of it, and which of them cannot both be."""
    rules = {rule for ids in asked.origins.values() for rule in ids} if asked else set()
    torn = {rule for side in (asked.conflict if asked else None) or () for rule in side}
    for rule in expect.get("rule", []):
        if rule not in rules:
            yield f"{where} {expect['plan']}：没有引用规则 {rule}{nearest(rule, rules)}。引用的有：{listed(rules)}。"
    asks = to_builtins(asked.asks) if asked else {}
    for part, wanted in expect.get("asks", {}).items():
        if _shown(wanted) != (there := _shown(asks.get(part))):
            yield f"{where} {expect['plan']}：asks.{part} 期望 {_shown(wanted)}，实际 {there}。"
    if "conflict" in expect and set(expect["conflict"]) != torn:
        yield f"{where} {expect['plan']}：conflict 期望 {listed(expect['conflict'])}，实际 {listed(torn)}。"


def _unmet_of_step(
    regime: Regime, expect: Mapping[str, Any], step: StepStanding, where: str
) -> Iterator[str]:
    name = f"{where} {step.id}"
    found = "".join(explain.sentence(regime, one) for one in step.findings)
    for key in ("state", "until", "due"):
        if key in expect and expect[key] != getattr(step, key):
            yield f"{name}：{key} 期望 {expect[key]}，实际 {getattr(step, key)}。{found}"
    level = step.rules.level if step.rules else ""
    if "level" in expect and expect["level"] != level:
        yield f"{name}：level 期望 {expect['level']}，实际 {level or '无'}。"
    codes = step.because()
    for code in expect.get("because", []):
        if code not in codes:
            yield f"{name}：期望有 {code}，实际有 {listed(codes)}（{step.state}）。{found}"
    for code in expect.get("not_because", []):
        if code in codes:
            yield f"{name}：不应有 {code}。"
    behind = step.behind(expect["because"]) if "because" in expect else step.cited
    for rule in expect.get("rule", []):
        if rule not in behind:
            hint = nearest(rule, behind)
            yield f"{name}：没有引用规则 {rule}{hint}。引用的有：{listed(behind)}。"


def listed(words: Iterable[str]) -> str:
    """Words in a sentence."""
    return "、".join(sorted(words)) or "无"


def _shown(value: Any) -> str:
    """A part of a plan, its words in one order."""
    return (
        listed(map(str, value)) if isinstance(value, list | tuple) else "无" if value is None else str(value)
    )


def _where_it_stands(regime: Regime, standing: Standing) -> str:
    lines = [
        f"{explain.title(regime, step)}（{standing.steps[step].state}）"
        + "".join(explain.sentence(regime, one) for one in standing.steps[step].findings)
        for step in standing.open
    ]
    return "现在：" + "；".join(lines) if lines else ""


__all__ = ["listed", "unmet", "unmet_of_plan"]
