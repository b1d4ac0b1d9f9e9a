"""What pages and API show of ratings."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from core.actor import Actor
from core.casework.acts.parts import Part
from core.casework.levels import levels_asked
from core.casework.said import short
from core.ratings.model import CONSIDER, Act, Matter
from core.ratings.record import level_of, may, possible
from dangwu import LEVELS, Regime, Scheme, explain, kind_of, titles
from web.kit.asked.blocks import Block, blocks
from web.kit.forms import Form

ACTS: Mapping[str, str] = {**titles.RATING_ACTS, CONSIDER: "记录研究结果"}
GRADED = ("propose", "decide", "answer")


class Done(msgspec.Struct, frozen=True):
    """An act as the history shows it."""

    title: str
    text: str
    act: Act


class Next(msgspec.Struct, frozen=True):
    """What can come next, and who does it; `mine` when that is who looks."""

    act: str
    title: str
    level: str
    mine: bool


class Missing(msgspec.Struct, frozen=True):
    """A sentence of what is missing."""

    sentence: str
    blocks: bool


class Grade(msgspec.Struct, frozen=True):
    """A grade of a scheme with how many have it; `most`: its ceiling in words."""

    title: str
    count: int
    most: str
    proposes: str


def word(regime: Regime, one: str) -> str:
    """A grade, a proposal, an item or a paper in Chinese; "" for none."""
    return explain.title(regime, one) if one else ""


def rated(regime: Regime, scheme: Scheme) -> str:
    """What a scheme rates, in Chinese: of units their level, of people those with its tags."""
    who = f"中的{'、'.join(word(regime, one) for one in sorted(scheme.having))}" if scheme.having else ""
    return titles.ratees(scheme.of, scheme.level) + who


def done(matter: Matter) -> list[Done]:
    """The acts, the latest first."""
    return [Done(ACTS[one.act], _text(matter, one), one) for one in reversed(matter.acts)]


def _text(matter: Matter, act: Act) -> str:
    said = [word(matter.regime, act.grade), short(matter.regime, act.evidence)]
    said += ["、".join(word(matter.regime, one) for one in (*act.papers, *_as_asked(matter, act)))]
    return "；".join(one for one in (*said, act.note) if one)


def _as_asked(matter: Matter, act: Act) -> list[str]:
    """What was looked at, as the scheme has it."""
    place = {one: number for number, one in enumerate(matter.scheme.items)}
    return sorted(act.items, key=lambda one: (place.get(one, len(place)), one))


def following(actor: Actor, matter: Matter) -> list[Next]:
    """What can be recorded now."""
    return [
        Next(act, ACTS[act], LEVELS[level_of(matter, act)], may(actor, matter, act))
        for act in possible(matter)
    ]


def lacks(matter: Matter) -> list[Missing]:
    """What is missing for what comes next; nothing does where the scheme was withdrawn altogether."""
    if not matter.holds:
        return []
    return [Missing(explain.sentence(matter.regime, one), one.blocks) for one in matter.now.findings]


def grades(regime: Regime, scheme: Scheme, counts: Mapping[str, int]) -> list[Grade]:
    """The grades of a scheme, the best first."""
    return [
        Grade(
            word(regime, one),
            counts.get(one, 0),
            f"不超过 {scheme.share[one]}" if one in scheme.share else "",
            "、".join(word(regime, what) for what in scheme.follows.get(one, ())),
        )
        for one in reversed(scheme.scale)
    ]


def asked(matter: Matter, act: str, form: Form | None = None) -> list[Block]:
    """The fields of the evidence that an act asks for."""
    rules = matter.scheme.asked(act, matter.round.opened)
    keys = {name: tuple(levels_asked(rules, name)) for name in rules.facets if kind_of(name).by_level}
    return blocks(matter.regime, rules, Part(level_of(matter, act), True, keys), form)


def papers(matter: Matter) -> list[tuple[str, str]]:
    """The papers that he has to show before he is rated."""
    wanted = {
        one
        for tags, paper in matter.scheme.pending
        if tags <= matter.subject.tags
        for one in paper.split("|")
    }
    return [(one, word(matter.regime, one)) for one in sorted(wanted)]
