"""Every rule of the installed plugins that asks something is the cause, by its id, of what some rehearsal finds wanting, and is
met in the same one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any

import pytest

from dangwu.author.coverage import asking, idle
from dangwu.text.reader import read
from tests.plugins.policies import policy, ruled
from tests.plugins.test_rehearsals import ALL, FILES

Line = Mapping[str, Any]
"""An entry of a script."""
MET = ("done", "waived", "discharged", "late", "decided", "announced", "closed")
"""The states in which nothing is wanting."""


@pytest.mark.parametrize("plugin", ["national", *ruled()])
def test_every_rule_that_asks_something_is_the_cause_in_some_case(plugin: str) -> None:
    """But those of which nothing comes beside the others, whatever is recorded: no case could tell (see `idle`)."""
    left = [rule for rule in asking(policy(plugin)) if rule not in causes()]
    assert left == idle(ALL, policy(plugin), left)


@pytest.mark.parametrize("plugin", ["national", *ruled()])
def test_what_it_asks_is_met_in_such_a_case(plugin: str) -> None:
    """Something asked by a yearly plan, or a grade that is refused, is not looked for again."""
    named = [rule for rule in asking(policy(plugin)) if rule in causes()]
    met = {
        rule for script in scripts() for line in script if _settled(script, line) for rule in _behind(line)
    }
    assert [rule for rule in named if rule not in met] == []


@cache
def scripts() -> tuple[tuple[Line, ...], ...]:
    """What happens in each case."""
    return tuple(tuple(read(file.read_text("utf-8"), str(file)).get("script", ())) for file in FILES)


@cache
def causes() -> frozenset[str]:
    """The rules that some case expects to be behind what is wanting, a warning, a refusal or a proposal."""
    return frozenset(rule for script in scripts() for line in script for rule in _behind(line))


def _settled(script: Iterable[Line], line: Line) -> bool:
    """Whether what the line speaks of is in order in some line of the case, or done there with all that it takes."""
    about = {key: one for key, one in _expected(line).items() if key in ("step", "duty", "rating")}
    return not about or any(_meets(other, about) for other in script)


def _meets(line: Line, about: Line) -> bool:
    expect = _expected(line)
    stands = about.items() <= expect.items() and ("not_because" in expect or expect.get("state") in MET)
    step = about.get("step")
    acts = (line.get("do"), line.get("exception", {}).get("step")) if step else ()
    done = not line.get("refused") and (step in acts or ("rating" in about and "rate" in line))
    return stands or done or expect.get("status") == "completed"


def _expected(line: Line) -> Line:
    return line.get("expect") or {}


def _behind(line: Line) -> Iterator[str]:
    expect = _expected(line)
    yield from _words(line.get("rule"))
    told = "because" in expect or "plan" in expect or expect.get("proposes")
    if told or expect.get("state", MET[0]) not in MET:
        yield from _words(expect.get("rule"))


def _words(said: Any) -> Iterator[str]:
    yield from [said] if isinstance(said, str) else said or ()
