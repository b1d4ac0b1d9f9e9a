"""Which record an act of a rehearsal puts right: the newest of its step, the one of the day that it names, or the paper's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dangwu.author.rehearse_read import RehearsalReader
from dangwu.case.case import Case, Record


def meant(
    reader: RehearsalReader, case: Case, step: str, act: Mapping[str, Any], where: str
) -> Record | None:
    """The record (without an id: what was taken over from paper); None where there is none."""
    paper = case.given.get(step)
    found = [Record(step, paper, {}, paper)] if paper is not None else []
    found += [one for one in case.entries if isinstance(one, Record) and one.step == step]
    if "record_day" in act:
        named = reader.day(act["record_day"], f"{where} record_day ")
        found = [one for one in found if one.day == named]
    return found[-1] if found else None


def verb_of(act: Mapping[str, Any]) -> str:
    """What the act of a script line is called."""
    said = {
        "return": "退回到",
        "correct": "更正",
        "strike": "撤销",
        "end": "终止",
        "reopen": "恢复办理",
        "supplement": "补充",
        "exception": "例外办理",
    }
    return next((word for verb, word in said.items() if verb in act), "记录")


__all__ = ["meant", "verb_of"]
