"""`dangwu new`: what it makes passes at once, and every tool of the kit works on it before and without installation."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from dangwu.author.cli import main
from tests.contract.author.forgotten import forgotten

PASSES = "✓ 公示十天，第十一天才能往下办"


@pytest.fixture(params=[[], ["--facet"]], ids=["plain", "facet"])
def made(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A new plugin's folder, in which one stands."""
    monkeypatch.chdir(tmp_path)
    with forgotten("sunshine-visits"):
        assert main(["new", "sunshine", "--title", "阳光县做法", *request.param]) == 0
        monkeypatch.chdir(tmp_path / "dangwu-sunshine")
        yield tmp_path / "dangwu-sunshine"


def test_it_is_checked_and_rehearsed_and_no_rule_is_untouched(
    made: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", "."]) == 0
    assert "✓ 阳光县做法：" in capsys.readouterr().out
    assert main(["rehearse", ".", "--coverage"]) == 0
    said = capsys.readouterr().out
    assert PASSES in said
    assert "没有排演涉及" not in said


def test_none_of_its_values_can_be_miswritten_unnoticed(
    made: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor that of a facet of its own; where a rehearsal stops short of the boundary, what it leaves open is named."""
    rehearsals = made / "dangwu_sunshine" / "rehearsals"
    notice, visits = rehearsals / "notice.yaml", rehearsals / "visits.yaml"
    own = visits.is_file()
    held = "阳光县做法：逐个改错 {} 处，排演发现 {} 处，没有发现 {} 处，与底线相同 0 处。\n"
    assert main(["rehearse", ".", "--values"]) == 0
    assert capsys.readouterr().out.endswith(held.format(8, 8, 0) if own else held.format(3, 3, 0))
    earlier = notice.read_text("utf-8").replace(", until: 2026-06-11", "").replace("06-11, do", "06-09, do")
    notice.write_text(earlier, "utf-8")
    if own:
        *script, _, _ = visits.read_text("utf-8").splitlines()
        visits.write_text("\n".join(script), "utf-8")
    assert main(["rehearse", ".", "--values"]) == 0
    said = capsys.readouterr().out
    assert (held.format(8, 6, 2) if own else held.format(3, 2, 1)) in said
    assert "“公示十天”（policy.yaml 第 11 行）的 notice.days 由 10 改为 9。\n" in said
    assert said.count("的 sunshine-visits.count 由 2 改为 3。\n") == own
    monkeypatch.setattr("dangwu.author.commands.rehearse.MOST", 1)
    assert main(["rehearse", ".", "--values"]) == 0
    found = capsys.readouterr()
    assert found.out.endswith("  只试了前 1 处，其余没有试。请分成几个插件。\n")
    assert found.err == "阳光县做法：逐个改错，最多 1 处，一千处要一两分钟……\n"
    notice.write_text(notice.read_text("utf-8").replace("state: waiting", "state: done"), "utf-8")
    assert main(["rehearse", ".", "--values"]) == 1
    assert capsys.readouterr().err == "排演全部通过以后再查有没有涉及每条规则、每个数。\n"


def test_a_single_rehearsal_and_the_policy_alone_know_their_plugin(
    made: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    package = made / "dangwu_sunshine"
    assert main(["rehearse", str(package / "rehearsals" / "notice.yaml")]) == 0
    assert main(["rehearse", str(package / "rehearsals")]) == 0
    assert main(["check", str(package / "policy.yaml")]) == 0
    assert main(["doc", str(package), "--text"]) == 0
    assert "· 公示十天\n    公示不少于 10 天。\n" in capsys.readouterr().out


def test_its_tests_pass(made: Path) -> None:
    """With the fixtures that come with dangwu, in a pytest of its own that does not have this folder on the path by itself."""
    run = subprocess.run(
        [sys.executable, "-P", "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:schemathesis"],
        cwd=made,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout
    assert "passed" in run.stdout


def test_a_rule_that_no_rehearsal_touches_is_named(made: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """And one that does nothing, so that none could, apart; the same name in another folder hides nothing."""
    policy, folder = made / "dangwu_sunshine" / "policy.yaml", made / "dangwu_sunshine" / "rehearsals"
    cited = "cite: {source: measure, clause: 九}}\n"
    more = (
        f"  - {{id: form.number, tighten: admission/admission-form, serial: {{required: true}}, {cited}"
        f"  - {{id: vote.half, tighten: admission/admission-meeting, vote: {{quorum: '>=1/2'}}, {cited}"
        "  - {id: branch.monthly, duty: branch-meeting, owes: {level: branch}, demand: {times: 2, per: month}, "
        f"{cited}"
        "  - {id: branch.yearly, duty: branch-meeting, owes: {level: branch}, demand: {times: 1, per: year}, "
        f"{cited}"
        "  - {id: training.same, tighten: admission/intensive-training, "
        f"training: {{hours: 24, days: 3, exception: committee}}, {cited}"
    )
    old = policy.read_text("utf-8")
    policy.write_text(old + more, "utf-8")
    (folder / "more").mkdir()
    (folder / "more" / "notice.yaml").write_text(NO_MORE, "utf-8")
    assert main(["rehearse", ".", "--coverage"]) == 0
    line = len(old.splitlines())
    said = capsys.readouterr().out
    assert (
        f"  没有排演涉及：sunshine.form.number“sunshine.form.number”（policy.yaml 第 {line + 1} 行）。"
        in said
    )
    assert (
        f"  不起作用，无从排演：sunshine.vote.half“sunshine.vote.half”（policy.yaml 第 {line + 2} 行）。"
        in said
    )
    assert (
        f"  没有排演涉及：sunshine.branch.monthly“sunshine.branch.monthly”（policy.yaml 第 {line + 3} 行）。"
        in said
    )
    assert "public.ten-days" not in said
    assert main(["rehearse", ".", "--values"]) == 0
    said = capsys.readouterr().out
    assert f"“sunshine.form.number”（policy.yaml 第 {line + 1} 行）整条去掉。" in said
    assert f"第 {line + 3} 行）的 demand.per 由 month 改为 week。" in said
    same = "  与底线相同，改了也一样：sunshine.{0}“sunshine.{0}”（policy.yaml 第 {1} 行）{2}。\n"
    assert same.format("vote.half", line + 2, "整条去掉") in said
    assert same.format("branch.yearly", line + 4, "的 demand.times 由 1 改为 2") in said
    assert same.format("training.same", line + 5, "的 training.hours 由 24 改为 23") in said
    assert f"第 {line + 5} 行）的 training.hours 由 24 改为 25。" in said.partition(same[:8])[0]
    assert (
        f"第 {line + 5} 行）的 training.exception 去掉 committee（基层党委）。" in said.partition(same[:8])[0]
    )


def test_two_texts_that_ask_for_its_own_facet_are_compared(
    made: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    policy, old = made / "dangwu_sunshine" / "policy.yaml", made / "old.yaml"
    text = policy.read_text("utf-8").replace("{days: 10}", "{days: 14}").replace("{count: 2}", "{count: 5}")
    stricter = text.replace("{days: 14}", "{days: 15}").replace("{count: 5}", "{count: 6}")
    old.write_text(text, "utf-8")
    policy.write_text(stricter.replace("version: 0.1.0", "version: 0.2.0"), "utf-8")
    assert main(["diff", str(old), str(policy)]) == 0
    said = capsys.readouterr().out
    assert said.count("更严：") == text.count("- id: "), said


NO_MORE = """
title: 受理以后没有别的
policies: [sunshine]
script:
  - {day: 2026-06-01, do: application}
  - {day: 2026-06-01, expect: {step: application, state: done}}
"""


def test_what_is_there_is_not_written_over(
    made: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(made.parent)
    assert main(["new", "sunshine"]) == 2
    assert "已经有了，不覆盖" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["阳光", "Sunshine", "sun_shine", "", "-"])
def test_a_name_that_cannot_be_one_is_refused(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["new", "--", name]) == 2
    assert "应为小写字母、数字和连字符" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("title", ["", '阳光"县', "阳光\n县", "阳光: 县", "长" * 101])
def test_a_title_that_would_spoil_the_files_is_refused(
    title: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["new", "sunshine", "--title", title]) == 2
    assert "名称应写成一行" in capsys.readouterr().err
    assert main(["new", "yakeshi"]) == 2
    assert "已经安装了叫“yakeshi”的插件" in capsys.readouterr().err
    assert main(["new", "history"]) == 2
    assert "平台有一个页面叫“history”" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


FIXTURES = """
import pytest
from dangwu import DangwuError, Facet, facet

@facet("sunshine-silent", "什么也不说")
class Silent(Facet, frozen=True):
    pass

def test_compose(compose):
    regime = compose("sunshine", "yakeshi")
    assert "sunshine.public.ten-days" in regime.rules
    assert {one.policy.id for one in regime.adoptions} == {"sunshine", "yakeshi"}
    with pytest.raises(DangwuError, match="没有插件“sunshin”，是不是“sunshine”"):
        compose("sunshin")

def test_rehearse(rehearse, tmp_path):
    file = tmp_path / "wrong.yaml"
    file.write_text("title: 不符\\nscript: [{day: 2026-06-01, expect: {status: closed}}]\\n", "utf-8")
    with pytest.raises(pytest.fail.Exception, match="wrong.yaml：第 1 项（2026-06-01）：status 期望 closed，实际 running"):
        rehearse(file)
    with pytest.raises(pytest.fail.Exception, match="里没有排演"):
        rehearse(tmp_path / "none")

def test_facet_laws(facet_laws):
    with pytest.raises(pytest.fail.Exception, match="要求“sunshine-silent”没有写 judge"):
        facet_laws(Silent)
"""


def test_the_fixtures_say_what_does_not_hold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["new", "sunshine"]) == 0
    root = tmp_path / "dangwu-sunshine"
    (root / "tests" / "test_fixtures.py").write_text(FIXTURES, "utf-8")
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:schemathesis", "tests/test_fixtures.py"],
        cwd=root, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stdout
    assert "3 passed" in run.stdout
