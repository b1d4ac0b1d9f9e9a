"""Plugins with hooks: found in a folder, called only where and while they are adopted, and never able to relax anything."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from dangwu import Adoption, Case, PolicyError, evaluate, read_record, refusals
from dangwu.plugins.plugins import Plugins, discover
from dangwu.say import explain
from tests.floor import INSTALLED

POLICY = """\
plugin: {name}
title: {name}县做法
requires: dangwu>=1,<2
sources: {{paper: {{title: 办法, year: 2026}}}}
rules:
  - id: notice.ten
    tighten: admission/prospect-notice
    notice: {{days: 10}}
    cite: {{source: paper, clause: 第一条}}
"""
CHECK = """
    from datetime import date
    import dangwu
    from dangwu import Finding

    @dangwu.hookimpl
    def dangwu_check(step, case, today):
        {body}
"""
BLOCKS = 'return [Finding("shadow.unknown", "missing", values={"sentence": "还没有家访"})] if step == "application" else []'
DAY = date(2026, 6, 1)


def write(folder: Path, name: str, body: str = "", *, policy: bool = True) -> None:
    if policy:
        (folder / f"{name}.yaml").write_text(POLICY.format(name=name), "utf-8")
    if body:
        (folder / f"{name}.py").write_text(dedent(CHECK).format(body=body), "utf-8")


def standing(plugins: Plugins, day: date = DAY, case: Case | None = None, **adoption: Any) -> Any:
    regime = plugins.compose([Adoption(plugins.policies["shadow"], **adoption)])
    return evaluate(regime, case or Case(), day)


def codes(plugins: Plugins, day: date = DAY, case: Case | None = None, **adoption: Any) -> frozenset[str]:
    found: frozenset[str] = standing(plugins, day, case, **adoption).steps["application"].because()
    return found


def test_yaml_and_python_files_of_a_folder_are_plugins(tmp_path: Path) -> None:
    write(tmp_path, "plain")
    write(tmp_path, "shadow", BLOCKS)
    (tmp_path / "code-only.py").write_text(
        f"def dangwu_policy():\n    return {POLICY.format(name='code-only')!r}\n", "utf-8"
    )
    (tmp_path / "README.md").write_text("不是插件", "utf-8")
    found = discover(tmp_path)
    assert {"plain", "shadow", "code-only", "yakeshi"} <= found.policies.keys()


def test_a_folder_that_is_not_there_is_as_good_as_empty(tmp_path: Path) -> None:
    assert discover(tmp_path / "none").policies.keys() == INSTALLED.policies.keys()


def test_a_check_adds_findings_where_its_plugin_is_adopted(tmp_path: Path) -> None:
    write(tmp_path, "shadow", BLOCKS)
    write(tmp_path, "plain")
    plugins = discover(tmp_path)
    assert "shadow.unknown" in codes(plugins)
    elsewhere = plugins.compose([Adoption(plugins.policies["plain"])])
    assert "shadow.unknown" not in evaluate(elsewhere, Case(), DAY).steps["application"].because()


def test_its_sentence_is_the_plugins_own_and_names_it(tmp_path: Path) -> None:
    write(tmp_path, "shadow", BLOCKS)
    plugins = discover(tmp_path)
    regime = plugins.compose([Adoption(plugins.policies["shadow"])])
    found = evaluate(regime, Case(), DAY).steps["application"].findings
    (one,) = [finding for finding in found if finding.plugin == "shadow"]
    assert explain.sentence(regime, one) == "还没有家访（shadow县做法）。"


def test_a_check_holds_from_the_day_of_adoption_and_until_its_end(tmp_path: Path) -> None:
    write(tmp_path, "shadow", BLOCKS)
    plugins = discover(tmp_path)
    dated: dict[str, Any] = {"since": date(2026, 6, 2), "until": date(2026, 6, 4)}
    days = [date(2026, 6, day) for day in (1, 2, 3, 4)]
    assert ["shadow.unknown" in codes(plugins, day, **dated) for day in days] == [False, True, True, False]


def test_a_step_begun_before_is_not_checked(tmp_path: Path) -> None:
    write(tmp_path, "shadow", BLOCKS)
    plugins = discover(tmp_path)
    begun = Case(entries=(read_record("application", DAY, {"documents": ["application-letter"]}),))
    later = date(2026, 6, 10)
    assert standing(plugins, later, begun, since=date(2026, 6, 5)).steps["application"].state == "done"
    assert standing(plugins, later, begun, since=DAY).steps["application"].state == "open"


def test_two_adoptions_on_the_path_ask_once(tmp_path: Path) -> None:
    write(tmp_path, "shadow", BLOCKS)
    plugins = discover(tmp_path)
    mine = plugins.policies["shadow"]
    regime = plugins.compose([Adoption(mine), Adoption(mine, since=date(2026, 1, 1))])
    found = evaluate(regime, Case(), DAY).steps["application"].findings
    assert [one.code for one in found].count("shadow.unknown") == 1


def test_a_finding_that_comes_alone_counts(tmp_path: Path) -> None:
    write(tmp_path, "shadow", 'return Finding("shadow.unknown", "missing")')
    assert "shadow.unknown" in codes(discover(tmp_path))


def test_a_check_can_only_add(tmp_path: Path) -> None:
    write(tmp_path, "shadow", "return None")
    plugins = discover(tmp_path)
    assert {"documents.missing", "step.record"} <= codes(plugins)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("raise RuntimeError('坏了')", "RuntimeError，shadow.py 第 8 行"),
        ("yield 1 / 0", "ZeroDivisionError，shadow.py 第 8 行"),
        ("return case.nothing", "AttributeError，shadow.py 第 8 行"),
        ("return __import__('json').loads('{')", "JSONDecodeError，shadow.py 第 8 行"),
        ("return ['not a finding']", "给出的不是 Finding"),
        ("return '还没有家访'", "给出的不是 Finding"),
        ("return [Finding('x.y', 'no-such-kind')]", "给出的不是 Finding"),
        ("return [Finding('x.y', 'clock')]", "给出的不是 Finding"),
        ("return 7", "给出的不是 Finding"),
    ],
)
def test_a_check_that_goes_wrong_blocks_its_step_under_its_own_name(
    tmp_path: Path, body: str, said: str
) -> None:
    write(tmp_path, "shadow", body)
    plugins = discover(tmp_path)
    regime = plugins.compose([Adoption(plugins.policies["shadow"])])
    case = Case(entries=(read_record("application", DAY, {"documents": ["application-letter"]}),))
    step = evaluate(regime, case, DAY).steps["application"]
    assert step.state == "open"
    (one,) = [finding for finding in step.findings if finding.code == "check.error"]
    assert explain.sentence(regime, one).startswith(f"插件“shadow县做法”的检查出错（{said}）")
    assert explain.sentence(regime, one).endswith("请联系插件作者或停用该插件。")


def test_a_check_may_refuse_a_record_that_cannot_be(tmp_path: Path) -> None:
    write(tmp_path, "shadow", 'return [Finding("shadow.twice", "impossible")] if case.entries else []')
    plugins = discover(tmp_path)
    regime = plugins.compose([Adoption(plugins.policies["shadow"])])
    record = read_record("application", DAY, {})
    assert [one.code for one in refusals(regime, Case(), record)] == ["shadow.twice"]


def test_a_check_takes_only_the_arguments_it_wants(tmp_path: Path) -> None:
    write(tmp_path, "shadow", BLOCKS)
    file = tmp_path / "shadow.py"
    file.write_text(file.read_text("utf-8").replace("(step, case, today)", "(step)"), "utf-8")
    assert "shadow.unknown" in codes(discover(tmp_path))


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("dangwu_check", "dangwu_chek", "插件 shadow 有不认识的钩子“dangwu_chek”，是不是“dangwu_check”。"),
        (
            "@dangwu.hookimpl",
            "",
            "插件 shadow 的钩子“dangwu_check”没有标记，不会被调用。请在它前面写 @dangwu.hookimpl。",
        ),
        (
            "(step, case, today)",
            "(step, kase)",
            "插件 shadow 的钩子“dangwu_check”没有参数“kase”，是不是“case”。可用的参数有：step、case、today",
        ),
        (
            "import dangwu",
            "import no_such_module",
            "插件 shadow 无法载入（ModuleNotFoundError：No module named 'no_such_module'，shadow.py 第 3 行）。",
        ),
        ("import dangwu", "def", "插件 shadow 无法载入（SyntaxError："),
    ],
)
def test_a_hook_that_would_not_work_is_refused_on_loading(
    tmp_path: Path, old: str, new: str, expected: str
) -> None:
    write(tmp_path, "shadow", BLOCKS)
    file = tmp_path / "shadow.py"
    file.write_text(file.read_text("utf-8").replace(old, new, 1), "utf-8")
    with pytest.raises(PolicyError) as caught:
        discover(tmp_path)
    assert caught.value.problems[0].startswith(expected)


def test_code_without_a_policy_is_refused(tmp_path: Path) -> None:
    write(tmp_path, "shadow", BLOCKS, policy=False)
    with pytest.raises(PolicyError, match="插件 shadow 没有政策。请写 shadow"):
        discover(tmp_path)


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("def dangwu_policy():\n    raise OSError('没有文件')\n", "OSError：没有文件，shadow.py 第 2 行"),
        ("import sys\nsys.exit(0)\n", "SystemExit：0，shadow.py 第 2 行"),
    ],
)
def test_code_that_raises_or_ends_the_process_is_refused(tmp_path: Path, code: str, said: str) -> None:
    (tmp_path / "shadow.py").write_text(code, "utf-8")
    with pytest.raises(PolicyError, match=f"插件 shadow 无法载入（{said}）"):
        discover(tmp_path)


@pytest.mark.parametrize("name", ["national", "yakeshi"])
def test_a_file_cannot_take_the_place_of_an_installed_plugin(tmp_path: Path, name: str) -> None:
    write(tmp_path, name)
    with pytest.raises(PolicyError, match=f"文件夹中的插件“{name}”与已安装的插件同名，不能代替它"):
        discover(tmp_path)


def test_a_file_is_named_after_its_plugin(tmp_path: Path) -> None:
    (tmp_path / "shade.yaml").write_text(POLICY.format(name="shadow"), "utf-8")
    with pytest.raises(PolicyError, match=r"shade.yaml：plugin 写的是“shadow”，应与插件名称“shade”一致"):
        discover(tmp_path)


def test_all_broken_policies_of_a_folder_are_named(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / f"{name}.yaml").write_text(POLICY.format(name=name).replace("days", "day"), "utf-8")
    with pytest.raises(PolicyError) as caught:
        discover(tmp_path)
    assert [problem.split(" ")[0] for problem in caught.value.problems] == ["one.yaml", "two.yaml"]


def test_one_broken_plugin_does_not_keep_the_others_from_being_used(tmp_path: Path) -> None:
    write(tmp_path, "shadow")
    (tmp_path / "one.yaml").write_text("plugin: [", "utf-8")
    (tmp_path / "two.py").write_text("import no_such_module\n", "utf-8")
    found = discover(tmp_path, tolerant=True)
    assert "shadow" in found.policies
    assert found.broken.keys() == {"one", "two"}
    with pytest.raises(PolicyError) as caught:
        discover(tmp_path)
    assert len(caught.value.problems) == 2, "all are named at once"
