"""The versions of a unit's activations as sentences: who changed what, from when, and why."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from dangwu import Policy
from tenants.policies.changes import Activation, Choice
from tenants.policies.shelf import is_readable, title_of
from tenants.policies.texts import known
from tenants.policies.updates import carried
from web.policies.plugin.fill import shown_fill
from web.policies.words.said import quoted, text_name

MOST_NAMES = 8
"""More rules than these are counted, not named."""


class HistoryLine(msgspec.Struct, frozen=True):
    """One decision: what was done, and what it changed, sentence by sentence."""

    id: UUID
    at: datetime | None
    by_name: str
    plugin: str
    title: str
    installed: bool
    said: str
    changes: tuple[str, ...]
    basis: str


def history_lines(versions: Sequence[Activation]) -> list[HistoryLine]:
    """From all versions at a unit, newest first. An adjustment writes two versions; they are one line."""
    by_id = {item.id: item for item in versions}
    closed = {item.id: before for item in versions if (before := _closed_for(item, versions)) is not None}
    skipped = {item.id for item in closed.values()}
    return [
        line_of(item, closed.get(item.id) or by_id.get(item.supersedes or item.id))
        for item in versions
        if item.id not in skipped
    ]


def _closed_for(item: Activation, versions: Iterable[Activation]) -> Activation | None:
    """The version that was closed when `item` began, where an adjustment takes effect on a later day."""
    if item.act != "change" or item.supersedes is not None:
        return None
    adopted = known(item.text)
    names = (item.plugin, *(adopted.was if adopted is not None else ()))
    fitting = [
        one
        for one in versions
        if one.act == "change" and one.supersedes and one.plugin in names and one.until == item.since
    ]
    earlier = [one for one in fitting if one.at and item.at and one.at <= item.at]
    return max(earlier, key=lambda one: one.at or datetime.min, default=None)


def line_of(item: Activation, before: Activation | None) -> HistoryLine:
    """One version against the one before it (itself or None: there was none)."""
    if before is not None and before.id == item.id:
        before = None
    return HistoryLine(
        id=item.id,
        at=item.at,
        by_name=item.by_name,
        plugin=item.plugin,
        title=title_of(item),
        installed=is_readable(item.plugin),
        said=item.decided,
        changes=tuple(_changes(item, before)),
        basis=item.choice.basis,
    )


def _changes(item: Activation, before: Activation | None) -> Iterable[str]:
    if item.act in ("end", "withdraw"):
        return
    policy, old = known(item.text), known(before.text) if before else None
    if policy is None:
        return
    yield from _text_changes(item, before)
    was = before.choice if before else Choice()
    yield from choice_changes(policy, carried(was, old, policy) if old else was, item.choice)
    if (
        item.act == "change"
        and before is not None
        and before.until != item.until
        and before.until != item.since
    ):
        yield f"停用日期由{before.until or '未定'}改为{item.until or '未定'}。"


def _text_changes(item: Activation, before: Activation | None) -> Iterable[str]:
    """That it goes by another text from then on, and how that one differs; and how an old activation came by its text."""
    policy, old = known(item.text), known(before.text) if before else None
    if item.pinned_on is not None and before is None:
        yield f"启用时还没有保存政策文本，按 {item.pinned_on} 安装的文本（{named(item)}）固定。"
    if policy is not None and old is not None and before is not None and item.text != before.text:
        what = "自带的程序已更换，" if policy == old else ""
        yield f"{what}执行的文本由{named(before)}改为{named(item)}。"


def named(item: Activation) -> str:
    """The text of an activation, so that it can be told from others."""
    found = known(item.text)
    return text_name(found, item.text or "") if found is not None else "（没有文本）"


def choice_changes(policy: Policy, before: Choice, now: Choice) -> Iterable[str]:
    """What is different in what a unit has chosen, a sentence each."""
    for rules, words in (
        (now.without - before.without, "不执行"),
        (before.without - now.without, "恢复执行"),
        (now.also - before.also, "另外启用"),
        (before.also - now.also, "不再另外启用"),
    ):
        if rules:
            yield f"{words}：{_named(policy, rules)}。"
    for name, blank in policy.blanks.items():
        one, two = shown_fill(blank, before.fill.get(name)), shown_fill(blank, now.fill.get(name))
        if one != two:
            changed = (
                f"由“{one}”改为“{two}”" if one and two else f"填为“{two}”" if two else f"原填“{one}”，现不填"
            )
            yield f"填空“{blank.title}”：{changed}。"


def _named(policy: Policy, rules: frozenset[str]) -> str:
    titles = {rule.id: rule.title or rule.step.title for rule in reversed(policy.rules)}
    listed = [titles.get(rule, rule) for rule in policy.rule_ids() if rule in rules]
    shown = "、".join(quoted(title) for title in listed[:MOST_NAMES])
    return shown if len(listed) <= MOST_NAMES else f"{shown}等 {len(listed)} 条规则"
