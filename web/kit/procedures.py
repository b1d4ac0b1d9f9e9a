"""The installed procedures in words: how a case of each begins, its stages and steps, whatever the unit."""

from __future__ import annotations

from functools import lru_cache

from core.errors import NotFound
from dangwu import INSERTED, MEMBERSHIPS, Procedure
from tenants.policies.plugins import installed
from tenants.policies.shelf import everything, read
from web.kit.words import query


def procedures() -> dict[str, str]:
    """Procedure → title, the floor's default one first."""
    return {name: one.title for name, one in installed().floor.procedures.items()}


def procedure_named(name: str) -> str:
    """The id of the procedure that an address names: the floor's default one for "". Raises NotFound."""
    found = name or installed().floor.default
    if found not in installed().floor.procedures:
        known = "、".join(procedures())
        raise NotFound(f"没有名为“{name}”的流程。现有的流程有：{known}。请从列表中选择。")
    return found


def procedure_of(name: str) -> Procedure:
    """A procedure by its id, or the default one for "". Raises NotFound."""
    return installed().floor.procedures[procedure_named(name)]


@lru_cache(maxsize=256)
def _step_titles(state: object, procedure: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for policy in everything():
        for rule in policy.rules:
            if rule.kind == "add" and rule.step.title and procedure in ("", rule.procedure):
                found.setdefault(rule.steps[0], rule.step.title)
    for name, steps in INSERTED.items():
        if procedure in ("", name):
            for step, one in steps.items():
                found.setdefault(step, one.title)
    return found


def step_titles(procedure: str) -> dict[str, str]:
    """Step → title: the floor's, those of the catalogue, those that any policy inserts; in this order."""
    return _step_titles(read(), procedure)


def step_title(step: str) -> str:
    """The title of a step of any procedure; one that no known policy inserts as it stands."""
    return _step_titles(read(), "").get(step, step)


def stage_titles(procedure: str) -> dict[str, str]:
    """Stage → its short title, in order."""
    return {stage: one.name for stage, one in procedure_of(procedure).stages.items()}


def stage_title(procedure: str, stage: str) -> str:
    """The short title of a stage; one that no installed policy knows as it stands."""
    one = installed().floor.procedures.get(procedure)
    return one.stages[stage].name if one is not None and stage in one.stages else stage


def state_title(procedure: str, state: str) -> str:
    """The title of a state that a case gives: one of the procedure's own, or nothing reached yet."""
    one = installed().floor.procedures.get(procedure)
    found = one.state(state) if one is not None else None
    if found is not None:
        return found.title
    return (
        MEMBERSHIPS[state].title
        if one is not None and one.confers_membership and state in MEMBERSHIPS
        else ""
    )


def opening(procedure: str) -> tuple[str, str]:
    """What it is to begin a case, around the person's name: (受理, 的申请)."""
    before, _, after = procedure_of(procedure).opens.said.partition("{name}")
    return before, after


def section_title() -> str:
    """What the section of cases is called: by its procedure while there is but one."""
    found = list(procedures().values())
    return found[0] if len(found) == 1 else "办理事项"


def opening_title() -> str:
    """What it is to begin a case of the floor's default procedure: 受理申请."""
    return procedure_of("").opens.title


def list_address(procedure: str, path: str = "/cases", **wanted: object) -> str:
    """The address of a page about one procedure; that of the default one need not name it."""
    named = procedure if procedure != installed().floor.default else ""
    return path + query({"procedure": named, **wanted})
