"""A rating scheme as it holds on a day: all that the rules in force say of it as one.

Schemes of one id join as facets do; schemes of different ids stand side by side and are never added. Nothing that another plugin
says makes a round easier: an exemption holds only where every plugin that gives the scheme its scale, or speaks of
exemptions, has it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction

import msgspec

from dangwu.errors import ConflictError
from dangwu.facets.base import Facet
from dangwu.facets.held import joined
from dangwu.policy.policy import OnFailure
from dangwu.policy.rating import RATED, UNITS, Part, Rating, Round, ceiling, forced
from dangwu.regime.adoption import Bound
from dangwu.regime.effective import StepRules
from dangwu.regime.origins import Origin
from dangwu.values.days import month_day
from dangwu.values.vocabulary import rank

Due = tuple[int, int, int]
"""(0 for the rating year itself, 1 for the year after, month, day); 31 is the last of whatever month."""
_MONTHS = {"year": 12, "half-year": 6, "quarter": 3, "month": 1}
"""Of rounds that follow the calendar: how many months each takes."""


class Acting(msgspec.Struct, frozen=True):
    """Who proposes or decides, and what is asked for then."""

    level: str
    facets: Mapping[str, Facet]


class Scheme(msgspec.Struct, frozen=True, kw_only=True):
    """`scale` lowest first; `items` as the rules have them;
    `due`: the last days of the rounds of a year; `exempt`: sets of tags; `pending`: (tags, paper)."""

    id: str
    title: str
    of: str
    level: str = ""
    """Whose units it rates; empty for one of people."""
    having: frozenset[str] = frozenset()
    """The tags of those whom it rates: who has not all of them does not take part."""
    scale: tuple[str, ...]
    items: tuple[str, ...] = ()
    due: tuple[Due, ...] = ()
    propose: Acting | None = None
    decide: Acting | None = None
    exempt: frozenset[frozenset[str]] = frozenset()
    pending: frozenset[tuple[frozenset[str], str]] = frozenset()
    share: Mapping[str, Fraction] = msgspec.field(default_factory=dict)
    follows: Mapping[str, tuple[str, ...]] = msgspec.field(default_factory=dict)
    ungraded: frozenset[str] = frozenset()
    formal: bool = False
    blanks: tuple[str, ...] = ()
    """The titles of what is not filled in yet: shown wherever the scheme is."""
    rules: Mapping[str, tuple[str, ...]] = msgspec.field(default_factory=dict)
    """By part (`scale`, `items`, `decide`, `decide.notice`, `follows.one-star` …) the rules that say it."""

    @property
    def rates(self) -> tuple[str, ...]:
        """The memberships of those whom it rates; none of a scheme of units."""
        return RATED.get(self.of, ())

    def rules_of(self, *parts: str) -> tuple[str, ...]:
        """The rules behind these parts, those of the scale where none says them."""
        found = sorted({rule for part in parts for rule in self.rules.get(part, ())})
        return tuple(found) or self.rules.get("scale", ())

    def asked(self, act: str, day: date) -> StepRules:
        """What an act (propose, decide, announce …) asks for, as a step asks for it: forms and sentences read this."""
        acting = {"propose": self.propose, "decide": self.decide, "announce": self.decide}.get(act)
        part = "propose" if act == "propose" else "decide"
        facets = {
            name: facet
            for name, facet in (acting.facets if acting else {}).items()
            if bool(facet.clocks) == (act == "announce")
        }
        rules = self.rules_of(part)
        origins: dict[Origin, tuple[str, ...]] = {
            (name, one.param, one.key): self.rules_of(f"{part}.{name}")
            for name, facet in facets.items()
            for one in facet.describe()
        }
        level = acting.level if acting else "branch"
        return StepRules(
            id=f"{self.id}.{act}", title=self.title, stage="", level=level, day=day, facets=facets,
            origins=origins, absorbed=(), rules=rules, attaining=rules, on_failure=OnFailure(), records=True,
        )  # fmt: skip


Said = tuple[Bound, Rating]


def schemes(said: Iterable[Said]) -> dict[str, Scheme]:
    """The schemes that these rules make up, by id; one that nobody gives a scale is none.

    Raises ConflictError where two give one scheme different scales, or where their ceilings together force low grades.
    """
    by_id: dict[str, list[Said]] = {}
    for one in said:
        by_id.setdefault(one[0].rule.scheme, []).append(one)
    found = {}
    for name, listed in sorted(by_id.items()):
        ordered = sorted(listed, key=lambda one: (not one[0].floor, one[0].rule.id))
        if any(rating.scale for _, rating in ordered):
            found[name] = _joined(name, ordered)
    return found


def _joined(name: str, said: Sequence[Said]) -> Scheme:
    giving = [one for one in said if one[1].scale]
    _agree(giving)
    first, scheme = giving[0]
    share: dict[str, Fraction] = {}
    follows: dict[str, set[str]] = {}
    for _, rating in said:
        for grade, text in rating.share.items():
            value = ceiling(text)
            if value is not None:
                share[grade] = min(value, share.get(grade, value))
        for grade, what in rating.follows.items():
            follows.setdefault(grade, set()).add(what)
    _unforced(scheme.scale, share, [one for one in said if one[1].share])
    return Scheme(
        id=name,
        title=first.rule.title or name,
        of=scheme.of,
        level=_level(scheme),
        having=frozenset(scheme.having),
        scale=scheme.scale,
        items=tuple(dict.fromkeys(item for _, rating in said for item in rating.items)),
        due=_due([rating.round for _, rating in said if rating.round is not None]),
        **_levels(said),
        exempt=_exempt(said),
        pending=frozenset(
            (frozenset(rating.pending.when), rating.pending.until) for _, rating in said if rating.pending
        ),
        share={grade: share[grade] for grade in scheme.scale if grade in share},
        follows={grade: tuple(sorted(follows[grade])) for grade in scheme.scale if grade in follows},
        ungraded=frozenset(one for _, rating in said for one in rating.ungraded),
        formal=any(rating.formal for _, rating in said),
        blanks=tuple(
            sorted({one.policy.blanks[blank].title for one, _ in said for blank in one.open_blanks})
        ),
        rules=_rules(said),
    )


def _agree(giving: Sequence[Said]) -> None:
    first, scheme = giving[0]
    problems = [
        f"规则 {first.rule.id} 与规则 {other.rule.id} 给评级方案“{first.rule.scheme}”定的等次或评定对象不同，"
        "不能同时启用。请停用其中一条，或由插件作者换用不同的方案标识。"
        for other, rating in giving[1:]
        if _of_whom(rating) != _of_whom(scheme)
    ]
    if problems:
        raise ConflictError(problems)


def _of_whom(rating: Rating) -> tuple[object, ...]:
    return rating.of, _level(rating), frozenset(rating.having), rating.scale


def _level(rating: Rating) -> str:
    """Whose units a rule rates: branches, where it does not say."""
    return (rating.level or UNITS[0]) if rating.of == "units" else ""


def _unforced(scale: tuple[str, ...], share: Mapping[str, Fraction], said: Sequence[Said]) -> None:
    if rest := forced(scale, share):
        rules = "、".join(one.rule.id for one, _ in said)
        raise ConflictError(
            [
                f"规则 {rules} 的比例上限加起来，至少有 {rest} 的人只能评为较低的等次，这是按比例定人的等次，"
                "不能同时启用。请停用其中一条。"
            ]
        )


def _acting(where: str, said: Sequence[tuple[Bound, Part]]) -> Acting | None:
    """The highest level of those named, all that is asked for."""
    if not said:
        return None
    facets: dict[str, Facet] = {}
    for one, part in said:
        for name in part.raw():
            facet = one.rated[f"{where}.{name}"]
            facets[name] = joined(facets[name], facet) if name in facets else facet
    level = max((part.level for _, part in said), key=lambda name: (rank(name), name))
    return Acting(level, facets)


def _levels(said: Sequence[Said]) -> dict[str, Acting | None]:
    """Who proposes and who decides: never below, though two practices name a level each."""
    propose, decide = (
        _acting(part, [(one, each) for one, rating in said if (each := getattr(rating, part))])
        for part in ("propose", "decide")
    )
    if propose is not None and decide is not None and rank(decide.level) < rank(propose.level):
        decide = Acting(propose.level, decide.facets)
    return {"propose": propose, "decide": decide}


def _due(rounds: Sequence[Round]) -> tuple[Due, ...]:
    """Of several the one with the most rounds a year; of those the earliest days."""
    listed = [tuple(_days(one.by) if one.by else _ends(_MONTHS[one.per])) for one in rounds]
    return min(listed, key=lambda one: (-len(one), one)) if listed else ()


def _ends(months: int) -> Iterator[Due]:
    return ((0, month, 31) for month in range(months, 13, months))


def _days(by: Sequence[str]) -> Iterator[Due]:
    year, before = 0, (0, 0)
    for text in by:
        found = month_day(text)
        assert found is not None, "the loader lets no other day through"
        year += found <= before
        before = found
        yield (year, *found)


def _exempt(said: Sequence[Said]) -> frozenset[frozenset[str]]:
    by_plugin: dict[str, set[frozenset[str]]] = {}
    for one, rating in said:
        if rating.scale or rating.exempt:
            by_plugin.setdefault(one.rule.plugin, set())
        if rating.exempt:
            by_plugin[one.rule.plugin].add(frozenset(rating.exempt.when))
    return frozenset.intersection(*(frozenset(one) for one in by_plugin.values()))


def _rules(said: Sequence[Said]) -> dict[str, tuple[str, ...]]:
    found: dict[str, set[str]] = {}
    for one, rating in said:
        for part in (*rating.said, *one.rated, *(f"follows.{grade}" for grade in rating.follows)):
            found.setdefault(part, set()).add(one.rule.id)
    return {part: tuple(sorted(ids)) for part, ids in sorted(found.items())}


__all__ = ["Acting", "Due", "Scheme", "schemes"]
