"""What each requirement finds of what was given: findings.yaml, line by line."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml

from dangwu import FACETS, Case, Facet, Finding, Moment, Share, read_record
from dangwu.facets.poll import Poll
from dangwu.facets.reading import decode
from dangwu.facets.vote import Vote

FIRST, LAST = date(2026, 6, 1), date(2026, 12, 1)
TABLE = yaml.safe_load(Path(__file__).with_name("findings.yaml").read_text("utf-8"))
LINES = [(name, line) for name, lines in TABLE.items() for line in lines]


def told(found: Finding) -> str:
    """`reason kind parameter keys`."""
    return " ".join(part for part in (found.reason, found.kind, found.param, ",".join(found.keys)) if part)


def judged(name: str, line: dict[str, Any]) -> Iterator[str]:
    facet: Facet = decode(name, line["asks"])
    first = line.get("start", FIRST)
    days = [first + timedelta(days=number) for number in range(len(line["given"]))]
    entered = line.get("entered", days)
    kind = FACETS[name].evidence
    records = [
        read_record("step", day, {} if kind is None else {name: given}, entered=at)
        for day, at, given in zip(days, entered, line["given"], strict=True)
    ]
    yield from map(told, facet.found(records, Moment(Case(), line.get("today", LAST), {}, {})))


@pytest.mark.parametrize(
    ("name", "line"), LINES, ids=[f"{name}-{number}" for number, (name, _) in enumerate(LINES)]
)
def test_it_finds_what_the_table_says(name: str, line: dict[str, Any]) -> None:
    assert list(judged(name, line)) == line["finds"]


SAID = yaml.safe_load(Path(__file__).with_name("said.yaml").read_text("utf-8"))
ASKED = [
    (name, line["asks"], line["says"]) for name, lines in SAID.items() for line in lines if "asks" in line
]
ROWS = [
    (name, line["given"], line["row"]) for name, lines in SAID.items() for line in lines if "given" in line
]


@pytest.mark.parametrize(("name", "asks", "says"), ASKED)
def test_it_is_said_so(name: str, asks: dict[str, Any], says: list[str]) -> None:
    """And every part of it by the parameter that asks for it."""
    facet = decode(name, asks)
    told = facet.describe()
    assert [one.text for one in told] == says
    assert {one.param.rstrip("_") for one in told} - {"both"} == {*asks} - {"both"}


@pytest.mark.parametrize(("name", "given", "row"), ROWS)
def test_what_was_given_reads_so_in_a_row(name: str, given: Any, row: str) -> None:
    kind = FACETS[name]
    read = msgspec.to_builtins(kind.read(given), builtin_types=(date,))
    assert kind.brief(read, lambda word: f"“{word}”") == row


@pytest.mark.parametrize(("name", "asks", "lines"), [
    ("poll", {}, ["赞成 ≤ 参加", "参加 ≤ 应参加"]),
    ("poll", {"share": ">1/2"}, ["赞成 ≤ 参加", "参加 ≤ 应参加", "赞成 >1/2 应参加"]),
    ("poll", {"share_present": ">=2/3"}, ["赞成 ≤ 参加", "参加 ≤ 应参加", "赞成 >=2/3 实际参加"]),
    ("vote", {}, ["到会票数 ≤ 实到", "实到与书面意见 ≤ 应到"]),
    ("vote", {"quorum": ">=1/2"}, ["到会票数 ≤ 实到", "实到与书面意见 ≤ 应到", "实到 >=1/2 应到"]),
    ("vote", {"pass": ">1/2", "pass_present": ">=2/3"},
     ["到会票数 ≤ 实到", "实到与书面意见 ≤ 应到", "赞成 >1/2 应到", "赞成 >=2/3 实到"]),
    ("review", {}, []),
])  # fmt: skip
def test_what_is_reckoned_while_figures_are_typed(name: str, asks: dict[str, Any], lines: list[str]) -> None:
    found = decode(name, asks).reckonings()
    assert [f"{one.said} {one.share or '≤'} {one.base}" for one in found] == lines
    known = {field.encode_name for field in msgspec.structs.fields(Poll if name == "poll" else Vote)}
    assert {field for one in found for field in (*one.parts, *one.whole)} <= known


@pytest.mark.parametrize(("share", "figures", "enough"), [
    ({"pass": ">1/2"}, {"eligible": 9, "present": 7, "for": 3, "written_for": 2}, True),
    ({"pass": ">1/2"}, {"eligible": 10, "present": 7, "for": 3, "written_for": 2}, False),
    ({"pass_present": ">1/2"}, {"eligible": 10, "present": 7, "for": 3, "written_for": 2}, False),
    ({"quorum": ">=2/3"}, {"eligible": 9, "present": 6, "for": 6}, True),
    ({"quorum": ">=2/3"}, {"eligible": 9, "present": 5, "for": 5}, False),
])  # fmt: skip
def test_the_line_beside_the_fields_says_what_is_found_afterwards(
    share: dict[str, str], figures: dict[str, int], enough: bool
) -> None:
    """Nobody sees "enough" while he types and is told afterwards that it was not."""
    facet = decode("vote", share)
    (line,) = (one for one in facet.reckonings() if one.share)
    whole = next(figures[name] for name in line.whole if name in figures)
    assert Share(line.share).met(sum(figures.get(name, 0) for name in line.parts), whole) is enough
    assert (not list(judged("vote", {"asks": share, "given": [figures]}))) is enough
