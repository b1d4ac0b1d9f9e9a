"""What follows for a person's rights on a day, for any life of his."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.register.rights.day import Known, membership_on, rights_on
from core.register.rights.spans import Span
from core.register.rights.words import WORDS
from tests.examples import examples

pytestmark = pytest.mark.laws
quick = examples(40)
DAYS = st.dates(date(2020, 1, 1), date(2027, 12, 31))


def known(membership: str = "full", joined: date | None = None, converted: date | None = None) -> Known:
    return Known(
        id=UUID(int=1), name="周正", membership=membership, joined=joined, converted=converted, removed=None,
        standing="normal", unit_id=UUID(int=2), path="/1/", unit_name="东街支部",
    )  # fmt: skip


@st.composite
def limits(draw: st.DrawFn) -> Span:
    word, since = draw(st.sampled_from(sorted(WORDS.limits))), draw(DAYS)
    ended = draw(st.none() | st.integers(1, 800).map(lambda days: since + timedelta(days=days)))
    return Span(
        id=uuid4(), kind="limit", word=word, title=WORDS.limits[word].title, since=since, ended=ended, unit_id=None,
        unit_name="", unit_path="", note="", version=0,
    )  # fmt: skip


@quick
@given(st.lists(limits(), max_size=4), DAYS)
def test_what_is_lost_is_lost_to_a_limit_that_holds_and_each_names_its_clause(
    spans: list[Span], day: date
) -> None:
    found = rights_on(known(), spans, day)
    holding = [one for one in spans if one.since <= day and (one.ended is None or day < one.ended)]
    assert found.lost == {lost for one in holding for lost in WORDS.limits[one.word].loses}
    assert found.votes == ("votes" not in found.lost)
    for lost in found.lost:
        assert "《" in found.why_not(lost)


@quick
@given(st.lists(limits(), max_size=3), limits(), DAYS)
def test_one_more_limit_never_gives_a_right(spans: list[Span], more: Span, day: date) -> None:
    before, after = rights_on(known(), spans, day), rights_on(known(), [*spans, more], day)
    assert set(after.qualifications) <= set(before.qualifications)
    assert after.votes <= before.votes


@quick
@given(DAYS, DAYS, DAYS)
def test_a_member_is_first_nothing_then_probationary_then_full(a: date, b: date, day: date) -> None:
    joined, converted = min(a, b), max(a, b)
    found = membership_on(known("full", joined, converted), day)
    assert found == ("" if day < joined else "joined" if day < converted else "converted")
    rights = rights_on(known("full", joined, converted), (), day)
    assert rights.votes == (found == "converted")


def test_every_word_says_what_it_takes_and_by_which_clause() -> None:
    for one in (*WORDS.limits.values(), *WORDS.states.values()):
        assert one.loses
        assert "第" in WORDS.cited(one)
    qualifications = {lost for one in WORDS.limits.values() for lost in one.loses} - {
        "votes",
        "taught",
        "counted",
    }
    assert qualifications == {"rights-intact", "no-sanction-in-effect"}
