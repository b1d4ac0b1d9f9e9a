"""The pages in plugins/contract are true: their tables follow from the code, their examples load, check and play."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from textwrap import dedent

import pytest

import dangwu
from dangwu import FACETS, Adoption, Case, Subject, evaluate
from dangwu.author import expected, rehearse_read
from dangwu.author.cli import main
from dangwu.facets.finding import KINDS
from dangwu.plugins.plugins import discover
from dangwu.policy import fill, load, load_rule
from dangwu.policy.ending import Ending
from dangwu.policy.policy import Opening, Procedure
from dangwu.policy.rating import KEYS as RATING_KEYS
from dangwu.ratings.marks import ACTS
from dangwu.ratings.progress import STATES
from dangwu.say import explain
from dangwu.values.vocabulary import WORDS
from dangwu.values.word import DECLARED
from tests.contract import members, reference
from tests.contract.conftest import HERE

ROOT = HERE.parents[1]
CONTRACT = ROOT / "plugins" / "contract"
PAGES = {page.name: page.read_text("utf-8") for page in reference.PAGES}
TEXT = "\n".join(PAGES.values())


def block(title: str) -> str:
    """The fenced block after `<!-- title -->`, without its indentation."""
    found = re.search(rf"^( *)<!-- {re.escape(title)} -->\n *```\w+\n(.*?)\n *```$", TEXT, re.S | re.M)
    assert found, title
    return dedent(found[2]) + "\n"


def words(before: str, page: str) -> set[str]:
    """The identifiers in backquotes in the paragraph of a page that begins with these words."""
    paragraph = next(part for part in PAGES[page].split("\n\n") if part.startswith(before))
    return set(re.findall(r"`([a-z_]+)(?:: \w+)?`", paragraph))


GUIDE = {"policy.yaml": "sunshine.yaml", "rehearsals/appraisal.yaml": "rehearsals/sunshine/appraisal.yaml"}
"""What the guide writes into its package, as a single file has it."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The files that the pages show, as a reader would write them."""
    (tmp_path / "rehearsals" / "sunshine").mkdir(parents=True)
    for name in re.findall(r"<!-- file (\S+) -->", TEXT):
        (tmp_path / name).write_text(block(f"file {name}"), "utf-8")
    for written, name in GUIDE.items():
        (tmp_path / name).write_text(block(f"write dangwu_sunshine/{written}"), "utf-8")
    return tmp_path


@pytest.mark.parametrize("name", list(reference.TABLES))
def test_a_table_follows_from_the_code(name: str) -> None:
    """When it does not: `python -m tests.contract.reference` writes what it should say."""
    assert f"<!-- {name} -->\n{reference.TABLES[name]()}\n<!-- /{name} -->" in TEXT


@pytest.mark.parametrize("name", re.findall(r"<!-- output check (\S+) -->", TEXT))
def test_a_policy_that_is_shown_is_checked_as_it_says(
    name: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", str(folder / name)]) == 0
    assert capsys.readouterr().out == block(f"output check {name}")


def test_the_rehearsals_that_are_shown_hold(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rehearse", "--plugins", str(folder), str(folder / "rehearsals")]) == 0
    assert "1 个通过" in capsys.readouterr().out


def test_the_hook_that_is_shown_adds_its_finding(folder: Path) -> None:
    plugins = discover(folder)
    regime = plugins.compose([Adoption(plugins.policies["sunshine"])])
    case = Case(Subject(tags=frozenset({"rural"})))
    found = evaluate(regime, case, date(2026, 6, 1)).steps["admission-form"].findings
    assert explain.sentence(regime, found[-1]).startswith("还没有记录入户走访（阳光县")


def test_the_facet_that_is_shown_is_the_one_that_new_makes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["new", "sunshine", "--title", "阳光县做法", "--facet"]) == 0
    package = tmp_path / "dangwu-sunshine" / "dangwu_sunshine"
    assert block("made __init__.py") == (package / "__init__.py").read_text("utf-8")
    assert block("made test_plugin.py") in (tmp_path / "dangwu-sunshine/tests/test_plugin.py").read_text(
        "utf-8"
    )
    assert block("made visits.yaml") == (package / "rehearsals" / "visits.yaml").read_text("utf-8")


@pytest.mark.parametrize("name", list(members.SAID))
def test_every_member_has_a_sentence_in_the_reference(name: str) -> None:
    """Where one lacks: add it to tests/contract/members.yaml, then `python -m tests.contract.reference`."""
    assert set(members.SAID[name]) == {"", *members.members(name)}


def test_the_keys_of_a_policy_are_listed() -> None:
    assert words("最上层的项目", "policy.md") == set(load.KEYS)
    ending = {*Ending.__struct_fields__} - {"basis", "note"}  # as everywhere
    fields = {*load.FLOOR_KEYS, *Procedure.__struct_fields__, *Opening.__struct_fields__, *ending}
    assert fields <= words("只有底线政策", "policy.md")
    assert words("`terms` 按类别", "policy.md") == {*DECLARED, "terms"}
    assert words("`blanks` 是原文", "policy.md") == {*fill.EXPECTED, "blanks", "type"}
    table = next(part for part in PAGES["policy.md"].split("\n\n") if part.startswith("| 字段 | 写法 |"))
    listed = {
        word
        for line in table.splitlines()
        for word in re.findall(r"`(\w+)`", line.partition("|")[2].partition("|")[0])
    }
    assert listed == {*load_rule.PLAIN, *load_rule.VERBS}


def test_the_keys_of_a_rehearsal_are_listed() -> None:
    assert words("最上层：", "rehearsals.md") == set(rehearse_read.KEYS)
    assert words("`policies` 的长写法", "rehearsals.md") - {"day"} == {
        *rehearse_read.ADOPTION_KEYS,
        "policies",
    }
    assert words("`script` 每一项", "rehearsals.md") == {*rehearse_read.ACT_KEYS, "script"}
    assert words("`expect` 可以核对", "rehearsals.md") == {*expected.KEYS, "expect"}


def test_the_words_of_ratings_are_listed() -> None:
    table = next(part for part in PAGES["ratings.md"].split("\n\n") if part.startswith("| 字段 | 写法 |"))
    keys = [re.findall(r"`(\w+)`", line.split("|")[1]) for line in table.splitlines()]
    assert {word for found in keys for word in found} == set(RATING_KEYS)
    follows = next(line for line in table.splitlines() if line.startswith("| `follows`"))
    assert set(re.findall(r"`([a-z-]+)`", follows)) == {*WORDS["proposal"], "follows"}
    assert set(ACTS) <= words("`act` 有", "ratings.md")
    assert words("状态有", "ratings.md") == set(STATES)


def test_the_kinds_of_findings_are_listed() -> None:
    assert words("`Finding` 的第二项", "hooks.md") - {"until"} == set(KINDS)


def test_what_the_package_exports_is_listed() -> None:
    _, _, given = PAGES["from-code.md"].partition("`dangwu` 直接给出")
    assert set(re.findall(r"`(\w+)`", given)) - {"dangwu", "problems"} == set(dangwu.__all__)


def test_every_file_that_is_named_is_there() -> None:
    for name in re.findall(r"`((?:dangwu|tests|plugins)/[\w./-]*)`", TEXT):
        assert (CONTRACT / name).exists() or (ROOT / name).exists(), name


def test_every_module_is_on_the_map() -> None:
    """A row or two for each folder; a facet's file needs no line of its own."""
    kinds = {kind.__module__ for kind in FACETS.values()}
    rows: dict[str, str] = {}
    for name, row in re.findall(r"^\| `dangwu/(\w+)/` [^|]*\|(.*)\|$", PAGES["README.md"], re.MULTILINE):
        rows[name] = rows.get(name, "") + row
    for folder in (one for one in (CONTRACT / "dangwu").iterdir() if (one / "__init__.py").is_file()):
        there = {file.stem for file in folder.glob("*.py")} - {"__init__"}
        listed = set(re.findall(r"`(\w+)`", rows[folder.name]))
        assert listed == {one for one in there if f"dangwu.{folder.name}.{one}" not in kinds}, folder.name


def test_the_packages_docstring_names_files_that_are_there() -> None:
    for name in re.findall(r"`(\w+\.py)`", dangwu.__doc__ or ""):
        assert (CONTRACT / "dangwu" / name).is_file()
