"""`dangwu diff`: what a later text changes, and the promise that its author has made."""

from __future__ import annotations

from pathlib import Path

import pytest

from dangwu.author.cli import main
from dangwu.say.difference import difference
from tests.contract.made import made

OLD = """
plugin: homemade
title: 某县补充规定
version: 1.0.0
sources:
  paper: {title: 某县发展党员补充规定, year: 2026}
blanks:
  share: {type: share, title: 推优的比例}
rules:
  - {id: public.days, tighten: admission/prospect-notice, title: 公示十天, notice: {days: 10},
     cite: {source: paper, clause: 第三条}}
  - {id: training.hours, tighten: admission/intensive-training, title: 培训, training: {hours: 30},
     cite: {source: paper, clause: 第四条}}
  - {id: public.places, tighten: admission/prospect-notice, title: 公示地点, notice: {places: [workplace]},
     cite: {source: paper, clause: 第五条}}
  - {id: vote.secret, tighten: admission/admission-meeting, title: 票决比例, vote: {pass: {blank: share}},
     cite: {source: paper, clause: 第六条}}
  - {id: visit.home, add: admission/home-visit, title: 家访, stage: prospect, level: branch, after: [prospect-notice],
     before: [pre-review], talk: {with: [applicant]}, cite: {source: paper, clause: 第七条}}
"""


def diff(folder: Path, new: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    """The exit code and what is printed."""
    for name, text in (("old.yaml", OLD), ("new.yaml", new)):
        (folder / name).write_text(text, "utf-8")
    code = main(["diff", str(folder / "old.yaml"), str(folder / "new.yaml")])
    return code, capsys.readouterr().out


@pytest.mark.parametrize(
    ("before", "after", "code", "said"),
    [
        ("days: 10", "days: 15", 0, "更严：公示十天（homemade.public.days）：公示不少于 10 天 → 公示不少于 15 天"),
        ("days: 10", "days: 7", 0, "放宽：公示十天（homemade.public.days）：公示不少于 10 天 → 公示不少于 7 天"),
        ("[workplace]", "[residence]", 0, "另有变化：公示地点"),
        ("{hours: 30}", "{hours: 30, exam: true}", 0, "更严：培训"),
        ("id: public.days,", "id: public.ten, was: [public.days],", 0, "（homemade.public.ten），原标识 homemade.public.days"),
        ("title: 公示十天,", "title: 公示十天, until: 2027-01-01,", 0, "不再执行：公示十天"),
        ("title: 公示十天,", "title: 公示十天, when: [rural],", 0,
         "放宽：公示十天（homemade.public.days）：公示不少于 10 天 → 公示不少于 10 天；只适用于农村"),
        ("title: 公示十天,", "title: 公示满十天, since: 2027-01-01,", 0,
         "公示不少于 10 天；名称“公示十天” → 公示不少于 10 天；名称“公示满十天”；自 2027-01-01 起"),
        ("id: public.days,", "id: public.ten-days,", 1, "✗ 规则 homemade.public.days 没有了。不再要的规则不删，写 until"),
        ("days, tighten: admission/prospect-notice", "days, tighten: admission/conversion-notice", 1, "标识不能挪作他用"),
        ("level: branch", "level: committee", 1, "✗ 环节“家访”（home-visit）换了承办层级或阶段。已经启用的县不能接着执行"),
        ("share}}", "ratio}}", 1, "✗ 填空 share 改成了 ratio。填空的标识不能改"),
        ("days: 10}", "days: 10, exception: committee}", 0,
         "公示不少于 10 天 → 公示不少于 10 天（个别特殊情况，经基层党委事先书面同意的除外）"),
        ("notice: {days: 10}", "notice: {days: 10}, on_failure: {return_to: cultivation}", 0, "更严：公示十天"),
        ("notice: {days: 10}", "notice: {days: 10}, off: true", 0, "放宽：公示十天"),
        ("notice: {days: 10}", "notice: {days: 10, channels: [website]}", 0, "更严：公示十天"),
        ("training: {hours: 30}", "documents: {kinds: [talk-record]}", 0, "另有变化：培训"),
        ("title: 公示十天,", "title: 公示十天, since: 2027-01-01,", 0, "另有变化：公示十天"),
        ("tighten: admission/intensive-training", "tighten: [admission/intensive-training, admission/cultivation]", 0,
         "更严：培训"),
        ("plugin: homemade", "plugin: home-made\nwas: [homemade]", 0, "（home-made.public.days），原标识 homemade.public.days"),
    ],
)  # fmt: skip
def test_what_becomes_of_a_rule(
    before: str, after: str, code: int, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    new = OLD.replace("version: 1.0.0", "version: 1.1.0").replace(before, after)
    if "ratio" in after:
        new = new.replace("share: {type", "ratio: {type")
    found = diff(tmp_path, new, capsys)
    assert said in found[1]
    assert found[0] == code, found[1]


def test_the_same_text_has_no_differences(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert diff(tmp_path, OLD, capsys) == (0, "规则没有变化。\n")


def test_a_changed_text_has_another_version(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, said = diff(tmp_path, OLD.replace("days: 10", "days: 12"), capsys)
    assert code == 1
    assert "内容变了，version 还是 1.0.0。请提高版本号。" in said


@pytest.mark.parametrize(
    ("written", "said"), [("version: new", "应为版本号，例如 1.2.0"), ("was: old", "应为列表")]
)
def test_what_is_wrong_with_version_and_was_is_said(
    written: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "old.yaml").write_text(OLD, "utf-8")
    (tmp_path / "new.yaml").write_text(OLD.replace("version: 1.0.0", written), "utf-8")
    assert main(["diff", str(tmp_path / "old.yaml"), str(tmp_path / "new.yaml")]) == 2
    assert said in capsys.readouterr().err


def test_a_folder_stands_for_its_policy(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name, text in (("old", OLD), ("new", OLD.replace("days: 10", "days: 12"))):
        package = tmp_path / name / "dangwu_homemade"
        package.mkdir(parents=True)
        (package / "__init__.py").touch()
        (package / "policy.yaml").write_text(text, "utf-8")
        written = '[project.entry-points."dangwu.plugins"]\nhomemade = "dangwu_homemade"\n'
        (tmp_path / name / "pyproject.toml").write_text(written, "utf-8")
    assert main(["diff", str(tmp_path / "new"), str(tmp_path / "new")]) == 0
    assert capsys.readouterr().out == "规则没有变化。\n"
    assert (
        main(["diff", str(tmp_path / "old"), str(tmp_path / "new" / "dangwu_homemade" / "policy.yaml")]) == 1
    )
    assert "公示不少于 10 天 → 公示不少于 12 天" in capsys.readouterr().out


RULE = "- {id: a.b, tighten: admission/prospect-notice, title: 公示十天, notice: {days: 10}, cite: {source: paper, clause: 一}}"


def kinds(old: str, new: str) -> list[tuple[str, str]]:
    """(what becomes of it, its rule) of two lists of rules."""
    return [(one.kind, one.rule) for one in difference(made("one", old), made("one", new)).changes]


@pytest.mark.parametrize(("old", "new", "kind"), [
    ("", "on_failure: {return_to: cultivation}, ", "stricter"),
    ("on_failure: {return_to: cultivation}, ", "", "laxer"),
    ("on_failure: {return_to: cultivation}, ", "on_failure: close, ", "stricter"),
    ("on_failure: close, ", "on_failure: {return_to: cultivation}, ", "laxer"),
    ("on_failure: {return_to: cultivation}, ", "on_failure: {return_to: application}, ", "otherwise"),
    ("", "when: [rural], ", "laxer"), ("when: [rural], ", "", "stricter"), ("when: [rural], ", "when: [student], ", "otherwise"),
    ("when: [rural], ", "when: [rural, student], ", "laxer"), ("when: [rural, student], ", "when: [student], ", "stricter"),
    ("", "off: true, ", "laxer"), ("off: true, ", "", "stricter"),
    ("", "until: 2027-01-01, ", "ended"), ("until: 2027-01-01, ", "until: 2028-01-01, ", "ended"),
    ("until: 2027-01-01, ", "", "otherwise"), ("", "since: 2027-01-01, ", "otherwise"),
    ("until: 2027-01-01, ", "until: 2027-01-01, off: true, ", "laxer"),
    ("off: true, ", "when: [rural], ", "otherwise"),
])  # fmt: skip
def test_whom_and_when_it_concerns_and_what_follows(old: str, new: str, kind: str) -> None:
    assert kinds(RULE.replace("title:", f"{old}title:"), RULE.replace("title:", f"{new}title:")) == [
        (kind, "one.a.b")
    ]


@pytest.mark.parametrize(("old", "new", "kind"), [
    ("", ", exception: committee", "laxer"), (", exception: committee", "", "stricter"),
    (", exception: committee", ", exception: department", "stricter"),
    (", exception: department", ", exception: committee", "laxer"),
])  # fmt: skip
def test_who_can_except_somebody_from_it(old: str, new: str, kind: str) -> None:
    assert kinds(*(RULE.replace("days: 10", f"days: 10{beside}") for beside in (old, new))) == [
        (kind, "one.a.b")
    ]
    more = (RULE.replace("days: 10", f"days: {days}{beside}") for days, beside in ((10, old), (15, new)))
    assert kinds(*more) == [("stricter" if kind == "stricter" else "otherwise", "one.a.b")]


def test_of_several_entries_of_one_rule_each_is_looked_at() -> None:
    places = RULE.replace("days: 10", "places: [workplace]")
    either = places.replace("[workplace]", "[workplace], exception: committee")
    assert kinds(f"{RULE}\n{places}", f"{RULE}\n{either}") == [("laxer", "one.a.b")]
    assert kinds(f"{RULE}\n{places}", RULE) == [("laxer", "one.a.b")]
    assert kinds(RULE, f"{RULE}\n{places}") == [("stricter", "one.a.b")]
    assert kinds(f"{RULE}\n{places}", f"{places}\n{RULE}") == []


def test_what_there_was_comes_in_one_order_each_with_what_it_asked_for() -> None:
    def rule(name: str, days: int, more: str = "") -> str:
        return RULE.replace("a.b", name).replace("10", str(days)).replace("title:", f"{more}title:")

    days = {"a.gone": 10, "a.laxer": 20, "a.stricter": 30, "a.ended": 40, "a.renamed": 50, "a.same": 60}
    old = "\n".join(rule(name, many) for name, many in days.items())
    new = "\n".join(
        [
            rule("a.new", 4), rule("a.called", 50, "was: [one.a.renamed], "), rule("a.ended", 40, "until: 2027-01-01, "),
            rule("a.laxer", 19), rule("a.stricter", 31), rule("a.same", 60),
        ]
    )  # fmt: skip
    found = difference(made("one", old), made("one", new))
    assert [one.kind for one in found.changes] == ["stricter", "laxer", "new", "ended", "gone", "renamed"]
    told = {one.kind: (one.was, one.before[:1], one.after[:1]) for one in found.changes}
    assert told["new"] == ("", (), ("公示不少于 4 天",))
    assert told["gone"] == ("", ("公示不少于 10 天",), ())
    assert told["laxer"] == ("", ("公示不少于 20 天",), ("公示不少于 19 天",))
    assert told["renamed"] == ("one.a.renamed", (), ())
    assert [one.rule for one in found.of("renamed")] == ["one.a.called"]


def test_a_fill_is_told_where_both_leave_it_open_alike() -> None:
    """What a county has filled in is shown as it stands; where the kind of blank has changed, it no longer does."""
    blank = RULE.replace("days: 10", "days: {blank: days}")
    head = "blanks: {{days: {{type: {kind}, title: 天数}}}}\n"
    old, new = (made("one", blank, head=head.format(kind="number")) for _ in range(2))
    assert difference(old, new, {"days": 7}).changes == ()
    longer = made("one", RULE.replace("days: 10", "workdays: {blank: days}"), head=head.format(kind="number"))
    (change,) = difference(old, longer, {"days": 7}).changes
    assert (change.kind, change.before, change.after) == (
        "otherwise",
        ("公示不少于 7 天",),
        ("公示不少于 7 个工作日",),
    )
    none = made("one", RULE)
    (change,) = difference(old, none, {"days": 7}).changes
    assert change.after == ("公示不少于 10 天",)
    assert difference(old, none, {"days": 7}).blanks_gone == ("天数",)
    assert difference(none, old).blanks_new == ("天数",)
