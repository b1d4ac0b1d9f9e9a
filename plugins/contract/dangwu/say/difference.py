"""A later text of a plugin beside an earlier one: what gets stricter, laxer, another name, what ends; and whether its author has
kept his promise (ids are never used for something else, a rule that is gone says `until`, another name says `was`)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import Any, ClassVar

import msgspec

from dangwu.facets.base import Facet, Part
from dangwu.policy.blanks import bind
from dangwu.policy.floor import Floor
from dangwu.policy.policy import OnFailure, Policy, Rule
from dangwu.policy.renames import renames
from dangwu.say import ruling
from dangwu.say.titles import Titles
from dangwu.values.lattice import join
from dangwu.values.vocabulary import rank

Agreeing = tuple[bool, int]
"""(whether nobody can, how high the level stands that can)."""


class Change(msgspec.Struct, frozen=True):
    """What becomes of one rule: `kind` of Difference.KINDS; `rule` its id in the later text (of one that is gone the earlier),
    `was` its earlier id where that is another; what it asks for in words, before and after."""

    kind: str
    rule: str
    title: str
    was: str = ""
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()


class Difference(msgspec.Struct, frozen=True):
    """All of it; blanks by their titles. `broken`: sentences on promises that the author has not kept."""

    changes: tuple[Change, ...] = ()
    blanks_gone: tuple[str, ...] = ()
    blanks_new: tuple[str, ...] = ()
    broken: tuple[str, ...] = ()

    KINDS: ClassVar[Mapping[str, str]] = {
        "stricter": "更严",
        "laxer": "放宽",
        "otherwise": "另有变化",
        "new": "新增",
        "ended": "不再执行",
        "gone": "没有了",
        "renamed": "改了标识",
    }
    """What can become of a rule, in the order in which it is listed."""

    def of(self, kind: str) -> tuple[Change, ...]:
        """The changes of one kind."""
        return tuple(one for one in self.changes if one.kind == kind)


def difference(
    old: Policy, new: Policy, fill: Mapping[str, Any] | None = None, ground: Floor | None = None
) -> Difference:
    """How `new` differs from `old`, its blanks filled with `fill` where both have them; `ground` gives titles to its words."""
    names = renames(old, new)
    filled = {
        name: value
        for name, value in (fill or {}).items()
        if name in old.blanks and name in new.blanks and old.blanks[name].type == new.blanks[name].type
    }
    known = Titles.among([*(ground.policies if ground else ()), new, old])
    one, two = _Text(old, filled, known), _Text(new, filled, known)
    found = [change for rule in old.rule_ids() if (change := _change(rule, names.get(rule, ""), one, two))]
    came = [
        Change("new", rule, two.title(rule), after=two.said(rule))
        for rule in new.rule_ids()
        if rule not in names.values()
    ]
    listed = sorted((*found, *came), key=lambda change: [*Difference.KINDS].index(change.kind))
    gone = {name: blank.title for name, blank in old.blanks.items() if name not in new.blanks}
    fresh = {name: blank.title for name, blank in new.blanks.items() if name not in old.blanks}
    said = (
        _broken(listed),
        _reused(names, one, two),
        _moved(old, new),
        _blanks(gone, fresh),
        _version(old, new, listed),
    )
    broken = tuple(chain.from_iterable(said))
    return Difference(tuple(listed), tuple(gone.values()), tuple(fresh.values()), broken)


class _Text:
    """One of the two, its rules by id."""

    def __init__(self, policy: Policy, fill: Mapping[str, Any], known: Titles) -> None:
        self.known, self.fill = known, fill
        self.entries: dict[str, list[Rule]] = {}
        for rule in policy.rules:
            self.entries.setdefault(rule.id, []).append(rule)

    def title(self, rule: str) -> str:
        return ruling.title(self.entries[rule][0])

    def facets(self, rule: Rule) -> dict[str, Facet]:
        return bind(rule, self.fill)

    def said(self, rule: str) -> tuple[str, ...]:
        """What a rule asks for, in words, each once."""
        texts = (
            text
            for entry in self.entries[rule]
            for text in (
                *ruling.place(entry, self.known, opener=entry.kind == "add"),
                *ruling.requires(entry, self.facets(entry), self.known, self.fill),
            )
        )
        return tuple(dict.fromkeys(texts))

    def frame(self, rule: str) -> tuple[str, ...]:
        """What it is called, for whom and when it holds."""
        first = self.entries[rule][0]
        return f"名称“{self.title(rule)}”", *ruling.bounds(first, self.known)

    def steps(self, rule: str) -> frozenset[str]:
        return frozenset(step for entry in self.entries[rule] for step in entry.steps)

    def demands(self, rule: str) -> dict[tuple[str, str], Facet]:
        """By step and facet, what all its entries ask for."""
        found: dict[tuple[str, str], Facet] = {}
        for entry in self.entries[rule]:
            for name, facet in self.facets(entry).items():
                for step in entry.steps or ("",):
                    known = found.get((step, name))
                    found[step, name] = join(known, facet) if known is not None else facet
        return found

    def agreeing(self, rule: str) -> dict[Part, Agreeing]:
        """By demand, who can agree that it does not bind somebody."""
        found: dict[Part, Agreeing] = {}
        for entry in self.entries[rule]:
            for name, facet in self.facets(entry).items():
                by = entry.exceptions.get(name, "")
                level = (not by, rank(by))
                for demand in ((name, param) for param in facet.demands()):
                    found[demand] = max(level, found.get(demand, level))
        return found


def _change(rule: str, name: str, one: _Text, two: _Text) -> Change | None:
    if not name:
        return Change("gone", rule, one.title(rule), before=one.said(rule))
    was = rule if name != rule else ""
    verdicts = {
        *_compared(one.demands(rule), two.demands(name)),
        *_excepted(one.agreeing(rule), two.agreeing(name)),
        *_framed(one.entries[rule], two.entries[name]),
    }
    kind = "ended" if "ended" in verdicts else next(iter(verdicts)) if len(verdicts) == 1 else "otherwise"
    if not verdicts:
        return Change("renamed", name, two.title(name), was) if was else None
    own, new = one.frame(rule), two.frame(name)
    before = (*one.said(rule), *(text for text in own if text not in new))
    after = (*two.said(name), *(text for text in new if text not in own))
    return Change(kind, name, two.title(name), was, before, after)


def _compared(old: Mapping[tuple[str, str], Facet], new: Mapping[tuple[str, str], Facet]) -> Iterator[str]:
    """Whether demands get stricter or laxer: by the joins of their facets."""
    for key in {*old, *new}:
        one, two = old.get(key), new.get(key)
        if one is None or two is None:
            yield "laxer" if two is None else "stricter"
        elif one != two:
            both = join(one, two)
            yield "stricter" if both == two else "laxer" if both == one else "otherwise"


def _framed(old: Sequence[Rule], new: Sequence[Rule]) -> Iterator[str]:
    """What becomes of the rest of a rule: whom and when it concerns, what follows a failure, where its step stands."""
    one, two = old[0], new[0]
    if (two.until is not None) and two.until != one.until:
        yield "ended"
    elif one.until != two.until or one.since != two.since:
        yield "otherwise"
    if one.when != two.when:
        yield "stricter" if two.when < one.when else "laxer" if one.when < two.when else "otherwise"
    if one.off != two.off:
        yield "laxer" if two.off else "stricter"
    if one.on_failure != two.on_failure:
        ranks = [_rank(rule.on_failure) for rule in (one, two)]
        yield "otherwise" if ranks[0] == ranks[1] else "stricter" if ranks[0] < ranks[1] else "laxer"
    if _rest(one) != _rest(two):
        yield "otherwise"


def _excepted(old: Mapping[Part, Agreeing], new: Mapping[Part, Agreeing]) -> Iterator[str]:
    """What becomes of exceptions from what both ask for."""
    for demand in {*old} & {*new}:
        if old[demand] != new[demand]:
            yield "stricter" if old[demand] < new[demand] else "laxer"


def _rest(rule: Rule) -> tuple[object, ...]:
    return rule.kind, rule.step, rule.stated, rule.scheme, rule.rating, rule.plan


def _rank(failure: OnFailure) -> int:
    return 2 if failure.close else 1 if failure.return_to else 0


def _broken(changes: Sequence[Change]) -> Iterator[str]:
    for one in changes:
        if one.kind == "gone":
            yield f"规则 {one.rule} 没有了。不再要的规则不删，写 until（失效的第一天）；改了标识的，新的写 was。"


def _reused(names: Mapping[str, str], one: _Text, two: _Text) -> Iterator[str]:
    for old, new in names.items():
        before, after = one.entries[old][0], two.entries[new][0]
        if before.kind != after.kind or (one.steps(old) and not one.steps(old) & two.steps(new)):
            yield f"规则 {new} 原来说的是另一件事（{one.title(old)}）。标识不能挪作他用，请换一个新的。"


def _moved(old: Policy, new: Policy) -> Iterator[str]:
    """The steps that both add, at another level or in another stage."""
    before, after = (
        {one.steps[0]: one.step for one in text.rules if one.kind == "add"} for text in (old, new)
    )
    for step in before.keys() & after.keys():
        if (before[step].level, before[step].stage) != (after[step].level, after[step].stage):
            yield (
                f"环节“{before[step].title}”（{step}）换了承办层级或阶段。已经启用的县不能接着执行，请给新的环节另起标识。"
            )


def _blanks(gone: Mapping[str, str], fresh: Mapping[str, str]) -> Iterator[str]:
    for name, title in gone.items():
        if same := [other for other, called in fresh.items() if called == title]:
            yield f"填空 {name} 改成了 {same[0]}。填空的标识不能改，各地填的内容会丢掉。请改回 {name}。"


def _version(old: Policy, new: Policy, changes: Sequence[Change]) -> Iterator[str]:
    if changes and new.version and new.version == old.version:
        yield f"内容变了，version 还是 {new.version}。请提高版本号。"


__all__ = ["Change", "Difference", "difference"]
