"""What a rehearsal expects: read, and held against where the case stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from msgspec import to_builtins

from dangwu.author.rehearse_read import RehearsalReader
from dangwu.errors import nearest
from dangwu.judge.standing import Standing, StepStanding
from dangwu.policy.plan import Asks
from dangwu.policy.policy import OnFailure
from dangwu.regime.regime import Regime
from dangwu.regime.yearly import YearPlan
from dangwu.say import explain

KEYS = (
    "step", "state", "because", "not_because", "until", "due", "level", "side", "follows", "rule", "not_rule", "lacks",
    "stage", "open", "status", "membership", "ended", "rating", "round", "of", "grade", "proposes",
    "duty", "opens", "escalated", "amount", "plan", "conflict", "asks",
)  # fmt: skip
NOTHING = "none"
"""The state that says that no such duty is owed then, or that there is no such rating."""
OF_A_STEP = (
    "state", "because", "not_because", "until", "due", "level", "side", "follows", "rule", "not_rule", "lacks",
)  # fmt: skip
"""What an expectation can only say of a named step."""
BESIDE = {"conflict": ("plan",), "asks": ("plan", "rating"), "lacks": ("because",)}
"""What has a meaning only beside one of these."""
LISTS = ("because", "not_because", "rule", "not_rule", "lacks", "open", "proposes", "escalated", "conflict")
OF_A_SCHEME = ("of", "having", "level", "scale", "items", "due", "propose", "decide", "formal", "ungraded")
"""What can be expected of a rating scheme itself: of who proposes and decides the level, of the rounds their last days."""


def expectation(reader: RehearsalReader, raw: Any, where: str) -> dict[str, Any]:
    """What is expected, lists as lists; nothing at all, or a state of no step, would always hold."""
    found = dict(reader.mapping(raw, KEYS, f"{where} expect "))
    line = int(getattr(raw, "line", 0))
    about = {"step", "rating", "duty"} & found.keys()
    loose = [key for key in OF_A_STEP if key in found and not about]
    loose = [] if loose == ["rule"] and "plan" in found else loose
    if loose:
        raise reader.wrong(f"{where} expect 写了 {'、'.join(loose)}，还要写 step（哪一环节）。", line)
    if not found.keys() - {"step", "duty", "plan"}:
        raise reader.wrong(f"{where} expect 没有写要核对什么。可用的有：{'、'.join(KEYS)}。", line)
    for key, beside in BESIDE.items():
        if key in found and not found.keys() & beside:
            raise reader.wrong(f"{where} expect 写了 {key}，还要写 {' 或 '.join(beside)}。", line)
    parts = Asks.__struct_fields__ if "plan" in found else OF_A_SCHEME
    reader.mapping(found.get("asks"), parts, f"{where} expect.asks ")
    for key in LISTS:
        if key in found:
            found[key] = reader.words(found[key], f"{where} expect.{key} ")
    for key in ("until", "due", "opens"):
        if found.get(key) is not None:
            reader.day(found[key], f"{where} expect.{key} ")
    return found


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
        if shown(wanted) != (there := shown(asks.get(part))):
            yield f"{where} {expect['plan']}：asks.{part} 期望 {shown(wanted)}，实际 {there}。"
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
    for key in ("level", "side"):
        there = getattr(step.rules, key, "无")
        if key in expect and expect[key] != there:
            yield f"{name}：{key} 期望 {expect[key]}，实际 {there}。"
    if "follows" in expect and expect["follows"] != (then := _then(step.follows)):
        yield f"{name}：follows 期望 {expect['follows']}，实际 {then}。"
    codes = step.because()
    for code in expect.get("because", []):
        if code not in codes:
            yield f"{name}：期望有 {code}，实际有 {listed(codes)}（{step.state}）。{found}"
    for code in expect.get("not_because", []):
        if code in codes:
            yield f"{name}：不应有 {code}。"
    if "lacks" in expect:
        keys = {key for one in step.findings if one.code in expect["because"] for key in one.keys if key}
        if keys != {*expect["lacks"]}:
            yield f"{name}：lacks 期望 {listed(expect['lacks'])}，实际 {listed(keys)}。"
    behind = step.behind(expect["because"]) if "because" in expect else step.cited
    for rule in expect.get("rule", []):
        if rule not in behind:
            hint = nearest(rule, behind)
            yield f"{name}：没有引用规则 {rule}{hint}。引用的有：{listed(behind)}。"
    for rule in behind & {*expect.get("not_rule", [])}:
        yield f"{name}：不应引用规则 {rule}。"


def _then(follows: OnFailure) -> str:
    """As a rule writes it, a step by its id."""
    return "close" if follows.close else follows.return_to or "retry"


def listed(words: Iterable[str]) -> str:
    """Words in a sentence."""
    return "、".join(sorted(words)) or "无"


def shown(value: Any) -> str:
    """A part of a plan, its words in one order."""
    if isinstance(value, list | tuple | frozenset):
        return listed(map(str, value))
    return "无" if value is None else str(value)


def _where_it_stands(regime: Regime, standing: Standing) -> str:
    lines = [
        f"{explain.title(regime, step)}（{standing.steps[step].state}）"
        + "".join(explain.sentence(regime, one) for one in standing.steps[step].findings)
        for step in standing.open
    ]
    return "现在：" + "；".join(lines) if lines else ""


__all__ = ["KEYS", "NOTHING", "expectation", "listed", "shown", "unmet", "unmet_of_plan"]
