"""该我办的 in words: what is to be done in a case, why it waits, and the button that does it."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from core.casework.lists.cases import CaseLine
from core.casework.lists.mine import my_steps
from core.casework.lists.tasks import GROUPS, Back, Task, Tasks
from web.kit.casework import STATES, reasons_said
from web.kit.here import Here
from web.kit.procedures import step_title

TITLES = {"returned": "被退回", "overdue": "逾期", "week": "今天到本周", "other": "其他"}
VERBS = {"record": "记录", "review": "审查", "return": "退回"}


class Do(msgspec.Struct, frozen=True):
    """One thing that he can do: what the button says, and where it leads."""

    title: str
    href: str


class Item(msgspec.Struct, frozen=True):
    """A task in words."""

    line: CaseLine
    what: str
    why: str
    late: bool
    back: Back | None
    back_to: str
    do: tuple[Do, ...]


class Group(msgspec.Struct, frozen=True):
    """A heading with its first tasks and how many there are."""

    id: str
    title: str
    items: list[Item]
    total: int


def groups(here: Here, found: Tasks) -> list[Group]:
    """Those that have something in them, what was sent back first."""
    return [
        Group(name, TITLES[name], [_item(here, one) for one in found.groups[name]], found.totals[name])
        for name in GROUPS
        if found.totals.get(name)
    ]


def _item(here: Here, task: Task) -> Item:
    line, mine = task.line, my_steps(here.actor, task.line)
    states = dict(zip(line.open_steps, line.open_states, strict=True))
    what = [step_title(step) + _state(states[step]) for step in mine]
    if task.request:
        what.insert(0, "更正请求等您答复")
    return Item(
        line,
        "、".join(what),
        _why(line, mine),
        line.late(here.today),
        task.back,
        step_title(task.back.step) if task.back else "",
        tuple(_do(task, mine)),
    )


def _why(line: CaseLine, mine: Mapping[str, str]) -> str:
    """Why his steps wait; of a case that was not worked out since its steps have reasons of their own, why the case does."""
    if not mine or len(line.open_reasons) != len(line.open_steps):
        return reasons_said(line.reasons) if mine else ""
    by_step = zip(line.open_steps, line.open_reasons, strict=True)
    return reasons_said([code for step, codes in by_step if step in mine for code in codes.split()])


def _do(task: Task, mine: dict[str, str]) -> list[Do]:
    at = f"/cases/{task.line.id}"
    found = [Do("答复…", f"{at}/requests/{task.request}")] if task.request else []
    for step, right in mine.items():
        href = f"{at}/return" if right == "return" else f"{at}/record/{step}"
        name = f"“{step_title(step)}”" if len(mine) > 1 and right != "return" else ""
        found.append(Do(f"{VERBS[right]}{name}…", href))
    return found


def _state(state: str) -> str:
    return "" if state == "open" else f"（{STATES.get(state, state)}）"
