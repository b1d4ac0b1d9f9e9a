"""Which papers a case can have, who may print each, and what it will say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from core.actor import Actor
from core.casework.levels import platform_level
from core.casework.matter import Matter
from core.documents.model import BLANK, Brought, Filled, Gap, Offer, Value
from core.documents.rare import rare
from core.documents.rows import papers_asked
from core.documents.sources import Sources
from core.errors import Forbidden, NotFound
from dangwu import BLOCKED, WAIVED, explain, rank
from dangwu import LEVELS as TITLES


def offers(actor: Actor, of: Sources, brought: Iterable[Brought]) -> list[Offer]:
    """The papers of a case, in the order of its steps; those of the whole case last."""
    listed = list(brought)
    return [
        *(_offer(actor, of, one, step) for step in _at_hand(of) for one in listed if _is_for(one, of, step)),
        *(_offer(actor, of, one, "") for one in listed if _is_whole(one, of.matter)),
    ]


def _at_hand(of: Sources) -> Iterator[str]:
    """The steps that have been reached."""
    for step, standing in of.judged.standing.steps.items():
        if standing.state not in (BLOCKED, WAIVED):
            yield step


def _is_for(one: Brought, of: Sources, step: str) -> bool:
    """Whether it is of this step; one that the step asks for of some people alone (预备党员) is none of anybody else's."""
    if f"{of.matter.case.procedure}/{step}" not in one.paper.steps:
        return False
    rules, plan = of.judged.standing.steps[step].rules, of.judged.plan
    if rules is None:
        return True
    of_some = {*one.paper.kinds} & papers_asked(plan.on(rules.day, plan.relevant).steps.get(step))
    return not of_some or bool(of_some & papers_asked(rules))


def _is_whole(one: Brought, matter: Matter) -> bool:
    return not one.paper.steps and one.paper.procedure == matter.case.procedure


def _offer(actor: Actor, of: Sources, one: Brought, step: str) -> Offer:
    standing = of.judged.standing.steps.get(step)
    place = of.matter.plan.by_id.get(step)
    return Offer(
        brought=one,
        step=step,
        step_title=explain.title(of.judged.regime, step) if step else "",
        state=standing.state if standing else "",
        stage=place.stage if place else "",
        mine=may_print(actor, of.matter.case.path, one),
        lacks=tuple(_lacks(of, one, step)),
        rare=rare((of.of(source, step) for source in one.paper.fields.values()), sealed=one.paper.sealed),
    )


def may_print(actor: Actor, path: str, one: Brought) -> bool:
    """Whether he prints a paper there: those of his own level and of the levels below it."""
    least = rank(platform_level(one.paper.by))
    return any(rank(level) >= least for level in actor.levels(path, "document.print"))


def filled_by_name(actor: Actor, of: Sources, brought: Iterable[Brought], name: str, step: str) -> Filled:
    """A paper by its name (`Brought.id`), filled in. Raises NotFound for one that the case does not have now, Forbidden."""
    found = next((one for one in brought if one.id == name), None)
    fits = found and (
        step in _at_hand(of) and _is_for(found, of, step) if step else _is_whole(found, of.matter)
    )
    if found is None or not fits:
        raise NotFound(
            f"{of.matter.case.person_name}现在没有这份文书：它的环节还没有开始，或者本县不再使用。请从“文书”一页重新选择。"
        )
    if not may_print(actor, of.matter.case.path, found):
        level = TITLES[platform_level(found.paper.by)]
        raise Forbidden(
            f"《{found.paper.title}》由{level}出具，您在这里的职务不能打印。请交由{level}的人员打印。",
            code="level",
        )
    return filled(of, found, step)


def filled(of: Sources, one: Brought, step: str) -> Filled:
    """What a paper says of a case: what is not known is a line to be filled in by hand."""
    return Filled(
        brought=one,
        step=step,
        title=one.paper.title,
        said={
            **{name: _shown(of.of(source, step)) for name, source in one.paper.fields.items()},
            **one.paper.words,
        },
        lacks=tuple(_lacks(of, one, step)),
    )


def _lacks(of: Sources, one: Brought, step: str) -> Iterator[Gap]:
    for name, source in one.paper.fields.items():
        if not of.of(source, step) and (why := of.why_not(source, step)):
            yield Gap(name, why)


def _shown(value: Value) -> Value:
    """A line to write on where nothing is known; an empty cell of a table is one already."""
    return value or BLANK if isinstance(value, str) else value
