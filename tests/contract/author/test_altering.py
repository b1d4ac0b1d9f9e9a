"""What could have been written instead of a value: by the type alone, so that a facet of whosoever's is covered."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

import msgspec
import pytest

from dangwu.author.altering.other import GONE, others
from dangwu.errors import PolicyError
from dangwu.policy.load import load_policy
from dangwu.shapes.short import Plain
from dangwu.text.reader import like, read
from dangwu.values.lattice import UNION, UP
from dangwu.values.word import Channel, Level
from tests.floor import INSTALLED

LEVELS = """
plugin: levels
title: 两级民主生活会
requires: dangwu>=1,<2
sources: {norms: {title: 办法}}
rules:
  - id: life.notice
    duty: committee-life-meeting
    owes: {level: [branch, committee]}
    evidence: {documents: [meeting-minutes]}
    cite: {source: norms, clause: 第三条}
"""
WORDS = {
    "level": ("branch", "general-branch", "committee"),
    "channel": ("board", "branch", "web"),
    "step": ("talk", "vote"),
}


class Asked(msgspec.Struct):
    """Parameters as a facet has them."""

    count: Annotated[int, UP] = 0
    per: Literal["", "week", "month", "year"] = ""
    level: Level = ""
    channels: Annotated[frozenset[Channel], UNION] = frozenset()
    periods: dict[Level, int] = {}


@pytest.mark.parametrize(
    ("kind", "given", "becomes"),
    [
        (int, 24, [23, 25]),
        (bool, False, [True]),
        (object, {"named": True}, [{}]),
        (date, date(2026, 3, 1), [date(2026, 2, 28), date(2026, 3, 2)]),
        (str, "03-01", ["02-28", "03-02"]),
        (str, ">1/2", [">=1/2", ">2/2", ">1/1", ">1/3"]),
        (str, ">=2/3", [">2/3", ">=1/3", ">=3/3", ">=2/2", ">=2/4"]),
        (str, "<=1/3", ["<1/3", "<=2/3", "<=1/2", "<=1/4"]),
        (str, "members|league", ["league", "members"]),
        (Level, "branch", ["general-branch"]),
        (Channel, "branch", ["board", "web"]),
        (object, "branch", ["general-branch"]),
        (object, "vote", ["talk"]),
        (str, "一句话", []),
        (Asked, {"count": {"blank": "few"}}, [{}]),
        (Asked, {"per": "month"}, [{}, {"per": "week"}, {"per": "year"}]),
        (Asked, {"channels": ["board", "web"]}, [
            {}, {"channels": ["web"]}, {"channels": ["branch", "web"]}, {"channels": ["board"]},
            {"channels": ["board", "branch"]},
        ]),
        (Asked, {"periods": {"branch": 1}}, [
            {}, {"periods": {}}, {"periods": {"branch": 0}}, {"periods": {"branch": 2}}, {"periods": {"general-branch": 1}},
        ]),
        (object, [6, 12], [[12], [5, 12], [7, 12], [6], [6, 11], [6, 13]]),
    ],
)  # fmt: skip
def test_one_value_is_another(kind: object, given: Plain, becomes: list[Plain]) -> None:
    assert [one.whole for one in others(kind, given, WORDS)] == becomes


def test_it_is_said_where_it_stands() -> None:
    found = [
        (one.path, one.was, one.now) for one in others(Asked, {"channels": ["board"], "count": 1}, WORDS)
    ]
    assert found == [
        (("channels",), ["board"], GONE),
        (("channels",), "board", GONE),
        (("channels",), "board", "branch"),
        (("count",), 1, GONE),
        (("count",), 1, 0),
        (("count",), 1, 2),
    ]


def test_one_of_several_levels_miswritten_is_refused_at_its_rule() -> None:
    """A value that was put in has no line of its own: the nearest that has one is said."""
    raw = read(LEVELS, "levels.yaml")
    [rule] = raw["rules"]
    put = like(rule, {**rule, "owes": {"level": ["branch", "general-branch"]}})
    with pytest.raises(PolicyError) as refused:
        load_policy(like(raw, {**raw, "rules": [put]}), ground=INSTALLED.floor)
    [said] = refused.value.problems
    assert said.startswith("policy.yaml 第 9 行：规则 life.notice：owes.level 写的是 general-branch")
