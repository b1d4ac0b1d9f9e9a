"""What a correction, a strike, an end and a reopening change in a file that has come up to the committee's approval, and why they
are refused."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

import pytest
from msgspec.structs import replace

from dangwu import (
    Case,
    Correction,
    End,
    Finding,
    Judged,
    Record,
    Regime,
    Reopening,
    Return,
    Strike,
    Subject,
    compose,
    corrected,
    judged,
    least,
    not_ending,
    not_reopening,
    read_record,
    struck,
    tried,
)
from tests.floor import FLOOR, STEPS

REGIME: Regime = compose(FLOOR)
PAPER = date(2025, 1, 10)
BORN = date(1996, 5, 4)
TAKEN = STEPS[: STEPS.index("cultivation") + 1]
TODAY = date(2026, 12, 20)


@cache
def whole() -> Case:
    """Taken over up to the education, then step by step, one a week, until the committee has approved the admission."""
    case, day = Case(Subject(BORN), given=dict.fromkeys(TAKEN, PAPER)), date(2026, 6, 1)
    while day < TODAY:
        now = judged(REGIME, case, day)
        if now.standing.membership == "probationary":
            return case
        live = [one for one in now.standing.open if now.standing.steps[one].state != "waiting"]
        for step in live[:1]:
            for evidence in least(REGIME, case, step, day):
                record = replace(read_record(step, day, evidence), id=f"{step} {len(case.entries)}")
                assert not tried(judged(REGIME, case, day), record).refusals
                case = case.with_entry(record)
        day += timedelta(days=7)
    raise AssertionError("nothing was approved")


def upto(step: str) -> Case:
    """The same file when that step had been recorded."""
    last = max(
        number for number, one in enumerate(whole().entries) if isinstance(one, Record) and one.step == step
    )
    return replace(whole(), entries=whole().entries[: last + 1])


def record(case: Case, step: str) -> Record:
    """The first record of a step."""
    return next(one for one in case.entries if isinstance(one, Record) and one.step == step)


def at(case: Case, day: date = TODAY) -> Judged:
    return judged(REGIME, case, day)


def moved(case: Case, step: str, days: int) -> Correction:
    old = record(case, step)
    return Correction(old.id, replace(old, day=old.day + timedelta(days=days), entered=TODAY))


def codes(found: tuple[Finding, ...]) -> list[str]:
    return [one.code for one in found]


LATER = ("prospect-consent", "prospect-notice", "sponsor-appointment", "political-review", "intensive-training",
         "branch-review", "pre-review", "admission-form", "admission-meeting")  # fmt: skip


def test_an_earlier_day_takes_the_ground_from_nothing_and_says_what_rests_on_it() -> None:
    case = upto("admission-meeting")
    found = corrected(at(case), moved(case, "prospect-selection", -3))
    assert (found.refusals, found.undone, found.approvals, found.counts) == ((), (), (), True)
    assert found.rests == LATER
    assert corrected(at(case), moved(case, "admission-meeting", 3)).rests == ()


def test_a_later_day_undoes_what_was_done_before_it() -> None:
    """What comes side by side with it stands, so does what came afterwards; approvals that fall are the department's."""
    case = upto("admission-meeting")
    found = corrected(at(case), moved(case, "prospect-selection", 10))  # the consent came seven days after
    assert found.undone == LATER
    sponsors = corrected(at(case), moved(case, "sponsor-appointment", 60))
    assert "political-review" not in sponsors.undone
    assert "branch-review" in sponsors.undone
    approved = corrected(at(whole()), moved(whole(), "admission-meeting", 60))
    assert approved.approvals == ("admission-approval",)
    assert {"admission-approval"} < {*approved.undone}
    assert corrected(at(whole()), moved(whole(), "admission-meeting", -1)).approvals == ()


def test_a_strike_undoes_what_rests_on_it() -> None:
    case = upto("admission-meeting")
    old = record(case, "pre-review")
    found = struck(at(case), Strike(old.id, "pre-review", TODAY))
    assert found.refusals == ()
    assert found.rests == found.undone[1:] == ("admission-form", "admission-meeting")
    assert found.undone[0] == "pre-review"
    assert found.after is not None
    assert found.after.standing.open == ("pre-review", "admission-form", "admission-meeting")


def test_a_record_that_there_is_not_is_neither_corrected_nor_struck() -> None:
    case = upto("pre-review")
    old = record(case, "pre-review")
    for of, step in (
        ("nobody", "pre-review"),
        (old.id, "political-review"),
        ("", "pre-review"),
        (old.id, "no-step"),
    ):
        wrong = Correction(of, replace(old, step=step, entered=TODAY))
        assert codes(corrected(at(case), wrong).refusals) == ["step.no-record"], (of, step)
        found = struck(at(case), Strike(of, step, TODAY))
        assert [(one.code, one.values["step"]) for one in found.refusals] == [("step.no-record", step)]


def test_of_what_paper_says_only_the_day_is_corrected() -> None:
    case = upto("pre-review")
    earlier = Record("cultivation", PAPER - timedelta(days=30), {}, TODAY)
    assert corrected(at(case), Correction("", earlier)).refusals == ()
    documents = read_record("cultivation", PAPER, {"documents": ["talk-record"]}, entered=TODAY)
    assert codes(corrected(at(case), Correction("", documents)).refusals) == ["step.no-record"]
    same = Record("cultivation", PAPER, {}, TODAY)
    assert codes(corrected(at(case), Correction("", same)).refusals) == ["step.same"]


def test_nothing_was_done_after_it_was_written_down() -> None:
    case = upto("pre-review")
    old = record(case, "pre-review")
    for day, entered in ((date(2026, 12, 21), TODAY), (date(2026, 6, 1), date(2026, 5, 31))):
        (why,) = corrected(at(case), Correction(old.id, replace(old, day=day, entered=entered))).refusals
        assert (why.code, why.values) == ("step.date", {"day": day, "entered": entered})


def test_the_record_with_which_a_case_began_stays_unless_another_takes_its_place() -> None:
    opened = Record("application", date(2026, 6, 1), {}, date(2026, 6, 1), "first")
    case = Case(Subject(BORN)).with_entry(opened)
    (why,) = struck(at(case), Strike("first", "application", TODAY)).refusals
    assert (why.code, why.values["step"]) == ("step.struck-first", "application")
    twice = case.with_entry(replace(opened, id="second"))
    assert struck(at(twice), Strike("first", "application", TODAY)).refusals == ()
    elsewhere = case.with_entry(Record("applicant-talk", date(2026, 6, 2), {}, date(2026, 6, 2), "talk"))
    assert codes(struck(at(elsewhere), Strike("first", "application", TODAY)).refusals) == [
        "step.struck-first"
    ]
    paper = replace(case, given={"application": PAPER})
    assert struck(at(paper), Strike("first", "application", TODAY)).refusals == ()
    only = Case(Subject(BORN), given={"application": PAPER})
    assert codes(struck(at(only), Strike("", "application", TODAY)).refusals) == ["step.struck-first"]


def test_what_was_sent_back_since_is_put_right_as_it_happened() -> None:
    """It no longer counts: nothing follows, and it cannot have been done after the case went back."""
    back = date(2026, 11, 1)
    case = upto("pre-review").with_entry(Return("political-review", back))
    found = corrected(at(case), moved(case, "pre-review", -2))
    assert (found.refusals, found.counts, found.rests, found.undone) == ((), False, (), ())
    old = record(case, "pre-review")
    after = Correction(old.id, replace(old, day=back + timedelta(days=1), entered=TODAY))
    (why,) = corrected(at(case), after).refusals
    assert (why.code, why.values["back"]) == ("step.aside", back)
    on = Correction(old.id, replace(old, day=back, entered=TODAY))
    assert corrected(at(case), on).refusals == ()
    twice = case.with_entry(Return("political-review", back + timedelta(days=20)))
    late = Correction(old.id, replace(old, day=back + timedelta(days=30), entered=TODAY))
    assert corrected(at(twice), late).refusals[0].values["back"] == back + timedelta(days=20)
    anew = case.with_entry(replace(old, day=back + timedelta(days=5), entered=TODAY, id="anew"))
    before = Correction("anew", replace(old, day=back - timedelta(days=5), entered=TODAY))
    assert codes(corrected(at(anew), before).refusals) == ["step.set-aside"]


def test_a_case_that_was_ended_is_not_put_right() -> None:
    case = upto("pre-review")
    ended = case.with_entry(End("withdrawn", date(2026, 12, 1)))
    (why,) = corrected(at(ended), moved(case, "pre-review", -2)).refusals
    assert (why.code, why.values) == ("step.ended", {"day": date(2026, 12, 1), "why": "本人撤回申请"})
    old = record(case, "pre-review")
    assert codes(struck(at(ended), Strike(old.id, "pre-review", TODAY)).refusals) == ["step.ended"]


def test_a_case_ends_no_earlier_than_the_last_that_was_done() -> None:
    case = upto("pre-review")
    last = case.entries[-1].day
    assert not_ending(at(case, last), End("withdrawn", last)) == ()
    (why,) = not_ending(at(case, last - timedelta(days=1)), End("withdrawn", last - timedelta(days=1)))
    assert (why.code, why.values) == ("step.end-before", {"day": last - timedelta(days=1), "last": last})
    paper = Case(Subject(BORN), given=dict.fromkeys(TAKEN, PAPER))
    assert codes(
        not_ending(at(paper, PAPER - timedelta(days=1)), End("died", PAPER - timedelta(days=1)))
    ) == ["step.end-before"]
    assert not_ending(at(paper, PAPER), End("died", PAPER)) == ()


@pytest.mark.parametrize(
    ("reason", "late"),
    [
        ("withdrawn", True),
        ("moved-away", True),
        ("not-suitable", True),
        ("died", False),
        ("transferred", False),
    ],
)
def test_who_has_become_a_probationary_member_no_longer_ends_it_so(reason: str, late: bool) -> None:
    """Before that everybody can."""
    found = not_ending(at(whole()), End(reason, TODAY))
    assert codes(found) == (["step.end-late"] if late else [])
    if late:
        ending = FLOOR.procedures["admission"].ends[reason]
        assert found[0].values == {"why": ending.title, "state": "预备党员"}
    assert not_ending(at(upto("admission-meeting")), End(reason, TODAY)) == ()


ENDED = date(2026, 12, 1)


@pytest.mark.parametrize(
    ("reason", "day", "code", "values"),
    [
        ("withdrawn", date(2026, 12, 1), "", {}),
        ("withdrawn", date(2027, 12, 1), "", {}),
        ("withdrawn", date(2027, 12, 2), "step.reopen-late", {"day": ENDED, "last": date(2027, 12, 1)}),
        ("withdrawn", date(2026, 11, 30), "step.not-ended", {}),
        ("died", date(2026, 12, 2), "step.for-good", {"why": "本人去世"}),
    ],
)
def test_a_case_is_taken_up_again_in_time(
    reason: str, day: date, code: str, values: dict[str, object]
) -> None:
    case = upto("pre-review").with_entry(End(reason, ENDED))
    found = not_reopening(at(case, day), Reopening(day))
    assert codes(found) == ([code] if code else [])
    assert values.items() <= ({} if not found else found[0].values).items()
    again = upto("pre-review")
    assert codes(not_reopening(at(again, day), Reopening(day))) == ["step.not-ended"]
