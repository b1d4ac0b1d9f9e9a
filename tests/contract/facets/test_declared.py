"""What each facet of ours declares about itself is complete and fits; a plugin's facet needs to declare none of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, Literal, get_args, get_origin, get_type_hints

import msgspec
import pytest

from dangwu import FACETS, Case, Facet, Finding, Moment, facet, in_order, kind_of, reason_titles
from dangwu.facets.motion import motion_in
from dangwu.facets.reading import read_record
from dangwu.facets.registry import recordable
from tests.contract.stamps import Stamps

DAY = date(2026, 6, 1)
OURS = {name: kind for name, kind in FACETS.items() if kind.__module__.startswith("dangwu.facets.")}
EACH = pytest.mark.parametrize("kind", OURS.values(), ids=OURS)


def answers(kind: Any) -> Iterator[str]:
    """The fixed answers that evidence of a type may hold."""
    if get_origin(kind) is Literal:
        yield from get_args(kind)
    elif isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        for hint in get_type_hints(kind, include_extras=True).values():
            yield from answers(hint)
    else:
        for part in get_args(kind):
            if not isinstance(part, str | msgspec.Meta):
                yield from answers(part)


def fields(kind: Any) -> set[str]:
    """The fields of evidence, `*` for all of it."""
    named = isinstance(kind, type) and issubclass(kind, msgspec.Struct)
    return {"*", *(field.encode_name for field in msgspec.structs.fields(kind))} if named else {"*"}


@EACH
def test_every_reason_has_a_sentence_and_a_few_words(kind: type[Facet]) -> None:
    assert kind.sentences.keys() == kind.titles.keys()
    assert all(0 < len(title) <= 10 for title in kind.titles.values())


@EACH
def test_every_fixed_answer_is_said_in_chinese(kind: type[Facet]) -> None:
    assert {one for one in answers(kind.evidence) if one} <= kind.answers.keys()
    assert kind.answer("") == "未填"


@EACH
def test_what_is_declared_of_parameters_and_evidence_is_there(kind: type[Facet]) -> None:
    params = {field.name for field in msgspec.structs.fields(kind)}
    assert {*kind.anchors, *kind.clocks} <= params
    assert kind.supplements | kind.outside <= fields(kind.evidence)
    assert not kind.by_level or "levels" in params
    assert not kind.concludes or kind.by_level
    if kind.clocks:
        assert kind.ticking
        assert kind.end is not Facet.end
        assert kind.soonest is not Facet.soonest
    if kind.moves:
        assert "motion" in kind.refuses


@EACH
def test_a_reason_is_put_right_or_ends_the_attempt_but_not_both(kind: type[Facet]) -> None:
    assert not kind.curable & kind.ends
    assert kind.lapses <= kind.ends
    assert not kind.refuses & (kind.curable | kind.ends | kind.upward | kind.says_due)


def test_each_has_a_place_of_its_own() -> None:
    assert len({kind.order for kind in OURS.values()}) == len(OURS)
    assert in_order({"recording", "stamps", "eligibility", "aaa"}) == [
        "eligibility",
        "recording",
        "aaa",
        "stamps",
    ]


@pytest.mark.parametrize("name", [name for name in recordable() if name in OURS])
def test_the_least_that_satisfies_it_reads_well_in_a_row(name: str) -> None:
    kind = OURS[name]
    given = kind().least(None, (), Moment(Case(), DAY, {}, {}))
    text = kind.brief(msgspec.to_builtins(kind.read(given or {})), lambda word: f"“{word}”") if given else ""
    assert text is not None
    assert "{" not in text


def test_the_reasons_for_which_a_case_stands_still_are_those_that_can_be_met() -> None:
    known = reason_titles()
    assert known["notice.running"] == "公示未期满"
    assert "vote.count" not in known  # such a record is never taken
    assert next(iter(known)).startswith("eligibility.")


def test_a_motion_is_found_whichever_facet_puts_it() -> None:
    vote = {"eligible": 10, "present": 9, "for": 8, "motion": "extend", "months": 6}
    first = read_record("conversion-meeting", DAY, {"vote": {**vote, "motion": "convert"}})
    records = [first, read_record("conversion-meeting", DAY, {"vote": vote, "documents": ["minutes"]})]
    assert motion_in(records) == ("extend", 6, "vote")
    assert motion_in(records[:1]) == ("convert", 6, "vote")
    assert motion_in([read_record("conversion-meeting", DAY, {"documents": ["minutes"]})]) is None


def test_opinions_in_writing_are_told_apart_from_votes_of_those_present() -> None:
    vote = {"eligible": 30, "present": 23, "for": 23, "written_for": 2}
    assert OURS["vote"].brief(vote, str) == "应到 30、实到 23、赞成 25（含会前书面 2）"
    assert OURS["vote"].brief({**vote, "written_for": 0}, str) == "应到 30、实到 23、赞成 23"


def test_only_a_facet_that_says_so_puts_a_motion() -> None:
    with pytest.raises(NotImplementedError, match="puts no motion"):
        kind_of("poll").motion({})


def test_what_counts_as_agreement_need_not_be_filed() -> None:
    assert list(kind_of("consent").agreed({"committee": "granted", "department": "refused"})) == ["committee"]
    assert not any(kind.agreed({"committee": "granted"}) for name, kind in OURS.items() if name != "consent")


@pytest.mark.parametrize(
    ("code", "keys", "values", "turn"),
    [
        ("review.missing", ("branch",), {}, ("branch",)),
        ("review.aspect", ("age",), {"level": "committee"}, ("committee",)),
        ("review.returned", ("committee",), {}, ("", "committee")),
        ("consent.refused", ("committee",), {}, ("", "committee")),
        ("filing.missing", (), {}, ("",)),
        ("documents.missing", ("letter",), {}, ("",)),
        ("step.record", (), {}, ("",)),
        ("stamps.missing", (), {}, ("",)),
    ],
)
def test_whose_turn_a_finding_makes_it(
    code: str, keys: tuple[str, ...], values: dict[str, str], turn: tuple[str, ...]
) -> None:
    one = Finding(code, "missing", "", keys, values)
    assert kind_of(one.facet).whose(one) == turn


def test_several_people_share_papers_and_a_class_but_no_decision() -> None:
    shared = {name for name, kind in OURS.items() if kind.evidence is not None and kind().together()}
    assert shared == {"documents", "training", "notice", "filing", "signoff", "convened"}
    assert not OURS["training"](exam=True).together()  # type: ignore[call-arg]


def test_the_soonest_end_of_a_notice_is_never_later_than_its_real_one() -> None:
    kind: Any = OURS["notice"]
    for asked in ({"days": 7}, {"workdays": 5}, {"days": 3, "workdays": 5}):
        notice = kind(**asked)
        posted = read_record("prospect-notice", DAY, {"notice": {}})
        end = notice.end([posted])
        assert end is not None
        assert DAY < notice.soonest(DAY) <= date.fromordinal(end.toordinal() + 1)
    assert OURS["vote"]().soonest(DAY) == DAY


def test_objections_of_one_day_are_told_apart() -> None:
    kind = kind_of("notice")
    before = [{"objections": [{"received": DAY, "number": 1, "answered": None, "finding": ""}]}]
    typed = {"places": [], "objections": [{"received": "2026-06-01"}, {"received": "2026-06-01"}]}
    assert [one["number"] for one in kind.settle(typed, before)["objections"]] == [1, 2]
    settled = [{"objections": [{"received": DAY, "answered": DAY, "finding": "unfounded"}]}]
    assert [one["number"] for one in kind.settle(typed, settled)["objections"]] == [2, 3]
    assert kind().begin(before) == {"objections": [{"received": DAY, "number": 1}]}
    assert kind().begin(settled) == {}


def test_a_plugins_facet_needs_to_declare_nothing() -> None:
    assert kind_of("stamps") is Stamps
    stamps = Stamps(pages=3)
    assert (stamps.more([]), stamps.together(), stamps.rows(), stamps.begin([])) == (0, False, 1, {})
    assert (stamps.soonest(DAY), list(stamps.after()), stamps.reckonings()) == (DAY, [], ())
    assert Stamps.brief({"pages": 3}, str) is None
    assert (Stamps.by_level, Stamps.replaces, Stamps.moves, Stamps.last) == (False, False, False, False)


def test_what_is_no_facet_has_the_defaults() -> None:
    assert kind_of("step") is Facet
    assert kind_of("check") is Facet
    assert Facet.sentences == {}


def test_nothing_is_declared_of_a_reason_without_a_sentence() -> None:
    class Seal(Facet, frozen=True):
        sentences = {"missing": "还没有盖章"}
        curable = frozenset({"mising"})

    with pytest.raises(TypeError, match="mising"):
        facet("seal", "盖章")(Seal)
    assert "seal" not in FACETS
