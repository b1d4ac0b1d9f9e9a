"""Hooks are tried with cases of which nothing is known: what would go wrong on some page is said while it is written."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from dangwu.author import exits
from dangwu.author.cli import main
from tests.contract.author.forgotten import forgotten

POLICY = """
plugin: hooked
title: 带钩子的
sources: {paper: {title: 办法, year: 2026}}
rules:
  - {id: form.number, tighten: admission/admission-form, serial: {required: true}, cite: {source: paper, clause: 一}}
"""
PLAYED = """
title: 由谁停的
policies: [{plugin: hooked, from: 2026-05-20}]
subject: {born: 1999-03-02}
given: {through: applicant-talk, day: 2026-06-10}
script: [{day: 2026-06-22, expect: {open: [cultivation]}}]
"""
CODE = "import dangwu\nfrom dangwu import Finding, Panel\n\n@dangwu.hookimpl\ndef {hook}:\n    {body}\n"
CHECK, PANELS = "dangwu_check(step, case)", "dangwu_panels(place, subject)"


def check(folder: Path, hook: str, body: str, *more: str) -> int:
    (folder / "hooked.yaml").write_text(POLICY, "utf-8")
    (folder / "hooked.py").write_text(CODE.format(hook=hook, body=body), "utf-8")
    with forgotten():
        return main(["check", *more, str(folder / "hooked.yaml")])


@pytest.mark.parametrize(
    ("hook", "body", "said"),
    [
        (CHECK, "yield case.subject.born.year", "dangwu_check 出错：AttributeError：'NoneType' object has no attribute"),
        (CHECK, "raise SystemExit(0)", "dangwu_check 出错：SystemExit：0"),
        (CHECK, "return ['no']", "dangwu_check 应给出 Finding，环节“"),
        (CHECK, "return Finding('hooked.x', 'wrong')", "的结论“hooked.x”种类不对（wrong）"),
        (CHECK, "return Finding('hooked.x', 'clock')", "clock 须写 until"),
        (CHECK, "return Finding('hooked.x', 'missing')", "没有一句话。请写 values={'sentence': '…'}"),
        (PANELS, "return Panel('题' * 41)", "dangwu_panels 在 case 出错：ValidationError"),
        (PANELS, "return Panel(str(subject.entries))", "dangwu_panels 在 workbench 出错：AttributeError"),
    ],
)  # fmt: skip
def test_what_would_go_wrong_is_said(
    hook: str, body: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert check(tmp_path, hook, body) == 1
    found = capsys.readouterr()
    assert said in found.err
    assert found.out.startswith("✗ 带钩子的：1 条规则，0 处填空。")


def test_what_acts_outside_is_not_tried(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert check(tmp_path, "dangwu_react(event)", "raise RuntimeError") == 0
    assert "  钩子 dangwu_react：没有试，它会真的去办事。" in capsys.readouterr().out


def test_the_way_through_python_is_shown_to_who_asks(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert check(tmp_path, CHECK, "return 1 / 0") == 1
    assert "（加 --traceback 可看 Python 的调用过程。）" in capsys.readouterr().err
    assert check(tmp_path, CHECK, "return 1 / 0", "--traceback") == 1
    assert "ZeroDivisionError: division by zero" in capsys.readouterr().err


def test_what_cannot_be_imported_is_traced_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert check(tmp_path, CHECK, "pass\nimport no_such_module", "--traceback") == 2
    found = capsys.readouterr().err
    assert "插件 hooked 无法载入（ModuleNotFoundError" in found
    assert "Traceback" in found


@pytest.mark.parametrize("end", ["os._exit(0)", "os._exit(3)", "os.abort()", "os.execvp('true', ['true'])"])
def test_code_that_would_end_the_command_at_once_is_named_with_its_line(
    end: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in exits.ENDS:  # else this test, failing, would end the whole run of tests
        monkeypatch.setattr(os, name, _passed_through)
    file, called = tmp_path / "rehearsals" / "hooked" / "one.yaml", end.partition("(")[0]
    called = called.removesuffix("p")
    file.parent.mkdir(parents=True)
    file.write_text(PLAYED, "utf-8")
    assert check(tmp_path, CHECK, f"import os; {end}") == 1
    assert f"dangwu_check 出错：SystemExit：{called}，hooked.py 第 6 行" in capsys.readouterr().err
    with forgotten():
        assert main(["rehearse", str(file)]) == 1
    assert "插件“带钩子的”的检查出错（SystemExit，hooked.py 第 6 行）" in capsys.readouterr().out
    (tmp_path / "hooked.py").write_text(f"import os\n{end}\n", "utf-8")
    for command in (["check", str(tmp_path / "hooked.yaml")], ["rehearse", str(file)]):
        with forgotten():
            assert main(command) == 2
        said = capsys.readouterr().err
        assert f"插件 hooked 无法载入（SystemExit：{called}，hooked.py 第 2 行）" in said
    assert {getattr(os, name) for name in exits.ENDS} == {_passed_through}, (
        "only while an author's code is tried"
    )


def test_a_process_that_an_authors_code_forks_ends_as_it_says() -> None:
    with exits.caught():
        if (child := os.fork()) == 0:
            os._exit(7)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7


def _passed_through(*given: object) -> None:
    raise AssertionError(f"ends the process: {given}")


def test_a_check_that_is_too_slow_is_not_asked_on_every_other_step(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert check(tmp_path, CHECK, "import time; time.sleep(0.3)") == 1
    assert capsys.readouterr().err.count("停着等待了") == 1
