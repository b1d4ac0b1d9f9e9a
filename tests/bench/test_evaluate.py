"""Full evaluation of a case of 30 steps under four policies, beside a mature process engine doing the same steps."""

from __future__ import annotations

from datetime import date

from SpiffWorkflow import Workflow
from SpiffWorkflow.specs.Simple import Simple
from SpiffWorkflow.specs.WorkflowSpec import WorkflowSpec
from SpiffWorkflow.util.task import TaskState

from dangwu import discover, evaluate
from tests.bench.timed import per_second, say
from tests.bench.walked import regime_of_four, walk

STEPS = 30


def test_evaluation_of_a_case_of_thirty_steps() -> None:
    """The goal is 3,000 a second on one core."""
    regime = regime_of_four(discover())
    case, today = walk(regime, date(2024, 6, 3), STEPS)
    standing = evaluate(regime, case, today)
    done = sum(step.state == "done" for step in standing.steps.values())
    assert done >= STEPS
    ours = per_second(lambda: evaluate(regime, case, today))
    steps = [step.id for step in standing.steps.values() if step.state == "done"][:STEPS]
    theirs = per_second(lambda: _engine(steps))
    say(f"完整判断：{len(standing.steps)} 个环节（已办 {done}），每秒 {ours:,.0f} 次；")
    say(
        f"SpiffWorkflow 走完 {STEPS} 个环节（不判断任何要求）：每秒 {theirs:,.0f} 次；比值 {ours / theirs:.1f}"
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
