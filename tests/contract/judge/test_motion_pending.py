"""A motion that was carried stays before the committee, whatever further policies ask: none frees a case (design §3.4)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dangwu import Adoption, Case, Regime, evaluate, read_record, refusals
from dangwu.case.case import Record
from dangwu.facets.registry import FACETS
from dangwu.plugins.plugins import Plugins
from dangwu.policy.policy import Cite, Policy, Rule
from tests.contract.generated import SOURCE, composed, encoded, facets
from tests.examples import examples
from tests.floor import FLOOR

pytestmark = pytest.mark.laws
thorough = examples(15)
MEETING, APPROVAL = "conversion-meeting", "conversion-approval"
CARRIED = date(2026, 10, 10)
MOTIONS: tuple[dict[str, object], ...] = ({"motion": "extend", "months": 6}, {"motion": "revoke"})
FIGURES = {
    "eligible": 20, "present": 18, "for": 18, "secret": True, "one_by_one": True, "presence": ["applicant", "sponsors"],
}  # fmt: skip
BESIDE = {"consultation": ["group", "members", "masses"], "review": {"branch": {"conclusion": "pass"}}}


@st.composite
def demands(draw: st.DrawFn, plugin: str) -> Policy:
    """A policy that asks anything at all for the approval, or for the meeting."""
    rules = []
    for number in range(draw(st.integers(1, 3))):
        kind = draw(st.sampled_from(sorted(FACETS)))
        rules.append(
            Rule(
                id=f"{plugin}.made.rule-{number}",
                plugin=plugin,
                kind="tighten",
                procedure="admission",
                cite=Cite("s", "第一条"),
                steps=(draw(st.sampled_from((APPROVAL, APPROVAL, MEETING))),),
                facets={kind: encoded(draw(facets(kind)))},
                until=draw(st.sampled_from((None, None, date(2026, 11, 1)))),
            )
        )
    return Policy(id=plugin, title=plugin, sources={"s": SOURCE}, rules=tuple(rules))


def voted(day: date, motion: dict[str, object]) -> Record:
    return read_record(MEETING, day, {**BESIDE, "vote": {**FIGURES, **motion}})


def pending(motion: dict[str, object]) -> Case:
    """Somebody in the middle of his probation, on whom the meeting has voted."""
    steps = FLOOR.steps()
    done = dict.fromkeys(steps[: steps.index("oath") + 1], date(2026, 6, 20))
    given = {**done, "admission-meeting": date(2026, 6, 1), "admission-approval": date(2026, 6, 20)}
    return Case(given=given, entries=(voted(CARRIED, motion),))


def waits(regime: Regime, case: Case, day: date) -> bool:
    """Whether the motion is carried and nobody has confirmed it."""
    steps = evaluate(regime, case, day).steps
    return steps[MEETING].state == "done" and steps[APPROVAL].state != "done"


@thorough
@given(demands("one"), demands("two"), st.sampled_from(MOTIONS), st.integers(1, 80), st.sampled_from(MOTIONS))
def test_nothing_frees_a_case_whose_motion_waits(
    plugins: Plugins,
    one: Policy,
    two: Policy,
    motion: dict[str, object],
    later: int,
    other: dict[str, object],
) -> None:
    """It stays what it was, and that meeting takes no other motion: under one policy, and under more."""
    case, day = pending(motion), CARRIED + timedelta(days=later)
    for adopted in ((), (one,), (one, two)):
        regime = composed(plugins, *(Adoption(policy) for policy in adopted))
        if not waits(regime, case, day):
            continue
        standing = evaluate(regime, case, day)
        assert (standing.status, standing.membership, standing.extended_months) == (
            "running",
            "probationary",
            0,
        )
        convert: dict[str, object] = {"motion": "convert"}
        for again in (other, convert):
            assert refusals(regime, case, voted(day, again)), again


@thorough
@given(demands("one"), st.sampled_from(MOTIONS), st.integers(1, 80))
def test_asking_more_of_the_approval_confirms_nothing(
    plugins: Plugins, one: Policy, motion: dict[str, object], later: int
) -> None:
    """Where the motion waits by the floor alone, no further policy carries it out."""
    case, day = pending(motion), CARRIED + timedelta(days=later)
    assert waits(composed(plugins), case, day)
    standing = evaluate(composed(plugins, Adoption(one)), case, day)
    assert (standing.status, standing.membership, standing.extended_months) == ("running", "probationary", 0)


def test_the_law_is_about_something(plugins: Plugins) -> None:
    """Confirmed, each motion does what it says; so the two laws above do not hold of nothing."""
    regime = composed(plugins)
    approved = read_record(APPROVAL, date(2026, 10, 20), {"consent": {"committee": "granted"}})
    extended, revoked = (
        evaluate(regime, pending(motion).with_entry(approved), date(2026, 10, 21)) for motion in MOTIONS
    )
    assert (extended.extended_months, extended.membership) == (6, "probationary")
    assert (revoked.status, revoked.membership) == ("closed", "none")
