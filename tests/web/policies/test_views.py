"""The pure view models of the policy pages: words, document, history, rehearsal texts."""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import UUID, uuid4

import pytest

from core.organisation.model import UnitView
from dangwu import Adoption, Blank
from tenants.policies import texts
from tenants.policies.changes import Activation, Adjust, Choice, Place, plan
from tenants.policies.plugins import installed
from web.kit.forms import Form
from web.policies.cards import cards
from web.policies.effective import EffectiveView
from web.policies.history import history_lines
from web.policies.plugin.document import Document
from web.policies.plugin.fill import as_text, hints, read_fill
from web.policies.rehearse.rehearsals import shipped, with_policies
from web.policies.words.said import document

DAY = date(2026, 11, 21)
UNIT = UUID(int=1)


def unit(path: str = "/d/") -> UnitView:
    """A unit that is nowhere but here."""
    return UnitView(
        id=UNIT, parent_id=None, kind="department", name="县委组织部", short_name="组织部", code=None, path=path,
        founded=None, dissolved=None, successor_id=None, flags=(), version=0,
    )  # fmt: skip


def _text(plugin: str) -> str | None:
    """Its text, as if this process had read it from the database."""
    policy = installed().policies.get(plugin)
    if policy is None:
        return None
    name = texts.installed_text(plugin)
    texts._read.setdefault(name, policy)
    return name


def activation(plugin: str = "yakeshi", path: str = "/d/", minute: int = 0, **more: object) -> Activation:
    """An activation written at a minute of the day."""
    values: dict[str, object] = {
        "id": uuid4(), "unit_id": UNIT, "unit_name": "县委组织部", "path": path, "plugin": plugin, "since": DAY,
        "until": None, "choice": Choice(), "level": "department", "by_name": "王管理",
        "at": datetime(2026, 11, 21, 9, minute, tzinfo=UTC), "text": _text(plugin), **more,
    }  # fmt: skip
    return Activation(**values)  # type: ignore[arg-type]


@pytest.mark.parametrize("plugin", ["national", *sorted(installed().policies)])
def test_every_rule_of_every_plugin_can_be_read_and_leaves_no_word_untranslated(plugin: str) -> None:
    floor = installed().floor.policies[0]
    policy = installed().policies.get(plugin, floor)
    regime = installed().compose([] if policy is floor else [Adoption(policy)])
    groups = Document(policy, regime, DAY, {}).groups()
    lines = [line for group in groups for line in group.lines]
    assert {line.id for line in lines} == set(policy.rule_ids())
    assert [line.id for line in lines if line.first] == list(dict.fromkeys(line.id for line in lines))
    for line in lines:
        said = "".join((*line.requires, *line.absorbed, *line.when))
        assert "{" not in said, (line.id, said)
        assert line.title
        assert line.clause
    anchors = [line.anchor for line in lines]
    assert len(anchors) == len(set(anchors)), "each line has an address of its own"
    assert {one.anchor for group in groups for one in group.also} <= set(anchors)


def test_a_weaker_rule_is_said_to_be_contained_with_what_holds() -> None:
    policy = installed().policies["yakeshi"]
    groups = Document(policy, installed().compose([Adoption(policy)]), DAY, {}).groups()
    [quorum] = [line for group in groups for line in group.lines if line.id == "yakeshi.vote.quorum"]
    assert quorum.requires == ("实到会有表决权的人数须不少于 1/2（占应到会）",)
    assert "现行要求是：实到会有表决权的人数须超过 1/2（占应到会）" in quorum.absorbed[0]
    assert quorum.absorbed[0].startswith("已含于国家规定“")


def test_the_effective_view_lists_each_parameter_with_its_rule() -> None:
    view = EffectiveView(installed().compose([Adoption(installed().policies["yakeshi"])]), DAY, frozenset())
    steps = {step.id: step for stage in view.stages() for step in stage.steps}
    numbers = [step.number for stage in view.stages() for step in stage.steps]
    assert numbers == list(range(1, len(steps) + 1))
    [notice] = [facet for facet in steps["prospect-notice"].facets if facet.name == "notice"]
    by = {part.text: [one.id for one in part.origins] for part in notice.parts}
    assert by["公示不少于 15 天"] == ["yakeshi.public.fifteen-days"]
    assert by["公示不少于 5 个工作日"] == ["national.article-13.notice"]
    assert steps["admission-notice"].inserted_by[0].id == "yakeshi.public.fifteen-days"
    assert not steps["prospect-notice"].inserted_by
    assert sum(len(texts) for texts, _, _ in notice.together()) == len(notice.parts)
    assert "党（工）委票决的通过比例" in steps["admission-approval"].blanks
    assert any("中国共产党发展党员工作细则" in text for text in view.documents())


def test_cards_say_in_whose_name_a_policy_is_in_force() -> None:
    live = [activation(until=date(2026, 12, 1)), activation("songyuan", since=date(2027, 1, 1))]
    found = {card.id: card for card in cards(unit("/d/c/"), live, DAY)}
    assert found["yakeshi"].state == "running"
    assert not found["yakeshi"].here[0].own or found["yakeshi"].here[0].unit_id == UNIT
    assert found["yakeshi"].here[0].open_blanks[:2] == ("党外群众民主测评的范围", "党（工）委票决的通过比例")
    assert found["songyuan"].state == "coming"
    assert found["jinhua-2014"].state == "none"
    assert {card.id: card for card in cards(unit(), live, date(2026, 12, 1))}["yakeshi"].state == "ended"


def test_an_adjustment_from_a_later_day_is_one_line_of_history() -> None:
    first = activation()
    place = Place(UNIT, "县委组织部", "/d/", "department")
    choice = Choice(without=frozenset({"yakeshi.public.one-week"}), basis="会议纪要")
    added = plan([first], Adjust(activation_id=first.id, day=date(2027, 1, 1), choice=choice), place)
    stamped = [
        activation(
            **{name: getattr(item, name) for name in item.__struct_fields__ if name not in ("at", "by_name")},
            minute=30,
        )
        for item in added
    ]
    lines = history_lines([*reversed(stamped), first])
    assert [line.said for line in lines] == ["自 2027-01-01 起调整", "自 2026-11-21 起启用"]
    assert lines[0].changes == ("不执行：“举报一周内查核答复”。",)
    assert lines[0].basis == "会议纪要"


def test_a_plugin_of_which_nothing_is_known_is_called_by_its_id() -> None:
    [line] = history_lines([activation("gone-county")])
    assert line.title == "gone-county"
    assert not line.installed
    assert line.said == "自 2026-11-21 起启用"


@pytest.mark.parametrize(
    ("kind", "typed", "value", "wrong"),
    [
        ("number", "１５", 15, False),
        ("number", "2.5", 2.5, False),
        ("number", "-3", None, True),
        ("number", "十五", None, True),
        ("share", " 2/3 ", ">=2/3", False),
        ("share", "＞1/2", ">1/2", False),
        ("share", "3/2", None, True),
        ("list", "市文旅局、市医保局\n市水利局", ["市文旅局", "市医保局", "市水利局"], False),
        ("text", "全体村民", "全体村民", False),
        ("text", "", None, False),
        ("text", "长" * 501, None, True),
    ],
)
def test_blanks_are_read_in_their_own_type(kind: str, typed: str, value: object, wrong: bool) -> None:
    form = Form.blank(x=typed)
    found = read_fill(form, "x", Blank(type=kind, title="某项"))  # type: ignore[arg-type]
    assert bool(form.errors) == wrong
    if not wrong:
        assert found == value


@pytest.mark.parametrize(
    ("typed", "value", "said"),
    [
        ("公安、tax", ["public-security", "tax"], ""),
        ("新增：体育局", [{"ti-yu-ju": "体育局"}], ""),
        ("新增:公安", ["public-security"], ""),
        ("公安局", ["公安局"], "“公安局”不在已有的名称中。可填：纪委监委、"),
        ("公开栏", ["公开栏"], "确实没有的，写“新增：公开栏”。"),
    ],
)
def test_words_in_a_blank_are_read_by_their_names(typed: str, value: object, said: str) -> None:
    """And shown again so that they can be typed again."""
    form = Form.blank(x=typed)
    found = read_fill(form, "x", Blank(type="list", title="其余部门"), ("agency",))
    assert found == value
    assert said in "".join(form.errors.values())
    assert bool(form.errors) == bool(said)
    again = Form.blank(x=as_text(found))
    assert read_fill(again, "x", Blank(type="list", title="其余部门"), ("agency",)) == value


def test_the_form_lists_the_words_that_can_be_filled_in() -> None:
    listed = hints(installed().policies["jinhua-2014"])["law-agencies"]
    assert "可填：纪委监委、政法委、公安、" in listed
    assert "党员大会通报" not in listed
    assert listed.endswith("没有列出的，写“新增：名称”。")


def test_other_policies_are_put_into_a_rehearsal_without_moving_its_lines() -> None:
    text = "title: x\npolicies:\n  - yakeshi\n  - songyuan\nscript:\n  - {day: 2026-06-01}\n"
    changed = with_policies(text, ["jinhua-2014"])
    assert changed.splitlines()[4] == "script:"
    assert "yakeshi" not in changed
    assert changed.rstrip().endswith("policies:\n  - jinhua-2014")
    assert with_policies("title: x\npolicies: [a,\n  b]\nscript: []", []).splitlines()[1:3] == ["", ""]


def test_every_plugin_ships_rehearsals() -> None:
    """One of which only the titles are known need not: nothing in it can be rehearsed but that it binds nobody."""
    ruling = {name for name, policy in installed().policies.items() if policy.rules}
    assert {"national", *ruling} <= {item.plugin for item in shipped()} <= {"national", *installed().policies}
    assert all(item.title for item in shipped())


def test_long_remarks_in_a_title_are_left_to_the_list_of_documents() -> None:
    assert (
        document("中国共产党发展党员工作细则（2026 年修订）")
        == "《中国共产党发展党员工作细则（2026 年修订）》"
    )
    assert document("某报告（文中作“牙市”，所述为 2005—2006 年的做法，依据旧的工作细则）") == "《某报告》"
    assert document("一" * 40) == f"《{'一' * 40}》"


def test_every_requirement_and_every_consequence_is_traced_to_its_rule() -> None:
    """Of each plugin beside the floor: nothing is asked, and no case ended or sent back, without a rule that says so."""
    for policy in installed().policies.values():
        view = EffectiveView(installed().compose([Adoption(policy)]), DAY, frozenset())
        for step in (step for stage in view.stages() for step in stage.steps):
            for facet in step.facets:
                assert any(part.origins for part in facet.parts), (policy.id, step.id, facet.name)
            assert step.failure is None or step.failure.origins, (policy.id, step.id)
    yakeshi = EffectiveView(
        installed().compose([Adoption(installed().policies["yakeshi"])]), DAY, frozenset()
    )
    failures = {
        step.id: step.failure
        for stage in yakeshi.stages()
        for step in stage.steps
        if step.failure is not None
    }
    assert "退回到" in failures["mass-appraisal-admission"].text
    assert [one.plugin for one in failures["mass-appraisal-admission"].origins] == ["yakeshi"]
