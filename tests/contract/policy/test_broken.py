"""Policies broken in one way each: what the author reads is part of the product, word for word."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from dangwu.author.check import remarks
from dangwu.author.cli import main
from dangwu.errors import DangwuError, PolicyError
from dangwu.facets.registry import FACETS
from dangwu.plugins.plugins import Plugins
from dangwu.policy.load import load_policy
from tests.contract.conftest import HERE
from tests.floor import FLOOR

BROKEN = sorted((HERE / "broken").glob("*.yaml"))
SOUND = HERE / "policies" / "trial.yaml"
JUNK: tuple[Any, ...] = (None, [], "x", [["x"]], {"x": None}, {1: None}, -1.5, True, {"blank": ["x"]})


def test_there_are_broken_policies_enough() -> None:
    assert len(BROKEN) >= 40
    assert {file.stem for file in BROKEN} == {
        file.name.removesuffix(".expected.txt") for file in BROKEN[0].parent.glob("*.expected.txt")
    }


def without_ours(text: str) -> str:
    """The facet that these tests bring (stamps.py) is listed too once its module is loaded."""
    return text.replace("、stamps", "")


def said_of(file: Path) -> str:
    """What is expected, word for word; `{procedures}` and `{facets}` stand for those that there are."""
    said = file.with_suffix("").with_suffix(".expected.txt").read_text("utf-8")
    ours = sorted(name for name in FACETS if name != "stamps")
    return said.replace("{procedures}", "、".join(FLOOR.procedures)).replace("{facets}", "、".join(ours))


@pytest.mark.parametrize("file", BROKEN, ids=lambda file: file.stem)
def test_the_author_is_told_what_is_wrong(file: Path, plugins: Plugins) -> None:
    with pytest.raises(DangwuError) as caught:
        policy = load_policy(file.read_text("utf-8"), where=file.name, ground=plugins.floor)
        remarks(plugins.floor, policy, file.name)
    assert without_ours("".join(f"{problem}\n" for problem in caught.value.problems)) == said_of(file)
    for problem in caught.value.problems:
        assert problem.startswith((file.name, "规则 ")) or "规则 sunny-county.cultivation.later" in problem
        assert problem.endswith("。")


def test_the_command_prints_the_same_and_exits_with_2(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", *(str(file) for file in BROKEN)]) == 2
    said = capsys.readouterr()
    assert without_ours(said.err) == "".join(said_of(file) for file in BROKEN)
    assert said.out == ""


def test_the_command_goes_on_after_a_broken_file(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(BROKEN[0]), str(SOUND)]) == 2
    assert capsys.readouterr().out.startswith("✓ 试验县做法：")


def test_all_problems_of_a_file_are_reported_at_once() -> None:
    text = SOUND.read_text("utf-8").replace("kinds:", "kind:").replace("among:", "amongst:")
    with pytest.raises(PolicyError) as caught:
        load_policy(text, where="trial.yaml", ground=FLOOR)
    assert len(caught.value.problems) == 6
    assert [problem.split("：")[1] for problem in caught.value.problems] == [
        "规则 documents.residence", "规则 poll.masses", "规则 rural.appraisal", "规则 blanks.poll",
        "规则 when.both", "规则 advisory.poll",
    ]  # fmt: skip


def _paths(tree: Any, before: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield before
    parts = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for key, part in parts:
        yield from _paths(part, (*before, key))


def _put(tree: Any, path: tuple[Any, ...], value: Any) -> Any:
    if not path:
        return value
    copied = copy.deepcopy(tree)
    part = copied
    for key in path[:-1]:
        part = part[key]
    part[path[-1]] = value
    return copied


def test_whatever_stands_anywhere_is_read_or_refused_in_words() -> None:
    """Every value of a policy replaced by nonsense of every type: never another error than PolicyError."""
    tree = yaml.safe_load(SOUND.read_text("utf-8"))
    tree = {
        key: tree[key]
        for key in ("plugin", "title", "requires", "sources", "blanks", "terms", "tags", "rules")
    }
    tree["rules"] = [rule for rule in tree["rules"] if rule["id"] in ("blanks.notice", "poll.return")]
    problems = [
        problem for path in _paths(tree) for junk in JUNK for problem in _problems(_put(tree, path, junk))
    ]
    assert len(problems) > 300
    assert [problem for problem in problems if not problem.endswith("。")] == []


def _problems(tree: Any) -> tuple[str, ...]:
    try:
        load_policy(yaml.dump(tree, allow_unicode=True, Dumper=yaml.CSafeDumper), ground=FLOOR)
    except PolicyError as error:
        return error.problems
    return ()
