"""Exceptions in words: the demand that would not bind, who can agree, what that frees, what was agreed already."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import msgspec

from core.actor import Actor
from core.casework.acts.exempt import agrees_at
from core.casework.matter import Matter
from core.casework.model import EntryView
from dangwu import Citation, Offer, StepRules, StepStanding, explain, kind_of, offers


class Excepted(msgspec.Struct, frozen=True, kw_only=True):
    """A demand on a step that need not bind this case: `param` "" for one that has none; the `level` of the rules that can
    agree, `mine` whether this person does; `frees` says what would no longer stop the step, empty where nothing does now."""

    facet: str
    param: str
    texts: tuple[str, ...]
    level: str
    agrees: str
    mine: bool
    frees: tuple[str, ...]
    rules: tuple[Citation, ...]

    @property
    def key(self) -> str:
        """Its value in a form."""
        return f"{self.facet}.{self.param}"


def excepted(matter: Matter, actor: Actor, step: str, today: date) -> list[Excepted]:
    """The exceptions that can be agreed for a step today."""
    standing = matter.on(today).standing.steps.get(step)
    if standing is None or standing.rules is None:
        return []
    return [_excepted(matter, actor, standing.rules, one) for one in offers(matter.on(today), step)]


def _excepted(matter: Matter, actor: Actor, rules: StepRules, offer: Offer) -> Excepted:
    wanted, regime = offer.wanted, matter.regime
    lines = demanded(matter, rules, wanted.facet, wanted.param)
    return Excepted(
        facet=wanted.facet,
        param=wanted.param,
        texts=tuple(line.text for line in lines),
        level=wanted.by,
        agrees=explain.title(regime, wanted.by),
        mine=bool(agrees_at(actor, matter, wanted.by)),
        frees=tuple(explain.sentence(regime, one) for one in explain.worth_saying(offer.frees)),
        rules=tuple(dict.fromkeys(cited for line in lines for cited in line.citations)),
    )


def demanded(matter: Matter, rules: StepRules, facet: str, param: str) -> list[explain.Line]:
    """What a step asks by one parameter of a facet; by the whole facet where that is no parameter of its own."""
    lines = [one for one in explain.requirements(matter.regime, rules) if one.facet == facet]
    return [one for one in lines if one.param == param] or lines


def lifted(matter: Matter, step: StepStanding) -> Iterator[tuple[str, tuple[Citation, ...]]]:
    """What was agreed not to bind, each with its rule."""
    if step.rules is not None:
        for one in step.rules.lifted:
            text = f"{kind_of(one.facet).title}：已经书面同意作为例外，对本人不作这项要求"
            yield text, explain.cited(matter.regime, [one.rule], step.rules.day)


def agreed(matter: Matter, entry: EntryView) -> list[tuple[str, str]]:
    """What an entry of an exception says: the demand as it stood on that day, and who agreed."""
    facet, param, by = (str(entry.evidence[key]) for key in ("facet", "param", "by"))
    held = matter.plan.on(entry.day, matter.case.case.tags_on(entry.day)).steps.get(entry.step or "")
    texts = [line.text for line in demanded(matter, held, facet, param)] if held is not None else []
    return [
        ("不作要求", "；".join(texts) or kind_of(facet).title),
        ("同意", f"{explain.title(matter.regime, by)}事先书面同意"),
    ]
