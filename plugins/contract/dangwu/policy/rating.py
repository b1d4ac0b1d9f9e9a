"""A rating scheme as one rule says it: what may be written, and what is refused because it would decide about people."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from typing import Annotated, Literal

import msgspec

from dangwu.errors import nearest
from dangwu.facets.reading import brief
from dangwu.facets.registry import kind_of
from dangwu.shapes.faults import Path
from dangwu.shapes.short import Plain
from dangwu.values.catalogue import MEMBERSHIPS
from dangwu.values.days import month_day
from dangwu.values.vocabulary import LEVELS, WORDS, rank
from dangwu.values.word import Grade, Item, Kind, Level, Tag

_CEILING = re.compile(r"^\s*(?:<=|≤)\s*([0-9]{1,6})\s*/\s*([0-9]{1,6})\s*$")
_FLOOR = re.compile(r"^\s*(>|≥|＞|=)")
MEMBERS = tuple(name for name, one in MEMBERSHIPS.items() if one.member)
ON_THE_WAY = tuple(name for name, one in MEMBERSHIPS.items() if not one.member and name != "none")
RATED: Mapping[str, tuple[str, ...]] = {"members": MEMBERS, **{name: (name,) for name in ON_THE_WAY}}
"""The memberships of those whom a scheme of people rates: all members, or those who are on the way and have that membership."""
RATEES: Mapping[str, str] = {
    "members": "党员", "units": "党组织", **{name: MEMBERSHIPS[name].title for name in ON_THE_WAY},
}  # fmt: skip
"""What a scheme may be of, in Chinese."""
UNITS: tuple[str, ...] = ("branch", "general-branch", "committee")
"""The levels whose units a scheme of units may rate."""


class Round(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """When members or units are rated: `by` these days (MM-DD, in the order of the rounds of a year), or once `per` period."""

    by: Annotated[tuple[str, ...], msgspec.Meta(max_length=24)] = ()
    per: Literal["", "year", "half-year", "quarter", "month"] = ""


class Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who proposes or decides, and the raw parameters of what is asked for then."""

    level: Level
    poll: Mapping[str, Plain] | None = None
    vote: Mapping[str, Plain] | None = None
    review: Mapping[str, Plain] | None = None
    notice: Mapping[str, Plain] | None = None

    def raw(self) -> dict[str, Plain]:
        """Its facets by name."""
        return {name: one for name in DECIDING if (one := getattr(self, name)) is not None}


DECIDING = Part.__struct_fields__[1:]
"""The facets that a proposal (but for the notice) and a decision may carry."""


class Exempt(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whoever has all these tags need not be rated, if he himself applies for it."""

    when: Annotated[tuple[Tag, ...], msgspec.Meta(min_length=1)]
    on: Literal["own-application"]


class Pending(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whoever has all these tags is not rated until a paper is there: never a grade by default."""

    when: Annotated[tuple[Tag, ...], msgspec.Meta(min_length=1)]
    until: Kind


class Rating(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What one rule says of a scheme; `scale` lowest first. Several rules, of one or several plugins, make up a scheme.

    `level`: whose units a scheme of units rates; branches where it says nothing.
    `having`: of people it rates those alone who have all these tags. `ungraded`: who takes part without a grade. `formal`: its
    grades are the formal result (the floor only).
    """

    of: str = ""
    level: str = ""
    having: tuple[Tag, ...] = ()
    scale: Annotated[tuple[Grade, ...], msgspec.Meta(max_length=20)] = ()
    items: tuple[Item, ...] = ()
    round: Round | None = None
    propose: Part | None = None
    decide: Part | None = None
    exempt: Exempt | None = None
    pending: Pending | None = None
    share: Mapping[Grade, str] = msgspec.field(default_factory=dict)
    follows: Mapping[Grade, str] = msgspec.field(default_factory=dict)
    ungraded: tuple[str, ...] = ()
    formal: bool = False

    @property
    def said(self) -> tuple[str, ...]:
        """Of which of these it says anything."""
        empty = Rating()
        return tuple(name for name in KEYS if getattr(self, name) != getattr(empty, name))


KEYS = Rating.__struct_fields__


def ceiling(text: str) -> Fraction | None:
    """The greatest share that may have a grade, from `<=1/3`; None for anything else."""
    found = _CEILING.match(text)
    if not found or int(found[2]) == 0:
        return None
    value = Fraction(int(found[1]), int(found[2]))
    return value if 0 < value < 1 else None


def forced(scale: tuple[str, ...], share: Mapping[str, Fraction]) -> Fraction:
    """The share that the ceilings drive into the lower half of the scale, though nobody deserves it; 0: none."""
    upper = scale[len(scale) // 2 :]
    if not all(one in share for one in upper):
        return Fraction(0)
    return max(Fraction(0), 1 - sum((share[one] for one in upper), Fraction(0)))


def wrong(rating: Rating, written: Iterable[str]) -> Iterator[tuple[Path, str]]:
    """(path, sentence) for everything that makes no sense, or that a rating must not do; `written` are the keys of the rule."""
    if not rating.said:
        yield (), f"没有写评级方案的内容。可写的有：{'、'.join(KEYS)}。"
    yield from _scale(rating, "scale" in written)
    yield from _level(rating)
    if rating.having and (not rating.scale or rating.of == "units"):
        yield ("having",), "having 说评有哪些特征的人，请与 of、scale 写在同一条规则上；评党组织的方案不写。"
    yield from _shares(rating)
    yield from _follows(rating)
    for one in rating.ungraded:
        if one not in MEMBERS:
            yield (
                ("ungraded",),
                f"ungraded 写的“{brief(one)}”不是党员的类别{nearest(one, MEMBERS)}。可写的有：{'、'.join(MEMBERS)}。",
            )
    if rating.ungraded and rating.of not in ("", "members"):
        yield (
            ("ungraded",),
            "ungraded 写参加评议而不定等次的党员，只用于评党员（of: members）的方案。请删去。",
        )
    yield from _acting(rating)
    if rating.round is not None:
        yield from _round(rating.round)
    for name in rating.propose.raw() if rating.propose is not None else ():
        if kind_of(name).clocks:
            yield ("propose", name), "公示的是评定的结果，请写在 decide 里。"


def _acting(rating: Rating) -> Iterator[tuple[Path, str]]:
    """Levels that cannot propose, decide, or speak for another one."""
    if rating.decide is not None and rating.decide.level == "person":
        yield ("decide", "level"), "decide.level 写的是 person：等次由党组织评定，不由本人。请写评定的层级。"
    elif what := out_of_order(rating.propose, rating.decide):
        yield ("decide", "level"), what
    if rating.of == "units" and rating.decide and rank(rating.decide.level) <= rank(rating.level or UNITS[0]):
        own = rating.level or UNITS[0]
        yield (
            ("decide", "level"),
            f"decide.level 写的是 {rating.decide.level}，评的是 {own} 一级的党组织：由它的上级评定。"
            "请改 decide.level，或改 level。",
        )
    for where, part in (("propose", rating.propose), ("decide", rating.decide)):
        for name, others in _spoken_for(part) if part is not None else ():
            yield (
                (where, name, "levels"),
                f"{where}.{name}.levels 写的是 {'、'.join(others)}，可{where} 由 {part.level if part else ''} 一级记录，"
                f"别的层级的意见它不能代填。请改 {where}.level，或删去。",
            )


def out_of_order(propose: Part | None, decide: Part | None) -> str:
    """That who decides stands below who proposes, as a sentence; empty where it does not."""
    if propose is None or decide is None or rank(decide.level) >= rank(propose.level):
        return ""
    return (
        f"decide.level 写的是 {decide.level}（{LEVELS[decide.level]}），"
        f"低于提出建议的 {propose.level}（{LEVELS[propose.level]}）：下级不能评定上级提出的等次。"
        "请改 propose.level 或 decide.level。"
    )


def _spoken_for(part: Part) -> Iterator[tuple[str, list[str]]]:
    """(requirement, levels) whose opinion is asked for where another level records."""
    for name, params in part.raw().items():
        listed = params.get("levels") if kind_of(name).by_level else ()
        others = [one for one in listed or () if isinstance(one, str) and part.level not in one.split("|")]
        if others:
            yield name, others


def _scale(rating: Rating, written: bool) -> Iterator[tuple[Path, str]]:
    if rating.of and rating.of not in RATEES:
        what = f"of 写的“{brief(rating.of)}”不是可以评定的{nearest(rating.of, RATEES, RATEES)}"
        yield (
            ("of",),
            f"{what}。可写的有：{'、'.join(f'{name}（{title}）' for name, title in RATEES.items())}。",
        )
    if written and len(rating.scale) < 2:
        yield ("scale",), "scale 至少写两个等次，由低到高，例如 [one-star, two-star]。"
    elif bool(rating.scale) != bool(rating.of):
        yield ("scale",), "of（评什么：members、units 等）和 scale（等次，由低到高）要一起写。"
    twice = next((one for one in rating.scale if rating.scale.count(one) > 1), "")
    if twice:
        yield ("scale",), f"scale 中“{twice}”写了两次。"
    for name in ("share", "follows"):
        for grade in getattr(rating, name) if rating.scale else ():
            if grade not in rating.scale:
                yield (
                    (name, grade),
                    f"{name} 中的“{grade}”不在 scale 中。等次有：{'、'.join(rating.scale)}。",
                )


def _level(rating: Rating) -> Iterator[tuple[Path, str]]:
    if rating.level and rating.of != "units":
        yield ("level",), "level 写评哪一级的党组织，只同 of: units 一起写。请删去，或者把 of 改为 units。"
    elif rating.level and rating.level not in UNITS:
        what = f"level 写的“{brief(rating.level)}”不是可以评定的党组织{nearest(rating.level, UNITS)}"
        yield ("level",), f"{what}。可写的有：{'、'.join(f'{one}（{LEVELS[one]}）' for one in UNITS)}。"


def _shares(rating: Rating) -> Iterator[tuple[Path, str]]:
    most = {grade: ceiling(text) for grade, text in rating.share.items()}
    for grade, text in rating.share.items():
        if _FLOOR.match(text):
            yield (
                ("share", grade),
                f"share.{grade} 写的是“{brief(text)}”：给等次规定最少的比例，就是按指标定人的等次，不能这样写。"
                "share 只能是上限，写作 <=1/3。",
            )
        elif most[grade] is None:
            yield (
                ("share", grade),
                f"share.{grade} 写的是“{brief(text)}”，应为上限，大于 0、小于 1，写作 <=1/3。",
            )
    known = {grade: value for grade, value in most.items() if value is not None}
    if rating.scale and len(known) == len(most) and (rest := forced(rating.scale, known)):
        yield (
            ("share",),
            f"share 的各项上限加起来，至少有 {rest} 的人只能评为较低的等次，这是按比例定人的等次，不能这样写。请放宽上限。",
        )


def _follows(rating: Rating) -> Iterator[tuple[Path, str]]:
    known = WORDS["proposal"]
    for grade, what in rating.follows.items():
        if what not in known:
            yield (
                ("follows", grade),
                f"follows.{grade} 写的“{brief(what)}”不是可以提请研究的建议{nearest(what, known, known)}。"
                "评级不能改变党籍，也不能直接处分、淘汰人，只能提出建议，由党组织研究决定。"
                f"可写的有：{'、'.join(f'{word}（{title}）' for word, title in known.items())}。",
            )


def _round(one: Round) -> Iterator[tuple[Path, str]]:
    if bool(one.by) == bool(one.per):
        yield (
            ("round",),
            "round 写 by（各期最迟的月日）或 per（多久一期），恰写一项，例如 {by: [07-31, 01-31]}。",
        )
    for number, text in enumerate(one.by):
        if month_day(text) is None:
            yield (
                ("round", "by", number),
                f"round.by 写的“{brief(text)}”不是每年都有的月日，应写作 07-31。",
            )
    if len(set(one.by)) < len(one.by):
        yield ("round", "by"), "round.by 中同一天写了两次。"


__all__ = ["DECIDING", "KEYS", "Part", "Rating", "Round", "ceiling", "forced", "out_of_order", "wrong"]
