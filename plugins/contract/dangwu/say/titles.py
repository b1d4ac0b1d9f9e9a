"""One word, one title: what words, steps, levels, states are called in Chinese, wherever they are shown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Protocol

from dangwu.facets.base import Facet
from dangwu.facets.finding import Requirement
from dangwu.facets.registry import FACETS, reason_titles
from dangwu.policy.policy import Policy, StepFacts
from dangwu.policy.rating import RATEES, UNITS
from dangwu.ratings.marks import TITLES as RATING_ACTS
from dangwu.ratings.progress import STATES as RATING_STATES
from dangwu.regime.regime import Regime
from dangwu.shapes.clauses import field_titles
from dangwu.values.families import FAMILIES, FAMILY_TITLES
from dangwu.values.vocabulary import LEVELS, TAGS, TERMS

SHORT_LEVELS = {"branch": "支部", "general-branch": "总支", "committee": "党委", "department": "组织部"}
"""The levels of organisations where there is little room, lowest first."""

STATES = {
    "done": "已办", "waived": "免办", "open": "可以办理", "waiting": "等待期满", "failed": "未通过", "blocked": "尚不能办",
}  # fmt: skip
"""The states of a step."""

STATUSES = {"running": "正在办理", "completed": "已经办结", "closed": "已经终止"}
"""How a case as a whole stands."""

_NO_FACETS = {
    "step.record": "尚未记录",
    "check.error": "插件检查出错",
    "check.changed": "插件的检查程序已更换，待确认",
}
"""Reasons that are no facet's, in a few words."""

_WORD = re.compile(r"\{([^{}]+)\}")


class Shown(Protocol):
    """A step, as far as it is shown."""

    @property
    def title(self) -> str:
        """Empty for one that has none."""

    @property
    def stage(self) -> str:
        """The id of its stage."""

    @property
    def level(self) -> str:
        """The level that acts."""


class Titles:
    """The titles of steps and of words; `of` a regime, or of policies that need not be in force anywhere."""

    def __init__(self, steps: Mapping[str, Shown], terms: Mapping[str, str]) -> None:
        self.steps, self.terms = steps, terms

    @classmethod
    def of(cls, regime: Regime) -> Titles:
        """What the policies in force at a unit say."""
        return cls(regime.steps, regime.terms)

    @classmethod
    def among(cls, policies: Iterable[Policy]) -> Titles:
        """What these policies say, the first before the others where several name one word."""
        steps: dict[str, StepFacts] = {}
        terms = {**LEVELS}
        for policy in policies:
            for word, title in (*policy.terms.items(), *policy.tags.items()):
                terms.setdefault(word, title)
            for rule in policy.rules:
                if rule.kind == "add":
                    steps.setdefault(rule.steps[0], rule.step)
        return cls(steps, {**FAMILY_TITLES, **TERMS, **TAGS, **terms})

    def title(self, word: str) -> str:
        """The title of a word, a step or `a|b|c` (a、b或c); the word itself where nobody declared it."""
        if "|" in word:
            *others, last = (self.title(part) for part in word.split("|"))
            return f"{'、'.join(others)}或{last}"
        step = self.steps.get(word)
        return step.title if step is not None and step.title else self.terms.get(word, word)

    def said(self, text: str) -> str:
        """A text with the titles put in for its `{words}`."""
        return _WORD.sub(lambda found: self.title(found[1]), text)

    def parts(self, facet: Facet) -> list[tuple[Requirement, str]]:
        """A facet's requirements, each with its sentence (no full stop)."""
        return [(part, self.said(part.text)) for part in facet.describe()]


def family(name: str) -> str:
    """The title of a family of duties: a namespace of its own, a policy's word may have the same id."""
    return FAMILIES[name].title if name in FAMILIES else name


def reasons() -> dict[str, str]:
    """By code, in a few words, every reason for which a case can stand still."""
    return {**reason_titles(), **_NO_FACETS}


def reason(code: str) -> str:
    """A few words for a finding's code; one that a plugin brings is named after its facet."""
    facet, _, why = code.partition(".")
    kind = FACETS.get(facet)
    return kind.titles.get(why, f"{kind.title}未满足") if kind is not None else _NO_FACETS.get(code, code)


def demand(name: str) -> str:
    """The title of one demand, `facet.parameter`: 培训的培训学时; one of no facet that is known is called as it is."""
    facet, _, param = name.partition(".")
    kind = FACETS.get(facet)
    if kind is None:
        return name.rstrip(".")
    title = dict(field_titles(kind)).get(param, param)
    return title if kind.title in title else f"{kind.title}{title and '的'}{title}"


def level(name: str) -> str:
    """The title of a level; one that only a plugin knows is called as it is."""
    return LEVELS.get(name, name)


def excepted(by: str) -> str:
    """That a demand need not bind everybody, beside what it says: who can agree to it."""
    return f"（个别特殊情况，经{level(by)}事先书面同意的除外）"


def ratees(of: str, of_level: str) -> str:
    """What a scheme rates: of units their level."""
    return level(of_level or UNITS[0]) if of == "units" else RATEES[of]


__all__ = [
    "RATING_ACTS",
    "RATING_STATES",
    "SHORT_LEVELS",
    "STATES",
    "STATUSES",
    "Titles",
    "demand",
    "excepted",
    "family",
    "level",
    "ratees",
    "reason",
    "reasons",
]
