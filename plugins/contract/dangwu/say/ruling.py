"""A rule as it stands in its policy's file, in words: what it asks for, what follows, what is to be known of its basis."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from dangwu.facets.base import Facet
from dangwu.policy.plan import Asks
from dangwu.policy.policy import BASES, CHECKED, OnFailure, Rule
from dangwu.policy.stated import STATED
from dangwu.policy.stated import bound as stated
from dangwu.say import rating
from dangwu.say.owing import duty
from dangwu.say.titles import Titles, excepted, level
from dangwu.shapes.clauses import field_titles
from dangwu.shapes.short import Plain

OPEN = "多久一次等原文没有写明，由各地填写以后起算"
"""Of a rule that says nothing yet."""


def title(rule: Rule) -> str:
    """Its title, else that of the step it inserts, else its id."""
    return rule.title or rule.step.title or rule.id


def marks(rule: Rule) -> tuple[str, ...]:
    """What is to be known about the rule's basis: only what is not as it should be."""
    basis = (BASES[rule.basis],) if rule.basis != "stated" else ()
    return basis + ((CHECKED[rule.checked],) if rule.checked != "verified" else ())


def bounds(rule: Rule, known: Titles) -> Iterator[str]:
    """For whom and when it holds, a clause for each."""
    if rule.when:
        yield f"只适用于{'、'.join(sorted(known.title(tag) for tag in rule.when))}"
    if rule.off:
        yield "默认不启用"
    if rule.since:
        yield f"自 {rule.since} 起"
    if rule.until:
        yield f"到 {rule.until} 止（不含）"


def on_failure(failure: OnFailure, known: Titles) -> str:
    """What follows when the step is not passed."""
    if failure.close:
        return "没有通过的，终止办理"
    back = failure.return_to
    return f"没有通过的，退回到“{known.title(back)}”" if back else "没有通过的，可以重新办理"


def requires(
    rule: Rule, facets: Mapping[str, Facet], known: Titles, fill: Mapping[str, Plain] | None = None
) -> Iterator[str]:
    """What a rule asks for of each of its facets (bound), and what follows a failure; what it says that is about no step (its
    blanks filled with `fill`); without full stops."""
    for name, facet in facets.items():
        by = rule.exceptions.get(name)
        beside = "（只作提醒）" if facet.advisory else excepted(by) if by else ""
        yield from (f"{text}{beside}" for _, text in known.parts(facet))
    if rule.on_failure != OnFailure():
        yield on_failure(rule.on_failure, known)
    if rule.kind in STATED:
        said = stated(rule, fill or {})
        yield from duty(said, known) if said else [f"{known.title(rule.stated[rule.kind])}：{OPEN}"]
    if rule.scheme:
        yield from rating.said(rule, known)
    if rule.plan is not None:
        yield from plan_parts(rule.plan.asks, rule.plan.plan, known)


def plan_parts(asks: Asks, plan: str, known: Titles) -> Iterator[str]:
    """What is asked of a yearly plan, a clause for each part."""
    name = known.title(plan)
    for part, what in field_titles(Asks):
        value = getattr(asks, part)
        if value is True:
            yield f"{name}{what}"
        elif part == "by" and value:
            yield f"{name}{what}：每年 {int(value[:2])} 月 {int(value[3:])} 日"
        elif value:
            yield f"{name}{what}：{'、'.join(known.title(one) for one in sorted(value))}"


def place(rule: Rule, known: Titles, *, opener: bool) -> Iterator[str]:
    """That it inserts a step, and where (`opener`); or that a step has to come before or after others."""
    order = "、".join(
        f"在{'、'.join(f'“{known.title(step)}”' for step in steps)}{word}"
        for steps, word in ((rule.step.after, "之后"), (rule.step.before, "之前"))
        if steps
    )
    if opener:
        yield f"增设这个环节，{order}由{level(rule.step.level)}办理"
    elif order and rule.kind == "tighten":
        yield f"{order}办理"


__all__ = ["marks", "on_failure", "place", "requires", "title"]
