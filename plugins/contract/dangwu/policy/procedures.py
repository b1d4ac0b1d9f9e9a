"""What the floor says of a procedure, checked against its steps and the register's memberships."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator

from dangwu.errors import nearest
from dangwu.policy.floor import Floor
from dangwu.policy.policy import Policy, Procedure
from dangwu.values.catalogue import EFFECTS, MEMBERSHIPS, STANDINGS
from dangwu.values.vocabulary import LEVELS


def problems(policy: Policy, line: Callable[[str], int]) -> Iterator[tuple[str, int]]:
    """(sentence, line) for whatever cannot be in a policy of the floor; `line` tells where a procedure begins."""
    steps = Floor((policy,)).steps
    for name, one in policy.procedures.items():
        for sentence in (
            *_steps(one, steps(name)),
            *_memberships(one),
            *_ends(one),
            *_made(one),
            *_texts(one),
        ):
            yield f"流程 {name}：{sentence}", line(name)
    voting = {(rule.procedure, *rule.steps): rule for rule in policy.rules if rule.step.outcomes}
    for rule in policy.rules:
        put = rule.step.confirms
        if put and (rule.procedure, put) not in voting:
            known = [step for procedure, step in voting if procedure == rule.procedure]
            yield (
                f"规则 {rule.id}：confirms 中的“{put}”不是写了 outcomes 的环节{nearest(put, known)}。",
                rule.line,
            )


def _steps(one: Procedure, steps: Collection[str]) -> Iterator[str]:
    named = {"opens.step": one.opens.step, **{f"approvals“{step}”": step for step in one.approvals}}
    for state in one.states:
        named |= {
            f"状态 {state.id} 的 after": state.after,
            f"状态 {state.id} 的 from": state.from_ or state.after,
        }
    if one.confers == "unit" and not one.states:
        yield "confers: unit 的流程要写 states（各状态），到了最后一个状态，人即在转往的党组织。"
    if one.confers == "unit" and not one.opens.goes:
        yield "confers: unit 的流程要写 opens.goes（去的党组织怎样称呼），例如 goes: 转往的党支部。"
    for where, step in named.items():
        if step not in steps:
            yield f"{where} 中的环节“{step}”没有用 add 写明{nearest(step, steps)}。"


def _memberships(one: Procedure) -> Iterator[str]:
    states = [(f"状态 {state.id}", state.id) for state in one.states] if one.confers_membership else []
    for where, word in (*states, *(("opens.of", word) for word in one.opens.of)):
        if word not in MEMBERSHIPS:
            yield f"{where} 中没有人员类别“{word}”{nearest(word, MEMBERSHIPS)}。可用的有：{'、'.join(MEMBERSHIPS)}。"
    if not one.opens.of:
        yield f"opens.of 要写明哪些人员类别可以开始办理。可用的有：{'、'.join(MEMBERSHIPS)}。"


def _ends(one: Procedure) -> Iterator[str]:
    states = [state.id for state in one.states]
    for name, end in one.ends.items():
        if end.level not in LEVELS:
            yield f"ends.{name}.level 中没有层级“{end.level}”{nearest(end.level, LEVELS)}。可用的有：{'、'.join(LEVELS)}。"
        if end.before and end.before not in states:
            yield f"ends.{name}.before 中没有状态“{end.before}”{nearest(end.before, states)}。可用的有：{'、'.join(states)}。"


def _made(one: Procedure) -> Iterator[str]:
    """Words for the register that it does not know, or that nothing comes of."""
    named = {f"状态 {state.id} 的 makes": state.makes for state in one.states}
    named |= {f"ends.{name}.makes": end.makes for name, end in one.ends.items()}
    for where, word in named.items():
        if word and word not in EFFECTS:
            yield f"{where} 写的“{word}”不是名册的变动{nearest(word, EFFECTS)}。可用的有：{'、'.join(EFFECTS)}。"
        elif word and one.confers != "register":
            yield f"{where} 只在 confers: register 的流程中有作用。请写 confers: register，或删去这一项。"
    if (word := one.opens.standing) and word not in STANDINGS:
        yield f"opens.standing 中没有党籍状态“{word}”{nearest(word, STANDINGS)}。可用的有：{'、'.join(STANDINGS)}。"


def _texts(one: Procedure) -> Iterator[str]:
    if not one.stages:
        yield "要写 stages（各阶段），至少一个。"
    if one.opens.said.count("{name}") != 1:
        yield f"opens.said 写的是“{one.opens.said}”，应含一处 {{name}}（姓名），例如 受理{{name}}的申请。"
