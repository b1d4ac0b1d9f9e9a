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


@pytest.mark.parametrize("plugin", ["national", *ruled()])
def test_every_rule_that_asks_something_is_the_cause_in_some_case(plugin: str) -> None:
    """But those of which nothing comes beside the others, whatever is recorded: no case could tell (see `idle`)."""
    left = [rule for rule in asking(policy(plugin)) if rule not in causes()]
    assert left == idle(ALL, policy(plugin), left)


@cache
def causes() -> frozenset[str]:
    """The rules that some case expects to be behind what is wanting, a warning, a refusal or a proposal."""
    scripts = (read(file.read_text("utf-8"), str(file)).get("script", ()) for file in FILES)
    return frozenset(rule for script in scripts for line in script for rule in _behind(line))


def _behind(line: Mapping[str, Any]) -> Iterator[str]:
    expect = line.get("expect") or {}
    yield from _words(line.get("rule"))
    told = "because" in expect or "plan" in expect or expect.get("proposes")
    if told or expect.get("state", MET[0]) not in MET:
        yield from _words(expect.get("rule"))


def _words(said: Any) -> Iterator[str]:
    yield from [said] if isinstance(said, str) else said or ()
