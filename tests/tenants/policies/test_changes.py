"""What a change of policies does to the days: before its first day everything stays as it was, from it on only what it says."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID, uuid4

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.casework.model import Way
from core.errors import Invalid, NotFound
from tenants.policies.changes import (
    Activation,
    Adjust,
    Adopt,
    Change,
    Choice,
    End,
    Place,
    after,
    on_way,
    plan,
)
from tenants.policies.lineage import Move
from tests.examples import examples

FIRST = date(2026, 1, 1)
DAYS = range(-3, 34)
COUNTY = Place(UUID(int=1), "组织部", "/d/", "department")
Live = tuple[Activation, ...]
Timeline = list[str | None]
"""Of each of DAYS the basis by which the plugin runs; None: it does not."""


def day(number: int) -> date:
    return FIRST + timedelta(days=number)


def choice(word: str) -> Choice:
    return Choice(basis=word)


def timeline(live: Live) -> Timeline:
    """As a branch sees it. Never two at once."""
    found: Timeline = []
    for number in DAYS:
        runs = [item for item in on_way(live, Way("/d/c/b/"), ()) if item.runs_on(day(number))]
        assert len(runs) <= 1, (day(number), runs)
        found.append(runs[0].choice.basis if runs else None)
    return found


def adopted(since: int = 0, until: int | None = None, place: Place = COUNTY) -> Activation:
    [made] = plan((), Adopt(plugin="yakeshi", since=day(since), until=None if until is None else day(until),
                            choice=choice("first")), place)  # fmt: skip
    return made


NUMBERS = st.integers(0, 30)
LATER = st.none() | NUMBERS
CHANGES = st.lists(st.tuples(st.sampled_from(["adjust", "end"]), NUMBERS, LATER), max_size=6)


@pytest.mark.laws
@examples(60)
@given(NUMBERS, LATER, CHANGES)
def test_before_the_day_all_stays_and_from_it_on_it_is_as_was_said(
    since: int, until: int | None, changes: list[tuple[str, int, int | None]]
) -> None:
    if until is not None and until <= since:
        until = None
    live: Live = (adopted(since, until),)
    for count, (kind, begins, ends) in enumerate(changes):
        before = timeline(live)
        target = next((item for item in live if item.runs_on(day(begins)) and not item.never), None)
        if target is None:
            continue
        word = f"change {count}"
        change: Change = (
            End(activation_id=target.id, day=day(begins), basis=word)
            if kind == "end"
            else Adjust(
                activation_id=target.id, day=day(begins), until=None if ends is None else day(ends),
                choice=choice(word),
            )
        )  # fmt: skip
        try:
            added = plan(live, change, COUNTY)
        except Invalid:
            assert kind == "adjust"
            assert ends is not None
            assert ends <= begins
            continue
        assert {item.id for item in added}.isdisjoint({item.id for item in live}), "nothing is overwritten"
        live = after(live, added)
        now = timeline(live)
        for place, number in enumerate(DAYS):
            if number < begins:
                assert _same(now[place], before[place]), (number, change)
            elif kind == "end":
                assert now[place] is None or not target.runs_on(day(number))
            elif ends is None or number < ends:
                assert now[place] == word


def _same(one: str | None, other: str | None) -> bool:
    """What was in force stays so; that a closed part carries the word by which it was closed says nothing of the days."""
    return (one is None) == (other is None)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        (Adopt(plugin="x", since=day(3), until=day(3)), "until"),
        (Adopt(plugin="x", since=day(3), until=day(2)), "until"),
        (End(activation_id=UUID(int=9), day=day(-1)), "day"),
        (End(activation_id=UUID(int=9), day=day(20)), "day"),
        (Adjust(activation_id=UUID(int=9), day=day(-1), choice=Choice()), "day"),
        (Adjust(activation_id=UUID(int=9), day=day(20), choice=Choice()), "day"),
        (Adjust(activation_id=UUID(int=9), day=day(5), until=day(5), choice=Choice()), "until"),
    ],
)
def test_days_that_make_no_sense_are_refused_at_their_field(change: Change, field: str) -> None:
    live = (msgspec.structs.replace(adopted(0, 20), id=UUID(int=9)),)
    with pytest.raises(Invalid) as refused:
        plan(live, change, COUNTY)
    assert [*refused.value.fields] == [field]


def test_what_is_live_no_more_is_not_changed() -> None:
    first = adopted()
    ended = after((first,), plan((first,), End(activation_id=first.id, day=day(9)), COUNTY))
    for gone in (first.id, uuid4()):
        with pytest.raises(NotFound):
            plan(ended, Adjust(activation_id=gone, day=day(3), choice=Choice()), COUNTY)
        with pytest.raises(NotFound):
            plan(ended, End(activation_id=gone, day=day(3)), COUNTY)


def test_what_was_decided_is_said_in_words() -> None:
    first = adopted(0, 20)
    assert first.decided == "自 2026-01-01 起启用，到 2026-01-21 前一日为止"
    assert adopted().decided == "自 2026-01-01 起启用"
    [ended] = plan((first,), End(activation_id=first.id, day=day(9), basis="文件"), COUNTY)
    assert (ended.decided, ended.act, ended.supersedes, ended.choice.basis) == (
        "自 2026-01-10 起停用",
        "end",
        first.id,
        "文件",
    )
    [never] = plan((first,), End(activation_id=first.id, day=day(0)), COUNTY)
    assert (never.act, never.never) == ("withdraw", True)
    assert never.decided == "撤销原定自 2026-01-01 起的启用，未曾生效"
    closed, new = plan((first,), Adjust(activation_id=first.id, day=day(9), choice=choice("新")), COUNTY)
    assert (closed.until, closed.supersedes, new.supersedes, new.until) == (day(9), first.id, None, None)
    assert new.decided == "自 2026-01-10 起调整"
    [whole] = plan((first,), Adjust(activation_id=first.id, day=day(0), choice=choice("新")), COUNTY)
    assert (whole.supersedes, whole.since, whole.until) == (first.id, day(0), None)


def test_a_newer_text_goes_on_under_its_own_name_and_is_pinned_no_more() -> None:
    first = msgspec.structs.replace(adopted(), text="old", pinned_on=day(0))
    kept, by_hand = plan((first,), Adjust(activation_id=first.id, day=day(4), choice=Choice()), COUNTY)
    assert {(one.text, one.pinned_on, one.plugin) for one in (kept, by_hand)} == {("old", day(0), "yakeshi")}
    closed, newer = plan(
        (first,),
        Adjust(activation_id=first.id, day=day(4), choice=Choice(), text="new", plugin="named"),
        COUNTY,
    )
    assert (closed.text, closed.pinned_on, closed.plugin) == ("old", day(0), "yakeshi")
    assert (newer.text, newer.pinned_on, newer.plugin) == ("new", None, "named")


def test_what_reaches_a_unit_comes_from_above_and_is_cut_where_it_has_moved() -> None:
    """A branch that was moved on the tenth day: before, what its old committee had adopted; from then on the new one's."""
    old, new = (
        Place(UUID(int=2), "甲党委", "/d/a/", "committee"),
        Place(UUID(int=3), "乙党委", "/d/c/", "committee"),
    )
    branch, other = (
        Place(UUID(int=4), "丙支部", "/d/c/b/", "branch"),
        Place(UUID(int=5), "丁支部", "/d/c/x/", "branch"),
    )
    live = tuple(adopted(0, place=place) for place in (COUNTY, old, new, branch, other))
    moves = [Move("/d/c/b/", day(10), "/d/a/")]
    found = on_way(live, Way("/d/c/b/"), moves)
    assert [(item.path, item.since, item.until) for item in found] == [
        ("/d/", day(0), None),
        ("/d/a/", day(0), day(10)),
        ("/d/c/", day(10), None),
        ("/d/c/b/", day(0), None),
    ]
    assert [item.path for item in on_way(live, Way("/d/c/"), moves)] == ["/d/", "/d/c/"]
    ended = (adopted(0, 10, old),)
    assert on_way(ended, Way("/d/c/b/"), moves) == ended
    [cut] = on_way((adopted(0, 20, old),), Way("/d/c/b/"), moves)
    assert (cut.since, cut.until) == (day(0), day(10))
    begun = (adopted(10, None, old),)
    assert on_way(begun, Way("/d/c/b/"), moves) == (), "what the old one adopts afterwards is not its affair"
