"""A plugin's hooks called once for everything that they may be asked, with cases of which little or nothing is known."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import product

import msgspec

from dangwu.author.trying import samples
from dangwu.author.trying.laws import Broken
from dangwu.author.trying.slow import Slow, timed
from dangwu.case.case import Case, Subject
from dangwu.errors import MISDEEDS, at
from dangwu.facets.finding import CLOCK, KINDS, Finding
from dangwu.plugins.panel import Desk, Panel
from dangwu.plugins.plugins import Plugins
from dangwu.plugins.report import Figures, Report
from dangwu.regime.adoption import Adoption

CHECK, PANELS, REPORTS = "dangwu_check", "dangwu_panels", "dangwu_reports"
TRIED = {
    CHECK: "在每个环节上试过",
    PANELS: "在每个位置试过",
    REPORTS: "用空的数字试过",
    "dangwu_react": "没有试，它会真的去办事",
}
"""What of the hooks is tried, and what is not, as it is said."""


def cases() -> list[Case]:
    """Somebody of whom nothing is known; somebody with everything that a register can say."""
    return [
        Case(),
        Case(Subject(samples.DAY.replace(year=2000), frozenset({"rural"}), {"graduation": samples.DAY})),
    ]


def broken(plugins: Plugins, plugin: str) -> list[Broken]:
    """What goes wrong in a plugin's checks and panels, each once."""
    found = list(_checks(plugins, plugin))
    if (call := plugins.caller(PANELS, plugin)) is not None:
        found += _panels(call)
    if (call := plugins.caller(REPORTS, plugin)) is not None:
        found += _reports(call)
    return list({one.sentence: one for one in found}.values())


def _checks(plugins: Plugins, plugin: str) -> Iterator[Broken]:
    """On every step; one that takes too long is not asked again, or nobody would see the end of it."""
    regime = plugins.compose([Adoption(plugins.policies[plugin])])
    try:
        for _, _, _, check in regime.checks:
            for procedure, case in product(plugins.floor.procedures, cases()):
                asked = msgspec.structs.replace(case, procedure=procedure)
                for step in regime.plan(procedure).by_id:
                    yield from _asked(check, step, asked)
    except Slow as slow:
        yield Broken(str(slow))


def _panels(call: Callable[..., list[object]]) -> Iterator[Broken]:
    subjects = [*(("case", case) for case in cases()), ("workbench", Desk())]
    for place, subject in subjects:
        try:
            given = call(place=place, subject=subject, today=samples.DAY)
            msgspec.convert(msgspec.to_builtins(given), list[Panel])
        except MISDEEDS as error:
            said = f"{PANELS} 在 {place} 出错：{type(error).__name__}：{error}{at(error)}"
            yield Broken(f"{said}。应给出 Panel；没有记录、没有出生日期的也要能显示。", error)


def _reports(call: Callable[..., list[object]]) -> Iterator[Broken]:
    try:
        msgspec.convert(msgspec.to_builtins(call(figures=Figures(), today=samples.DAY)), list[Report])
    except MISDEEDS as error:
        said = f"{REPORTS} 出错：{type(error).__name__}：{error}{at(error)}"
        yield Broken(f"{said}。应给出 Report；什么都没有的单位也要能显示。", error)


def _asked(check: Callable[..., Iterable[Finding]], step: str, case: Case) -> Iterator[Broken]:
    try:
        with timed(f"{CHECK} 在环节“{step}”上"):
            found: list[object] = [*check(step=step, case=case, today=samples.DAY)]
    except Slow:
        raise
    except MISDEEDS as error:
        said = f"{CHECK} 出错：{type(error).__name__}：{error}{at(error)}"
        yield Broken(f"{said}。没有记录、没有出生日期的也要能判断。", error)
        return
    for one in found:
        if not isinstance(one, Finding):
            yield Broken(f"{CHECK} 应给出 Finding，环节“{step}”上得到的是 {one!r}。")
        elif one.kind not in KINDS or (one.kind == CLOCK and one.until is None):
            yield Broken(
                f"{CHECK} 的结论“{one.code}”种类不对（{one.kind}）；clock 须写 until。可用的有：{'、'.join(KINDS)}。"
            )
        elif not one.values.get("sentence"):
            yield Broken(f"{CHECK} 的结论“{one.code}”没有一句话。请写 values={{'sentence': '…'}}。")


__all__ = ["CHECK", "broken"]
