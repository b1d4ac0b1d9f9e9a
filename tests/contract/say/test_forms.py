"""Forms from evidence types: every facet can be filled in, and what was filled in is what the records need."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

import msgspec
import pytest

from dangwu import FACETS, Adoption, Case, EvidenceError, Regime, compose, read_record
from dangwu.case.moment import Moment
from dangwu.facets.base import Facet
from dangwu.facets.registry import recordable
from dangwu.plugins.plugins import Plugins
from dangwu.regime.effective import StepRules
from dangwu.say import forms
from dangwu.say.forms import Section
from tests.contract.made import made

DAY = date(2026, 6, 1)
EVERYTHING = made(
    "everything",
    """
    - id: all.facets
      add: admission/everything
      title: 样样都要
      stage: prospect
      level: branch
      after: [cultivation]
      before: [prospect-selection]
      documents: {kinds: ["letter|form"]}
      consultation: {sources: [masses]}
      filing: {levels: [committee]}
      talk: {with: [applicant], by: [organizer]}
      poll: {among: [masses, "members|league"]}
      vote: {pass: ">1/2", secret: true, one_by_one: true, observers: [organizer], presence: [applicant], briefed: [plan]}
      notice: {days: 5, places: ["workplace|residence"], channels: [website]}
      review: {levels: [branch, committee], aspects: [plan]}
      inquiry: {agencies: [tax, justice]}
      training: {hours: 8, days: 1, exam: true}
      assessment: {count: 2, items: [plan], pass_mark: 60}
      appointment: {count: 2, at_most: 3, qualifications: [full-member]}
      consent: {levels: [committee]}
      signoff: {roles: [secretary]}
      visit: {aspects: [plan], by: [organizer]}
      tracing: {ways: [phone], different: 2, attempts: 1}
      serial: {required: true}
      convened: {families: [activist-analysis]}
    """,
    head="""
    terms:
      kind: {letter: 书信, form: 表格}
      topic: {plan: 培养计划}
      item: {plan: 培养计划}
      aspect: {plan: 培养计划}
    """,
)


@pytest.fixture(scope="module")
def regime(plugins: Plugins) -> Regime:
    return compose(plugins.floor, [Adoption(EVERYTHING)])


@pytest.fixture(scope="module")
def rules(regime: Regime) -> StepRules:
    return regime.on(DAY).steps["everything"]


def sections(regime: Regime, rules: StepRules) -> dict[str, Section]:
    return {one.facet: one for one in forms.sections(regime, rules)}


def test_the_step_asks_for_every_facet_that_records_anything(rules: StepRules) -> None:
    ours = {name for name in recordable() if FACETS[name].__module__.startswith("dangwu.facets.")}
    assert set(rules.facets) == ours


@pytest.mark.parametrize(
    "name", [name for name in recordable() if FACETS[name].__module__.startswith("dangwu.facets.")]
)
def test_a_facet_has_fields_with_chinese_titles(regime: Regime, rules: StepRules, name: str) -> None:
    section = sections(regime, rules)[name]
    assert section.fields
    for field in (*section.fields, *(part for rows in section.fields for part in rows.fields)):
        assert field.title
        assert field.title.isascii() is False, field
        assert field.kind in (
            "whole",
            "number",
            "text",
            "date",
            "yes",
            "choice",
            "choices",
            "rows",
            "person",
            "id",
        )
        assert all(title.isascii() is False for _, title in field.options)
    assert section.requirements
    assert all(line.citations for line in section.requirements)


@pytest.mark.parametrize(
    "name", [name for name in recordable() if FACETS[name].__module__.startswith("dangwu.facets.")]
)
def test_what_is_typed_is_what_the_record_needs(regime: Regime, rules: StepRules, name: str) -> None:
    """The least evidence, typed into the form and collected, satisfies the facet as it did before."""
    facet = rules.facets[name]
    moment = Moment(Case(), DAY, {}, {})
    least = facet.least(None, (), moment)
    fields = sections(regime, rules)[name].fields
    typed = forms.spread(fields, {name: msgspec.to_builtins(FACETS[name].read(least))})
    collected = forms.collect(fields, typed)
    record = read_record("everything", DAY, collected)
    assert record.evidence[name] == FACETS[name].read(least)
    codes = {one.code for one in facet.judge((record,), moment)}
    assert codes <= {"notice.running", "assessment.count"}


def test_an_empty_form_says_nothing(regime: Regime, rules: StepRules) -> None:
    fields = [field for one in forms.sections(regime, rules) for field in one.fields]
    assert forms.collect(fields, {}) == {}
    assert forms.collect(fields, {field.name: ["  "] for field in fields}) == {}


def test_only_what_some_rule_asks_for_is_asked(plugins: Plugins) -> None:
    """No observers where no rule wants any; a motion only where there is one."""
    floor = compose(plugins.floor)
    names = {
        step: {field.name for one in forms.sections(floor, floor.on(DAY).steps[step]) for field in one.fields}
        for step in ("admission-meeting", "conversion-meeting")
    }
    assert "vote.observers" not in names["admission-meeting"]
    assert {"vote.secret", "vote.one_by_one"} <= names["admission-meeting"]
    assert not {"vote.motion", "vote.months"} & names["admission-meeting"]
    assert {"vote.motion", "vote.months"} <= names["conversion-meeting"]


def test_alternatives_are_offered_one_by_one_and_marked(regime: Regime, rules: StepRules) -> None:
    (places,) = [field for field in sections(regime, rules)["notice"].fields if field.name == "notice.places"]
    assert places.options == (("workplace", "工作（学习）单位"), ("residence", "居住地"))
    assert places.wanted == ("workplace|residence",)


WRONG: list[tuple[dict[str, Any], str]] = [
    (
        {"vote": {"eligible": "二十", "present": 1, "for": 1}},
        "“票决”的内容不对：“应到会有表决权的人数”应为整数，得到的是文字。",
    ),
    (
        {"vote": {"eligible": 20, "present": -1, "for": 10}},
        "“票决”的内容不对：“实到会有表决权的人数”不能小于 0。",
    ),
    ({"vote": {"eligible": 20, "present": 18}}, "“票决”的内容不对：缺少“到会赞成票”。"),
    (
        {"vote": {"eligible": 20, "present": 18, "for": 9, "foe": 1}},
        "“票决”的内容不对：有不认识的一项“foe”。",
    ),
    ({"consent": {"committee": "maybe"}}, "“同意”的内容不对：“maybe”不是可选的值。"),
    (
        {"notice": {"objections": [{"received": "去年"}]}},
        "“公示”的内容不对：“收到日期”日期应写作 2026-06-01。",
    ),
    ({"review": {"branch": {"conclusion": "ok"}}}, "“审查”的内容不对：“结论”“ok”不是可选的值。"),
    ({"appointment": [{"name": ""}]}, "“指定人员”的内容不对：“姓名”不能为空。"),
    ({"documents": {"letter": 1}}, "“材料”的内容不对：应为文字，得到的是各项名称与内容。"),
    ({"timing": {}}, "环节 everything 的记录中有不认识的内容“timing”。"),
]


@pytest.mark.parametrize(("evidence", "problem"), WRONG)
def test_what_cannot_be_read_is_said_in_the_words_of_the_form(evidence: dict[str, Any], problem: str) -> None:
    with pytest.raises(EvidenceError) as caught:
        read_record("everything", DAY, evidence)
    assert caught.value.problems[0].startswith(problem)


class One(msgspec.Struct):
    """A plugin's evidence of one field."""

    pages: int = 0


class Two(msgspec.Struct):
    """A plugin's evidence of two, of which one is named."""

    pages: int = 0
    place: Annotated[str, msgspec.Meta(title="存放处")] = ""


@pytest.mark.parametrize(("evidence", "labels"), [(One, ["存放"]), (Two, ["pages", "存放处"])])
def test_a_field_that_its_author_did_not_name_has_a_label(
    regime: Regime, rules: StepRules, monkeypatch: pytest.MonkeyPatch, evidence: type, labels: list[str]
) -> None:
    """Of one field the requirement's own title, of several each one's name."""

    class Kept(Facet, frozen=True):
        name, title = "kept", "存放"

    Kept.evidence = evidence
    monkeypatch.setitem(FACETS, "kept", Kept)
    kept = msgspec.structs.replace(rules, facets={"kept": Kept()}, origins={}, attaining=(), firm={})
    [section] = forms.sections(regime, kept)
    assert [field.title for field in section.fields] == labels
