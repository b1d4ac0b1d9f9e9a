"""plugins/contract/README.md is true: its tables follow from the code, its examples load, check and play."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from textwrap import dedent

import pytest

import dangwu
from dangwu import FACETS, Adoption, Case, Subject, evaluate
from dangwu.author import rehearse_read
from dangwu.author.cli import main
from dangwu.facets.finding import KINDS
from dangwu.plugins.plugins import discover
from dangwu.policy import fill, load, load_rule
from dangwu.policy.policy import Opening, Procedure
from dangwu.say import explain
from dangwu.values.word import DECLARED
from tests.contract import reference
from tests.contract.conftest import HERE

ROOT = HERE.parents[1]
CONTRACT = ROOT / "plugins" / "contract"
README = (CONTRACT / "README.md").read_text("utf-8")


def block(title: str) -> str:
    """The fenced block after `<!-- title -->`, without its indentation."""
    found = re.search(rf"^( *)<!-- {re.escape(title)} -->\n *```\w+\n(.*?)\n *```$", README, re.S | re.M)
    assert found, title
    return dedent(found[2]) + "\n"


def words(before: str, text: str = README) -> set[str]:
    """The identifiers in backquotes in the paragraph that begins with these words."""
    paragraph = next(part for part in text.split("\n\n") if part.startswith(before))
    return set(re.findall(r"`([a-z_]+)(?:: \w+)?`", paragraph))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The files of the tutorial, as a reader would write them."""
    (tmp_path / "rehearsals").mkdir()
    for name in re.findall(r"<!-- file (\S+) -->", README):
        (tmp_path / name).write_text(block(f"file {name}"), "utf-8")
    return tmp_path


@pytest.mark.parametrize("name", list(reference.TABLES))
def test_a_table_follows_from_the_code(name: str) -> None:
    """When it does not: `python -m tests.contract.reference` writes what it should say."""
    assert f"<!-- {name} -->\n{reference.TABLES[name]()}\n<!-- /{name} -->" in README


def test_the_policy_of_the_tutorial_is_checked_as_it_says(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", str(folder / "sunshine.yaml")]) == 0
    assert capsys.readouterr().out == block("output check")


def test_the_rehearsal_of_the_tutorial_holds(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rehearse", "--plugins", str(folder), str(folder / "rehearsals")]) == 0
    assert "1 个通过" in capsys.readouterr().out


def test_the_hook_of_the_readme_adds_its_finding(folder: Path) -> None:
    plugins = discover(folder)
    regime = plugins.compose([Adoption(plugins.policies["sunshine"])])
    case = Case(Subject(tags=frozenset({"rural"})))
    found = evaluate(regime, case, date(2026, 6, 1)).steps["admission-form"].findings
    assert explain.sentence(regime, found[-1]).startswith("还没有记录入户走访（阳光县")


def test_the_facet_of_the_readme_is_the_one_that_is_tested() -> None:
    assert block("source tests/contract/stamps.py") in (HERE / "stamps.py").read_text("utf-8")


def test_the_keys_of_a_policy_are_listed() -> None:
    assert words("最上层的项目") == set(load.KEYS)
    assert {*load.FLOOR_KEYS, *Procedure.__struct_fields__, *Opening.__struct_fields__} <= words(
        "只有底线政策"
    )
    assert words("`terms` 按类别") == {*DECLARED, "terms"}
    assert words("`blanks` 是原文") == {*fill.EXPECTED, "blanks", "type"}
    table = README[README.index("| 字段 | 写法 |") : README.index("## 要求")]
    listed = {
        word
        for line in table.splitlines()
        for word in re.findall(r"`(\w+)`", line.partition("|")[2].partition("|")[0])
    }
    assert listed == {*load_rule.PLAIN, *load_rule.VERBS}


def test_the_keys_of_a_rehearsal_are_listed() -> None:
    section = README[README.index("## 排演") : README.index("## 钩子")]
    assert words("最上层：", section) == set(rehearse_read.KEYS)
    assert words("`policies` 的长写法", section) - {"day"} == {*rehearse_read.ADOPTION_KEYS, "policies"}
    assert words("`script` 每一项", section) == {*rehearse_read.ACT_KEYS, "script"}
    assert words("`expect` 可以核对", section) == {*rehearse_read.EXPECT_KEYS, "expect"}


def test_the_kinds_of_findings_are_listed() -> None:
    assert words("`Finding` 的第二项") - {"until"} == set(KINDS)


def test_what_the_package_exports_is_listed() -> None:
    section = README[README.index("`dangwu` 直接给出") : README.index("## 从哪里读起")]
    assert set(re.findall(r"`(\w+)`", section)) - {"dangwu", "problems"} == set(dangwu.__all__)


def test_every_file_that_is_named_is_there() -> None:
    for name in re.findall(r"`((?:dangwu|tests|plugins)/[\w./-]*)`", README):
        assert (CONTRACT / name).exists() or (ROOT / name).exists(), name


def test_every_module_is_on_the_map() -> None:
    """One row for each folder; a facet's file needs no line of its own."""
    kinds = {kind.__module__ for kind in FACETS.values()}
    rows = dict(re.findall(r"^\| `dangwu/(\w+)/` [^|]*\|(.*)\|$", README, re.MULTILINE))
    for folder in (one for one in (CONTRACT / "dangwu").iterdir() if (one / "__init__.py").is_file()):
        there = {file.stem for file in folder.glob("*.py")} - {"__init__"}
        listed = set(re.findall(r"`(\w+)`", rows[folder.name]))
        assert listed == {one for one in there if f"dangwu.{folder.name}.{one}" not in kinds}, folder.name


def test_the_packages_docstring_names_files_that_are_there() -> None:
    for name in re.findall(r"`(\w+\.py)`", dangwu.__doc__ or ""):
        assert (CONTRACT / "dangwu" / name).is_file()
