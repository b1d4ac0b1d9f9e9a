"""How branches are set up: how many members, joint ones, temporary ones. The rules are branches.yaml's, each with its clause."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files

import msgspec

from core.cited import Checked, Cite, Source, cited

JOINT = "joint"
"""The mark of a branch of several workplaces none of which has three full members."""


class _Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    cite: Cite
    checked: Checked

    def said(self) -> str:
        """《…》第四条, with a word where nobody has compared it with the text."""
        return cited(RULES.sources, self.cite) + (
            "" if self.checked == "verified" else "，转引，尚未与原文核对"
        )


class _Size(_Rule, frozen=True, kw_only=True):
    least: int
    most: int


class _Joint(_Rule, frozen=True, kw_only=True):
    most: int


class _Days(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    days: int


class _Temporary(_Rule, frozen=True, kw_only=True):
    approved: tuple[str, ...]
    barred: tuple[str, ...]
    remind: _Days


class _Branches(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    sources: Mapping[str, Source]
    size: _Size
    joint: _Joint
    temporary: _Temporary


MOST_COVERED = 20
"""Workplaces of a joint branch that can be entered: the rule says how many it is as a rule."""
RULES = msgspec.yaml.decode(files(__package__).joinpath("branches.yaml").read_bytes(), type=_Branches)


def said_of_size(full: int, members: int) -> str:
    """What is to be thought of a branch of so many full members among so many members; "" for nothing. It stops nobody."""
    size = RULES.size
    if full < size.least:
        what = f"正式党员 {full} 名，不足 {size.least} 名，不能单独成立党支部"
    elif members > size.most:
        what = f"党员 {members} 名，超过 {size.most} 名，一般应当分设或者设党总支"
    else:
        return ""
    return f"{what}（{size.said()}）。"


def said_of_covers(covers: int) -> str:
    """What is to be thought of a joint branch of so many workplaces; "" for nothing. It stops nobody."""
    joint = RULES.joint
    if covers <= joint.most:
        return ""
    return f"覆盖 {covers} 个单位，一般不超过 {joint.most} 个（{joint.said()}）。"


def said_of_temporary() -> str:
    """What a temporary branch does not do, and when it ends."""
    rule = RULES.temporary
    return (
        f"临时党支部由上级党组织批准成立并指定班子，一般不{'、不'.join(rule.barred)}；党员的组织关系留在原支部，"
        f"任务结束即撤销（{rule.said()}）。"
    )
