"""What a duty asks for, in Chinese."""

from __future__ import annotations

from collections.abc import Iterator

from dangwu.duties.act import Lack
from dangwu.policy.duty import PER, Demand, Duty
from dangwu.say.titles import Titles, family, level
from dangwu.values.days import month_day
from dangwu.values.period import Period

OWERS = {"person": "每名党员", "group": "每个党小组"}
"""Who owes, where it is no organisation as a whole."""


def duty(one: Duty, known: Titles) -> Iterator[str]:
    """All of it, without full stops."""
    often = demand(one.demand, known) if one.demand else "每一次都这样办"
    yield f"{family(one.duty)}：{ower(one, known)}{often}"
    yield from shown_by(one, known)
    for name, after in one.escalate.items():
        yield f"逾期{'' if after == Period() else f' {after}'}没有办的，由{level(name)}督促"


def shown_by(one: Duty, known: Titles) -> Iterator[str]:
    """What an activity must show to count, without full stops."""
    shown = one.evidence
    if shown.activity and shown.activity != (one.duty,):
        yield f"可以是{'、'.join(map(family, shown.activity))}"
    if shown.share is not None:
        yield f"到会人数{shown.share.of('应到')}"
    if shown.papers:
        yield f"要有{_listed(known, sorted(shown.papers))}"
    if shown.themes:
        yield f"内容要有{_listed(known, sorted(shown.themes))}"
    if shown.by:
        yield f"由{_either(known, sorted(shown.by))}主讲或主持"


def ower(one: Duty, known: Titles) -> str:
    """Who owes it."""
    if one.owes.post:
        return f"{known.title(one.owes.post)}"
    return OWERS.get(one.owes.level) or level(one.owes.level)


def demand(one: Demand, known: Titles) -> str:
    """How often, or by when."""
    if one.by:
        days = [found for text in one.by if (found := month_day(text))]
        opens = f"（提前 {one.opens}起）" if one.opens else ""
        return f"每年 {'、'.join(f'{month} 月 {day} 日' for month, day in days)}以前各一次{opens}"
    if one.every is not None:
        return f"每隔不超过 {one.every}一次"
    if one.after:
        return f"在{known.title(one.after)}后 {one.within}以内一次"
    return f"{PER[one.per or 'year']}不少于 {f'{one.hours} 学时' if one.hours else f'{one.times} 次'}"


def lack(one: Lack, known: Titles) -> str:
    """Why an activity does not count, as a clause."""
    words = _either(known, one.words) if one.what == "by" else _listed(known, one.words)
    return {
        "attendance": "到会人数不足",
        "papers": f"缺少{words}",
        "themes": f"没有写明{words}的内容",
        "by": f"不是由{words}主讲或主持",
    }[one.what]


def _listed(known: Titles, words: tuple[str, ...] | list[str]) -> str:
    return "、".join(known.title(one) for one in words)


def _either(known: Titles, words: tuple[str, ...] | list[str]) -> str:
    return "或".join(known.title(one) for one in words)


__all__ = ["demand", "duty", "lack", "ower", "shown_by"]
