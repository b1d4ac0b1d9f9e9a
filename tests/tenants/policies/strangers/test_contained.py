"""Whatever a plugin's own Python does, it holds its own steps under its own name, and whoever asks goes on at once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from importlib.metadata import entry_points
from pathlib import Path

import msgspec
import pytest

from core.nursery import Nursery
from dangwu import Adoption, Case, Regime, StepStanding, apart, evaluate, explain, least, read_record
from tenants.policies import plugins
from tenants.policies.strangers import budget, trips
from tests.waiting import not_for_long

POLICY = """
plugin: {name}
title: {name}县做法
requires: dangwu>=1,<2
sources: {{paper: {{title: 办法, year: 2026}}}}
rules:
  - id: letter.again
    tighten: admission/application
    {asks}
    cite: {{source: paper, clause: 第一条}}
"""
HEAD = """
import os, sys, threading, time
import dangwu, msgspec
from typing import Annotated
from dangwu import UP, Facet, Finding, Requirement, facet

class Pages(msgspec.Struct, frozen=True):
    pages: int = 0

def act(records=(), case=None):
    {body}
"""
CHECK = """
@dangwu.hookimpl
def dangwu_check(step, case, today):
    return act(case=case) if step == "application" else []
"""
FACET = """
@facet("{name}-pages", "盖章")
class Pages(Facet, frozen=True):
    pages: Annotated[int, UP] = 0
    evidence = Pages
    sentences = {{"missing": "须盖章 {{pages}} 页"}}

    def judge(self, records, at):
        {judge}

    def {method}:
        return act()
"""
MISDEEDS = {
    "sleep": ("time.sleep(600)", "停着等待超过"),
    "loop": ("while True: pass", "超过"),
    "exit": ("sys.exit()", "SystemExit"),
    "end": ("os._exit(3)", "进程意外终止"),
    "recursion": ("return act()", "RecursionError"),
    "memory": ("return bytearray(2 << 30)", "MemoryError"),
    "number": ("return 7", "给出的不是 Finding"),
    "text": ("return ['x']", "给出的不是 Finding"),
    "thread": ("threading.Thread(target=time.sleep, args=(600,)).start()", "留下了还在运行的线程"),
    "kill": ("os.kill(os.getpid(), 9)", "进程意外终止"),
    "much": ("return [Finding('x.y', 'missing', values={'sentence': 'x' * 2_000_000})]", "给出的内容太多"),
}
HARMLESS = {
    "floods": "print('x' * 1_000_000)\n    return []",
    "patches": "dangwu.evaluate = dangwu.Case = Facet.judge = None\n    return []",
    "changes": "case and case.entries[0].evidence.clear()\n    return []",
}
DAY = date(2026, 6, 1)
INSTALLED = ("national", "yakeshi", "jinhua-2014")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of plugins that this process reads. Beside it few are installed: with each new facet all are read anew."""
    few = [one for one in entry_points(group="dangwu.plugins") if one.name in INSTALLED]
    monkeypatch.setattr("dangwu.plugins.discovery.entry_points", lambda group: few)
    monkeypatch.setenv("DANGWU_PLUGINS", str(tmp_path))
    again()
    yield tmp_path
    monkeypatch.undo()
    again()


def no_more(*_: object) -> None:
    raise AssertionError("a process was begun")


def again() -> None:
    plugins.installed.cache_clear()
    trips.forget()


def regime(
    folder: Path, name: str, code: str, asks: str = "documents: {kinds: [application-letter]}"
) -> Regime:
    """The policy of a plugin with this code, in force."""
    (folder / f"{name}.yaml").write_text(POLICY.format(name=name, asks=asks), "utf-8")
    (folder / f"{name}.py").write_text(code, "utf-8")
    again()
    found = plugins.installed()
    assert name not in found.broken, found.broken
    return found.compose([Adoption(found.policies[name])])


def standing(regime: Regime, **evidence: object) -> StepStanding:
    given = {"documents": ["application-letter"], **evidence}
    case = Case(entries=(read_record("application", DAY, given),))
    with not_for_long():
        return evaluate(regime, case, DAY).steps["application"]


def said(regime: Regime, step: StepStanding) -> str:
    return "".join(explain.sentence(regime, one) for one in step.findings)


@pytest.mark.parametrize("deed", list(MISDEEDS))
def test_a_check_that_breaks_the_limits_holds_its_step(folder: Path, deed: str) -> None:
    body, why = MISDEEDS[deed]
    made = regime(folder, "rogue", HEAD.format(body=body) + CHECK)
    step = standing(made)
    assert step.state == "open"
    assert said(made, step).startswith("插件“rogue县做法”的检查出错")
    assert why in said(made, step)


@pytest.mark.parametrize("deed", list(MISDEEDS))
def test_a_facet_that_breaks_the_limits_holds_its_step(folder: Path, deed: str) -> None:
    body, why = MISDEEDS[deed]
    name = f"rogue-{deed}"
    code = FACET.format(name=name, judge="return act()", method="describe(self)")
    made = regime(folder, name, HEAD.format(body=body) + code, f"{name}-pages: {{pages: 2}}")
    step = standing(made)
    assert step.state == "open"
    assert "没有能够核对“盖章”" in said(made, step)
    assert why in said(made, step)
    assert step.rules
    assert explain.requirements(made, step.rules)


@pytest.mark.parametrize("deed", list(HARMLESS))
def test_what_it_does_to_itself_is_felt_by_nobody(folder: Path, deed: str) -> None:
    made = regime(folder, "rogue", HEAD.format(body=HARMLESS[deed]) + CHECK)
    assert [standing(made).state for _ in range(3)] == ["done"] * 3


@pytest.mark.parametrize("deed", ["sleep", "loop", "end", "number"])
@pytest.mark.parametrize(
    "method", ["least(self, given, records, at)", "describe(self)", "keys(self)", "turns(self, records, at)"]
)
def test_whatever_else_it_does_not_answer_has_its_usual_value(folder: Path, deed: str, method: str) -> None:
    judge = "return [] if self.of(records) else [self.missing('pages', pages=self.pages)]"
    name = f"rogue-{deed}-{method.partition('(')[0]}"
    code = HEAD.format(body=MISDEEDS[deed][0]) + FACET.format(name=name, judge=judge, method=method)
    made = regime(folder, name, code, f"{name}-pages: {{pages: 2}}")
    step = standing(made)
    assert step.state == "open"
    with not_for_long():
        assert least(made, Case(), "application", DAY)
        assert step.rules
        assert explain.requirements(made, step.rules)


def test_an_async_hook_is_no_answer(folder: Path) -> None:
    made = regime(folder, "rogue", HEAD.format(body="pass") + CHECK.replace("def dangwu", "async def dangwu"))
    assert "给出的不是 Finding" in said(made, standing(made))


@pytest.mark.parametrize("deed", ["sleep", "loop", "exit", "end", "memory"])
def test_one_that_breaks_them_when_it_is_loaded_cannot_be_used_and_the_others_can(
    folder: Path, deed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    soon = msgspec.structs.replace(
        apart.limits.LOADING, busy=0.5
    )  # what goes round and round takes all of it
    monkeypatch.setattr(apart.limits, "LOADING", soon)
    code = HEAD.format(body=MISDEEDS[deed][0]) + "act()\n"
    (folder / "rogue.py").write_text(code, "utf-8")
    (folder / "rogue.yaml").write_text(POLICY.format(name="rogue", asks="notice: {}"), "utf-8")
    again()
    with not_for_long():
        found = plugins.installed()
    assert MISDEEDS[deed][1] in "".join(found.broken["rogue"])
    assert "yakeshi" in found.policies


def test_after_three_cases_in_a_row_it_is_tripped_and_then_costs_nothing(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = regime(folder, "rogue", HEAD.format(body=MISDEEDS["end"][0]) + CHECK)
    for day in range(1, 4):
        case = Case(entries=(read_record("application", date(2026, 5, day), {}),))
        assert "进程意外终止" in said(made, evaluate(made, case, DAY).steps["application"])
    monkeypatch.setattr(Nursery, "begun", no_more)
    assert "接连出错，已停止运行" in said(made, standing(made))


def test_one_success_between_failures_begins_the_count_anew(folder: Path) -> None:
    body = "return os._exit(1) if case.entries[0].day.day % 2 else []"
    made = regime(folder, "rogue", HEAD.format(body=body) + CHECK)
    for day in range(1, 9):
        case = Case(
            entries=(read_record("application", date(2026, 5, day), {"documents": ["application-letter"]}),)
        )
        assert evaluate(made, case, DAY).steps["application"].state == ("open" if day % 2 else "done")
    assert trips.why("rogue") == ""


def test_many_slow_answers_do_not_add_up(folder: Path) -> None:
    """Each call keeps to its limit; over one case there is a budget for all."""
    body = "until = time.process_time() + 0.15\n    while time.process_time() < until: pass\n    return []"
    code = HEAD.format(body=body) + CHECK.replace('if step == "application" else []', "")
    made = regime(folder, "rogue", code)
    with not_for_long():
        found = evaluate(made, Case(), DAY)
    assert any("对一份档案的运算共超过" in said(made, one) for one in found.steps.values())


def test_a_plugins_python_sees_no_secret(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DANGWU_SECRET", "geheim")
    seen = "os.getcwd() + ''.join(name for name in os.environ if 'DANGWU' in name)"
    body = f"return [Finding('x.y', 'missing', values={{'sentence': {seen}}})]"
    made = regime(folder, "rogue", HEAD.format(body=body) + CHECK)
    assert "/（rogue县做法）。" in said(made, standing(made))


def test_no_process_is_begun_where_no_plugin_has_python(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor where it only shows something: that is seen by reading it, and begun when it is asked."""
    monkeypatch.setattr(Nursery, "begun", no_more)
    assert "yakeshi" in plugins.installed().policies
    assert "jinhua-2014" in plugins.with_hook("dangwu_reports")


def test_waiting_for_a_share_is_bounded_for_each_case(monkeypatch: pytest.MonkeyPatch) -> None:
    """However many steps of it are asked about: the queue goes on to the next."""
    slept: list[float] = []
    monkeypatch.setattr("time.sleep", slept.append)
    one, patient = budget.Budget(share=0, saved=0.01), budget.Patient()
    one.spend(1)
    for case, waited in ((b"first", 1), (b"second", 2)):
        for _ in range(26):
            patient.turn(case)
            assert not one.granted(patient)
        assert sum(slept) == pytest.approx(waited * budget.PATIENCE, abs=0.11)
