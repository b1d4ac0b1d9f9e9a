"""Every step of the floor and of every plugin has a form, and what a step needs goes through it unchanged."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from core.actor import Actor, Holding
from core.casework.acts.parts import Part, parts
from core.casework.levels import by_level
from core.errors import Invalid
from dangwu import Adoption, Case, Moment, Regime, StepRules, Subject, least, read_record
from tenants.accounts.capabilities import CAPABILITIES
from tenants.policies.plugins import installed
from web.app import templates
from web.kit.asked.blocks import blocks, row_fields
from web.kit.asked.evidence import evidence_of
from web.kit.forms import Form

TODAY = date(2026, 11, 21)
PLUGINS = ("national", *sorted(installed().policies))


def regime(plugin: str) -> Regime:
    """The floor with one plugin, all its rules on."""
    if plugin == "national":
        return installed().compose([])
    policy = installed().policies[plugin]
    also = frozenset(rule.id for rule in policy.rules if rule.off)
    return installed().compose([Adoption(policy, also=also)])


def tags_of(one: Regime) -> frozenset[str]:
    """All tags that rules ask about, so that conditional requirements show."""
    return frozenset(tag for bound in one.bound for tag in bound.rule.when)


def steps(plugin: str) -> Iterator[tuple[Regime, StepRules, Case]]:
    """Every step that holds today, for a case without and with all tags."""
    one = regime(plugin)
    for tags in (frozenset[str](), tags_of(one)):
        for rules in one.on(TODAY, tags).steps.values():
            yield one, rules, Case(Subject(tags=tags))


def somebody(level: str) -> Actor:
    """A person of one level who may do everything there."""
    return Actor(uuid4(), "甲", (Holding("x", level, uuid4(), "/", frozenset(CAPABILITIES)),))


def part_of(rules: StepRules, level: str) -> Part:
    """What a level gives in a step."""
    [part] = [one for one in parts(somebody(level), "/", rules) if one.level == level]
    return part


def typed(name: str, value: Any) -> Iterator[tuple[str, list[str]]]:
    """Evidence as the fields of a form."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from typed(f"{name}.{key}", inner)
    elif isinstance(value, list) and value and isinstance(value[0], Mapping):
        yield f"rows:{name}", [str(len(value))]
        for row, inner in enumerate(value):
            yield from typed(f"{name}.{row}", inner)
    elif isinstance(value, list):
        yield name, [str(one) for one in value]
    elif value is not None and value is not False:
        yield name, ["1" if value is True else str(value)]


def form_of(evidence: Mapping[str, Any]) -> Form:
    """A form in which this evidence has been typed."""
    fields: dict[str, list[str]] = {}
    for facet, value in evidence.items():
        fields.update(typed(f"{facet}.*" if isinstance(value, list | str) else facet, value))
        if isinstance(value, dict):
            fields[f"done:{facet}"] = ["1"]
    return Form(fields)


def found(rules: StepRules, evidence: Mapping[str, Any]) -> list[tuple[str, tuple[str, ...]]]:
    """What the requirements find on one record with this evidence."""
    record = read_record(rules.id, TODAY, evidence, entered=TODAY)
    at = Moment(Case(), TODAY, {}, {})
    facets = {name: facet for name, facet in rules.facets.items() if facet.evidence is not None}
    return [(one.code, one.keys) for facet in facets.values() for one in facet.judge([record], at)]


@pytest.mark.parametrize("plugin", PLUGINS)
def test_the_least_evidence_goes_through_the_form_of_every_step(plugin: str) -> None:
    for one, rules, case in steps(plugin):
        for evidence in least(one, case, rules.id, TODAY):
            whole = {name: given for name, given in evidence.items() if name in rules.facets}
            for level, given in by_level(rules, whole):
                form = form_of(given)
                asked = blocks(one, rules, part_of(rules, level), form)
                if not any(block.groups for block in asked):
                    continue
                read = evidence_of(rules.id, TODAY, TODAY, asked, form)
                assert found(rules, read) == found(rules, given), (plugin, rules.id, level)


@pytest.mark.parametrize("plugin", PLUGINS)
def test_the_form_of_every_step_renders_for_every_level(plugin: str) -> None:
    render = templates().get_template("cases/fields.html").make_module({"pick_unit": ""}).block_list  # type: ignore[attr-defined]
    for one, rules, _ in steps(plugin):
        for level in ("branch", "committee", "department"):
            for part in parts(somebody(level), "/", rules):
                asked = blocks(one, rules, part)
                html = str(render(Form.blank(), asked, {}, row_fields))
                for field in (field for block in asked for field in block.fields):
                    assert f'id="f-{field.name}"' in html, (plugin, rules.id, level, field.name)
                    assert field.title, (plugin, rules.id, field.name)


def test_a_plugin_s_alternatives_are_said_in_the_hint() -> None:
    one = regime("national")
    rules = one.on(TODAY, frozenset()).steps["prospect-notice"]
    [notice] = [block for block in blocks(one, rules, part_of(rules, "branch")) if block.facet == "notice"]
    [places] = [field for field in notice.fields if field.name == "notice.places"]
    assert places.hint == "工作（学习）单位、居住地、流出地、流入地中有其一即可。"


def meeting(**values: str) -> tuple[list[Any], Form]:
    """The form of the branch meeting with these figures."""
    one = regime("national")
    rules = one.on(TODAY, frozenset()).steps["admission-meeting"]
    form = Form({f"vote.{name}": [value] for name, value in values.items()})
    return blocks(one, rules, part_of(rules, "branch"), form), form


def test_full_width_digits_are_read_and_letters_are_refused_by_name() -> None:
    asked, form = meeting(eligible="２０", present="18", **{"for": "15"})
    assert evidence_of("admission-meeting", TODAY, TODAY, asked, form)["vote"]["eligible"] == 20
    asked, form = meeting(eligible="二十", present="18", **{"for": "15"})
    with pytest.raises(Invalid):
        evidence_of("admission-meeting", TODAY, TODAY, asked, form)
    assert form.errors == {"vote.eligible": "应到会有表决权的人数“二十”不是一个整数。请只填数字。"}


def test_half_a_vote_names_what_is_lacking() -> None:
    asked, form = meeting(eligible="20")
    with pytest.raises(Invalid):
        evidence_of("admission-meeting", TODAY, TODAY, asked, form)
    assert form.errors == {"vote.present": "请填写实到会有表决权的人数。", "vote.for": "请填写到会赞成票。"}


def test_an_empty_form_is_refused() -> None:
    asked, form = meeting()
    with pytest.raises(Invalid, match="还没有填写办理的内容"):
        evidence_of("admission-meeting", TODAY, TODAY, asked, form)


def test_a_choice_that_is_not_offered_is_refused_at_its_field() -> None:
    one = regime("national")
    rules = one.on(TODAY, frozenset()).steps["prospect-notice"]
    form = Form({"notice.places": ["workplace", "nowhere"]})
    with pytest.raises(Invalid):
        evidence_of("prospect-notice", TODAY, TODAY, blocks(one, rules, part_of(rules, "branch"), form), form)
    assert "选中的有 1 项已经不在可选范围内" in form.errors["notice.places"]
