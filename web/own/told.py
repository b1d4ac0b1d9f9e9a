"""One line of time: what was entered and changed in a file, and what was done about its person, newest first."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from core.changes.own import OwnFile
from web.kit.changes import person_change
from web.kit.procedures import procedures

STATUS = {"completed": "办结", "closed": "终止"}


class Told(NamedTuple):
    """What happened on a day, and who has written it down ("" where it is the register itself)."""

    on: date
    what: str
    by: str = ""


def told(own: OwnFile) -> list[Told]:
    """All of it, the latest first. A change stands on the day from which it holds."""
    titles = procedures()
    lines = [Told(one.day or one.at.date(), person_change(one), one.by_name) for one in own.changes]
    for case in own.cases:
        title = titles.get(case.procedure, case.procedure)
        lines.append(Told(case.started, f"{title}：开始办理"))
        if case.ended:
            lines.append(Told(case.ended, f"{title}：{STATUS.get(case.status, case.status)}"))
    return sorted(lines, key=lambda line: line.on, reverse=True)
