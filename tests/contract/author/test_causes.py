"""Every rule of the installed plugins that asks something is the cause, by its id, of what some rehearsal finds wanting."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import pytest

from dangwu.author.coverage import asking, idle
from dangwu.text.reader import read
from tests.plugins.policies import policy, ruled
from tests.plugins.test_rehearsals import ALL, FILES

MET = ("done", "waived", "discharged", "decided", "announced", "closed")
"""The states in which nothing is wanting."""
UNFINISHED = frozenset(
    {
        "arong-construction", "county-bureau-five", "jinhua-2014", "lost-contact-regulation", "mass-link-3k3p", "meilie-hr",
        "nanjing-longshan", "points-model", "qixian-youth", "shuanglian-shuangcu", "sixteen-character", "soe-party-norms",
        "wuhai-five-ones", "xcity-2021-admin", "xcity-survey-problems", "xx-branch-prevention", "yakeshi",
    }
)  # fmt: skip
"""The practices of which not every rule is the cause in a case yet."""


@pytest.mark.parametrize("plugin", [one for one in ("national", *ruled()) if one not in UNFINISHED])
def test_every_rule_that_asks_something_is_the_cause_in_some_case(plugin: str) -> None:
    """But those of which nothing comes beside the others, whatever is recorded: no case could tell (see `idle`)."""
    left = [rule for rule in asking(policy(plugin)) if rule not in causes()]
    assert left == idle(ALL, policy(plugin), left)


@cache
def causes() -> frozenset[str]:
    """The rules that some case expects to be behind what is wanting, behind a warning or a refusal."""
    scripts = (read(file.read_text("utf-8"), str(file)).get("script", ()) for file in FILES)
    return frozenset(rule for script in scripts for line in script for rule in _behind(line))


def _behind(line: Mapping[str, Any]) -> Iterator[str]:
    expect = line.get("expect") or {}
    yield from _words(line.get("rule"))
    if "because" in expect or "plan" in expect or expect.get("state", MET[0]) not in MET:
        yield from _words(expect.get("rule"))


def _words(said: Any) -> Iterator[str]:
    yield from [said] if isinstance(said, str) else said or ()
