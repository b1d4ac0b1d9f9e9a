"""Judging a case of 30 steps under four policies, beside a mature process engine walking the same steps.

Judged afresh the goal is 8 times as many a second, after one new record on a case judged before 15 times. Many records of one
step should cost hardly more than one.
"""

from __future__ import annotations

from datetime import date

import pytest
from SpiffWorkflow import Workflow
from SpiffWorkflow.specs.Simple import Simple
from SpiffWorkflow.specs.WorkflowSpec import WorkflowSpec
from SpiffWorkflow.util.task import TaskState

from dangwu import Adoption, Case, Regime, discover, evaluate, judged, least, read_record
from tests.bench.timed import in_turn, say
from tests.bench.walked import regime_of_four, walk

STEPS, RECORDS = 30, 200


@pytest.fixture(scope="module")
def regime() -> Regime:
    """Four local practices at once."""
    return regime_of_four(discover())


def test_evaluation_of_a_case_of_thirty_steps(regime: Regime) -> None:
    """Afresh, and with one new record on what was settled before."""
    case, today = walk(regime, date(2024, 6, 3), STEPS)
    before = judged(regime, case, today)
    steps = [step.id for step in before.standing.steps.values() if step.state == "done"]
    assert len(steps) >= STEPS
    here = before.standing.open[0]
    record = read_record(here, today, least(regime, case, here, today)[0])
    settled = before.settled
    assert evaluate(regime, case.with_entry(record), today, settled) == before.with_entry(record).standing
    engine, fresh, carried = in_turn(
        lambda: _engine(steps[:STEPS]),
        lambda: evaluate(regime, case, today),
        lambda: evaluate(regime, case.with_entry(record), today, settled),
    )
    say(f"SpiffWorkflow 走完 {STEPS} 个环节（不判断任何要求）：{engine:.2f} 毫秒")
    say(
        f"从头判断一次（{len(before.standing.steps)} 个环节）：{fresh:.2f} 毫秒，快 {engine / fresh:.1f} 倍（目标 8 倍）"
    )
    say(f"沿用已结部分、多一条记录再判断：{carried:.2f} 毫秒，快 {engine / carried:.1f} 倍（目标 15 倍）")


def test_all_practices_beside_four(regime: Regime) -> None:
    """The same file, walked under all of them; the goal is at most 1.5 times as long."""
    plugins = discover()
    every = plugins.compose([Adoption(policy) for policy in plugins.policies.values()])
    case, today = walk(every, date(2024, 6, 3), STEPS)
    four, all_ = in_turn(lambda: evaluate(regime, case, today), lambda: evaluate(every, case, today))
    say(
        f"同一份档案（{len(case.entries)} 条记录）：四个政策 {four:.2f} 毫秒，{len(plugins.policies)} 个插件 {all_:.2f} 毫秒，"
        f"{all_ / four:.2f} 倍（目标 1.5 倍）"
    )


@pytest.mark.parametrize("step", ["cultivation", "activist-notice", "political-review", "mentor-appointment"])
def test_many_records_of_one_step(regime: Regime, step: str) -> None:
    """Beside the same case with one."""
    case, today = walk(regime, date(2024, 6, 3), STEPS)
    place, one = next(
        (at, entry) for at, entry in enumerate(case.entries) if getattr(entry, "step", "") == step
    )
    many = Case(
        case.subject, (*case.entries[: place + 1], *(one,) * (RECORDS - 1), *case.entries[place + 1 :])
    )
    few, lots = in_turn(lambda: evaluate(regime, case, today), lambda: evaluate(regime, many, today))
    say(
        f"{step}：一条记录 {few:.2f} 毫秒，{RECORDS} 条 {lots:.2f} 毫秒，{lots / few:.1f} 倍（目标 2 倍左右）"
    )


def _engine(steps: list[str]) -> None:
    workflow = Workflow(_specification(steps))
    while not workflow.is_completed():
        for task in workflow.get_tasks(state=TaskState.READY):
            task.run()


def _specification(steps: list[str]) -> WorkflowSpec:
    key = tuple(steps)
    if key not in _SPECS:
        spec = WorkflowSpec("admission", addstart=True)
        last = spec.start
        for step in steps:
            task = Simple(spec, step)
            last.connect(task)
            last = task
        _SPECS[key] = spec
    return _SPECS[key]


_SPECS: dict[tuple[str, ...], WorkflowSpec] = {}
