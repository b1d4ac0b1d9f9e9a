"""`dangwu texts`: the texts of policies that are kept, where they are in force, and corrections of the floor to be signed."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import AsyncIterator, Callable
from datetime import date

from deploy.inside import inside
from deploy.problem import Problem
from tenants.ground.clock import today
from tenants.policies import corrections, kept
from tenants.policies.kept import Kept
from tenants.policies.preview.found import CONSEQUENCES
from tenants.policies.texts import short


async def texts(arguments: Namespace) -> str:
    """Do what is asked for; what to print."""
    async with inside():
        return "\n".join([line async for line in ACTS[arguments.act](arguments)])


async def _list(arguments: Namespace) -> AsyncIterator[str]:
    for one in await kept.kept():
        yield "\t".join([short(one.hash), one.plugin, _title(one), *_state(one)])


def _title(one: Kept) -> str:
    return one.policy.named if one.policy is not None else "（读不出来）"


def _state(one: Kept) -> list[str]:
    used = [f"{len(one.adopted)} 处启用"] if one.adopted else []
    floor = [f"底线，{_from(line.since)}" for line in one.floor]
    code = [f"程序 {short(one.code)}"] if one.code else []
    return [*code, *([*(["已安装"] if one.installed else []), *floor, *used] or ["没有用过"])]


def _from(since: date | None) -> str:
    return f"自 {since} 起" if since else "一直有效"


async def _show(arguments: Namespace) -> AsyncIterator[str]:
    one = await kept.one(_named(arguments))
    written = await kept.source(one)
    for sentence in kept.warnings(one, written):
        yield f"# 提示（仍按采用时的样子执行）：{sentence}"
    yield written.rstrip()


async def _where(arguments: Namespace) -> AsyncIterator[str]:
    one = await kept.one(_named(arguments))
    for line in one.floor:
        yield f"底线\t{_from(line.since)}" + (f"\t更正由{line.corrected_by}签署" if line.corrected_at else "")
    for place in one.adopted:
        yield "\t".join(
            [place.county, place.unit, f"{place.since} 至 {place.until or '长期'}", place.by_name]
        )
    if not (one.floor or one.adopted):
        yield "没有哪里用过这份文本。"


def _named(arguments: Namespace) -> str:
    if not arguments.text:
        raise Problem("请写明是哪份文本：散列的前几位，例如 dangwu texts show 3f2a91c0。")
    return str(arguments.text)


async def _prune(arguments: Namespace) -> AsyncIterator[str]:
    gone = await kept.prune()
    for one in gone:
        yield f"已删除\t{short(one.hash)}\t{one.plugin}\t{_title(one)}"
    if not gone:
        yield "没有可以删除的文本：都装着，或者用过。"


async def _correct(arguments: Namespace) -> AsyncIterator[str]:
    """Show what the corrections change; with a signature, let them hold."""
    waiting = await corrections.pending()
    if not waiting:
        yield "没有等待签署的更正。"
    for line, rules in waiting:
        for rule in rules:
            yield f"更正 {rule.id}：{rule.corrects}"
        for county, found in await corrections.preview(line, today()):
            counted = "；".join(
                f"{words} {found.counts[effect]} 件"
                for effect, words in CONSEQUENCES.items()
                if found.counts[effect]
            )
            yield f"{county.name}：在办 {found.under_way} 件，受影响 {found.affected} 件{f'（{counted}）' if counted else ''}"
            for case in found.listed:
                yield f"  {case.name}：{'、'.join(case.steps)}"
        if arguments.sign is not None:
            await corrections.sign(line, arguments.sign, today())
            yield f"已由{arguments.sign}签署：对 {line.since} 以前开始的同样有效，在办事项正在重新核算。"
        else:
            yield "以上还没有生效。确认后加上 --sign 姓名 签署。"


Act = Callable[[Namespace], AsyncIterator[str]]
ACTS: dict[str, Act] = {"list": _list, "show": _show, "where": _where, "prune": _prune, "correct": _correct}
