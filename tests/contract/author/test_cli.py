"""The command `dangwu`: what it prints and with which code it ends."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from dangwu.author.cli import main
from dangwu.facets.registry import FACETS
from dangwu.policy.load import load_policy
from tests.contract.conftest import HERE
from tests.floor import FLOOR

POLICIES = str(HERE / "policies")
DOCUMENTS = HERE / "rehearsals" / "documents.yaml"


def test_rehearse_prints_a_line_for_each_file_and_a_sum(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rehearse", "--plugins", POLICIES, str(DOCUMENTS)]) == 0
    assert capsys.readouterr().out == "✓ 材料要收齐；补交的与先前的合并\n1 个通过，0 个不符。\n"


def test_rehearse_prints_what_differs_and_exits_with_1(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.yaml").write_text(
        "title: 不符\nscript: [{day: 2026-06-01, expect: {status: closed}}]\n", "utf-8"
    )
    (tmp_path / "b.yaml").write_text(
        "title: 相符\nscript: [{day: 2026-06-01, expect: {status: running}}]\n", "utf-8"
    )
    assert main(["rehearse", str(tmp_path)]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "✗ 不符"
    assert lines[1].startswith(
        "    第 1 项（2026-06-01）：status 期望 closed，实际 running。现在：递交入党申请书（open）"
    )
    assert lines[2:] == ["✓ 相符", "1 个通过，1 个不符。"]


def test_rehearse_of_an_empty_folder_is_no_success(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["rehearse", str(tmp_path)]) == 1
    said = capsys.readouterr()
    assert said.out == "0 个通过，0 个不符。\n"
    assert said.err == f"{tmp_path} 里没有排演（.yaml 文件）。写法见 rehearsals.md。\n"


@pytest.mark.parametrize("command", ["rehearse", "check"])
def test_a_file_that_is_not_there_or_not_text_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    (tmp_path / "gbk.yaml").write_bytes("题目".encode("gbk"))
    (tmp_path / "wide.yaml").write_bytes("题目".encode("utf-16"))
    (tmp_path / "picture.yaml").write_bytes(b"\x89PNG\r\n\x1a\n\x00")
    (tmp_path / "circle.yaml").symlink_to(tmp_path / "circle.yaml")
    said = {
        "none.yaml": "没有文件 ", "circle.yaml": "没有文件 ", "gbk.yaml": "像是 GBK 编码", "wide.yaml": "像是 UTF-16 编码",
        "picture.yaml": "第 1 个字节起不是文字", f"{'x' * 300}.yaml": "名称太长",
    }  # fmt: skip
    for name, why in said.items():
        assert main([command, str(tmp_path / name)]) == 2
        sentence = capsys.readouterr().err
        assert why in sentence
        assert "请检查路径" in sentence
        assert sentence.count("\n") == 1


def test_what_is_wrong_with_a_neighbour_does_not_stop_a_plugin(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Of files in one folder; who needs the neighbour is told what is wrong with it."""
    good = (HERE / "policies" / "sunny-county.yaml").read_text("utf-8")
    (tmp_path / "sunny-county.yaml").write_text(good, "utf-8")
    (tmp_path / "half.yaml").write_text("plugin: half\n", "utf-8")
    (tmp_path / "rehearsal.yaml").write_text("title: 用它\npolicies: [half]\nscript: []\n", "utf-8")
    assert main(["doc", str(tmp_path / "sunny-county.yaml"), "--text"]) == 0
    assert main(["doc", "yakeshi", "--plugins", str(tmp_path), "--text"]) == 0
    capsys.readouterr()
    wanting = (["doc", "half", "--plugins"], ["doc", str(tmp_path / "half.yaml"), "--plugins"])
    for command in (*wanting, ["rehearse", str(tmp_path / "rehearsal.yaml"), "--plugins"]):
        assert main([*command, str(tmp_path)]) == 2
        assert "half.yaml：缺少 title。" in capsys.readouterr().err


def test_what_cannot_be_written_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doc", "national", "--output", str(tmp_path)]) == 2
    assert capsys.readouterr().err == f"不能读写“{tmp_path}”：这是文件夹。请检查路径和权限。\n"


def test_a_policy_is_no_rehearsal(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rehearse", f"{POLICIES}/sunny-county.yaml"]) == 2
    assert "这是政策文件，不是排演。" in capsys.readouterr().err


def test_a_folder_is_not_a_policy(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(tmp_path)]) == 2
    assert capsys.readouterr().err == f"{tmp_path} 是文件夹。请写明政策文件，例如 {tmp_path}/policy.yaml。\n"


SEALED = """
import dangwu
from dangwu import Facet, facet

@facet("sealed", "封存")
class Sealed(Facet, frozen=True):
    pass

@dangwu.hookimpl
def dangwu_check(step, {argument}):
    return []
"""
SEALING = """
plugin: sealing
title: 封存
sources: {paper: {title: 办法, year: 2026}}
rules:
  - {id: form.sealed, tighten: admission/admission-form, sealed: {}, cite: {source: paper, clause: 一}}
"""


NUMBERED = "serial: {required: true}"
CHECKING = """
import dangwu

@dangwu.hookimpl
def dangwu_check(step):
    return []
"""


@pytest.fixture
def _without_sealed() -> Iterator[None]:
    yield
    FACETS.pop("sealed", None)


@pytest.mark.usefixtures("_without_sealed")
def test_check_knows_the_facets_of_the_code_beside_and_looks_at_its_hooks(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "sealing.yaml"
    file.write_text(SEALING, "utf-8")
    assert main(["check", str(file)]) == 2
    assert "有不认识的字段“sealed”" in capsys.readouterr().err
    (tmp_path / "sealing.py").write_text(SEALED.replace("{argument}", "cases"), "utf-8")
    assert main(["check", str(file)]) == 2
    assert "没有参数“cases”，是不是“case”" in capsys.readouterr().err
    (tmp_path / "sealing.py").write_text(SEALED.replace("{argument}", "case"), "utf-8")
    assert main(["check", str(file)]) == 1
    said = capsys.readouterr()
    assert said.out.splitlines() == [
        "✗ 封存：1 条规则，0 处填空。",
        "  要求 sealed 封存：用空白的、平常的、奇怪的记录试过。",
        "  钩子 dangwu_check：在每个环节上试过。",
    ]
    assert "“sealed”的 judge 出错：NotImplementedError：要求“sealed”没有写 judge" in said.err
    assert "Traceback" not in said.err
    assert main(["check", "--traceback", str(file)]) == 1
    assert "Traceback" in capsys.readouterr().err


def test_check_says_when_a_folder_would_not_take_the_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    policy = (HERE / "policies" / "sunny-county.yaml").read_text("utf-8")
    (tmp_path / "other.yaml").write_text(policy, "utf-8")
    assert main(["check", str(tmp_path / "other.yaml")]) == 0
    assert "文件名应与插件标识一致：sunny-county.yaml" in capsys.readouterr().out


def test_words_are_looked_up_by_a_part_of_either_name(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["words", "公示"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert "环节\tadmission/prospect-notice\t发展对象公示" in lines
    assert "环节（各地增设）\tadmission/activist-notice\t入党积极分子公示" in lines
    assert "要求\tnotice\t公示" in lines
    assert main(["words", "rural"]) == 0
    assert "标签\trural\t农村\n" in capsys.readouterr().out
    assert main(["words", "没有这个词"]) == 1
    assert "没有含“没有这个词”的" in capsys.readouterr().err


def test_check_counts_rules_and_blanks_and_tells_what_changes_nothing(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert (
        main(["check", str(HERE / "policies" / "trial.yaml"), str(HERE / "policies" / "sunny-county.yaml")])
        == 0
    )
    lines = capsys.readouterr().out.splitlines()
    rules = len(load_policy((HERE / "policies" / "trial.yaml").read_text("utf-8"), ground=FLOOR).rule_ids())
    assert lines[0] == f"✓ 试验县做法：{rules} 条规则，5 处填空。"
    assert any(line.startswith("  提示：短期集中培训：试验县做法“培训十二学时”") for line in lines)
    assert lines[-1] == "✓ 阳光县先考察后函询：1 条规则，0 处填空。"


NOTICE, REVIEW = "tighten: admission/prospect-notice\n    ", "tighten: admission/political-review\n    "
IDLE = {
    f"{NOTICE}notice: {{days: 3}}": "（公示不少于 3 天）已含于国家规定的规定，现行要求为（公示不少于 5 个工作日）",
    f"{NOTICE}notice: {{days: 9, workdays: 12}}": "（公示不少于 9 天）已含于某县做法的规定，现行要求为（公示不少于 12 个工作日）",
    f"{NOTICE}after: [prospect-consent]": "规则 idle.a.b 写的先后（after、before）国家规定本来就是这样，不另起作用。",
    f"{NOTICE}until: 2020-01-01\n    notice: {{days: 9}}": "到 2020-01-01（until）失效，那时还没有环节“发展对象公示”",
    f"{REVIEW}inquiry: {{agencies: [justice], veto: [tax]}}": "inquiry.veto “税务”在“政治审查”（political-review）不起作用",
    f"{REVIEW}inquiry: {{reply_days: 9}}": "（political-review）不起作用：没有哪条规则写明向哪些部门函询",
    "duty: branch-meeting\n    owes: {level: branch}\n    demand: {times: 1, per: year}": (
        "（党员大会：党支部每年不少于 1 次）已含于国家规定（《中国共产党支部工作条例（试行）》第十一条"
    ),
}
"""What is asked and never decides: what `check` says of it."""


@pytest.mark.parametrize("asked", IDLE)
def test_check_names_what_never_decides(
    asked: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "idle.yaml"
    file.write_text(
        "plugin: idle\ntitle: 某县做法\nsources: {paper: {title: 某县文件, year: 2026}}\nrules:\n"
        f"  - id: a.b\n    {asked}\n"
        "    cite: {source: paper, clause: 第一条}\n",
        "utf-8",
    )
    assert main(["check", str(file)]) == 0
    assert IDLE[asked] in capsys.readouterr().out


def test_what_only_a_later_rule_makes_idle_has_its_time_before(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, rule = (
        tmp_path / "idle.yaml",
        "tighten: admission/prospect-notice, cite: {source: paper, clause: 一}",
    )
    file.write_text(
        "plugin: idle\ntitle: 某县做法\nsources: {paper: {title: 某县文件, year: 2026}}\nrules:\n"
        f"  - {{id: a.b, notice: {{days: 12}}, {rule}}}\n"
        f"  - {{id: a.c, since: 2027-01-01, notice: {{days: 15}}, {rule}}}\n"
        f"  - {{id: a.d, since: 2027-01-01, notice: {{days: 13}}, {rule}}}\n",
        "utf-8",
    )
    assert main(["check", str(file)]) == 0
    [_, hint] = capsys.readouterr().out.splitlines()
    assert "（公示不少于 13 天）已含于某县做法的规定，现行要求为（公示不少于 15 天）" in hint


def test_check_reads_the_floor_as_the_floor(capsys: pytest.CaptureFixture[str]) -> None:
    floor = HERE.parents[1] / "plugins" / "national" / "dangwu_national" / "policy.yaml"
    assert main(["check", str(floor)]) == 0
    assert "提示" not in capsys.readouterr().out


def test_plugins_lists_what_is_installed_and_where_it_comes_from(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "rehearsals" / "shadow").mkdir(parents=True)
    (tmp_path / "rehearsals" / "shadow" / "one.yaml").write_text("title: 一\n", "utf-8")
    (tmp_path / "shadow.yaml").write_text(
        SEALING.replace("sealing", "shadow").replace("sealed: {}", "serial: {required: true}"), "utf-8"
    )
    (tmp_path / "shadow.py").write_text(CHECKING, "utf-8")
    assert main(["plugins", "--plugins", str(tmp_path)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("national\t国家规定")
    assert "shadow\t封存\t1 条规则\tshadow.yaml、shadow.py\t1 个排演\t钩子：dangwu_check" in lines
    (yakeshi,) = [line for line in lines if line.startswith("yakeshi\t")]
    assert re.search(r"\tdangwu-practices \d+\.\d+\.\d+\t\d+ 个排演$", yakeshi)


def test_broken_plugins_are_listed_beside_the_rest(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "half.yaml").write_text("plugin: half\n", "utf-8")
    assert main(["plugins", "--plugins", str(tmp_path)]) == 2
    lines = capsys.readouterr().out.splitlines()
    assert any(line.startswith("yakeshi\t") for line in lines)
    assert [line for line in lines if line.startswith("✗")] == [
        "✗ half\t不能使用：half.yaml：缺少 title。",
        "✗ half\t不能使用：half.yaml：缺少 sources。",
        "✗ half\t不能使用：half.yaml：缺少 rules。",
    ]


@pytest.mark.parametrize("arguments", [[], ["no-such-command"]])
def test_an_unknown_command_ends_with_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert "dangwu" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("", "还没有写：命令"),
        ("chek", "命令：没有“chek”，可选的有 'new', "),
        ("check", "还没有写：文件"),
        ("rehearse --plugins", "--plugins：后面要写一个值"),
        ("check --all a.yaml", "没有这样的写法：--all"),
        ("rehearse --coverage=1 a.yaml", "--coverage：后面不写值，写了“1”"),
    ],
)
def test_what_is_typed_amiss_is_said_in_chinese(
    words: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(words.split())
    usage, refusal = capsys.readouterr().err.strip().rsplit("\n", 1)
    assert (ended.value.code, usage.startswith("用法：dangwu")) == (2, True)
    assert refusal.startswith(said)
    assert refusal.endswith("--help 查看写法。")
    assert not re.search("[a-z]{3,} [a-z]{3,}", refusal.replace("dangwu", "").replace("--help", ""))
