"""A rule about a yearly plan: who draws it up, by when, what it says, who agrees to it, to whom it is reported."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from dangwu.values.lattice import DOWN, OR, UNION
from dangwu.values.vocabulary import LEVELS, rank
from dangwu.values.word import Level, PlanId, Receiver, Tag

MonthDay = Annotated[str, Meta(pattern=r"^(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$(?!\n)")]
"""A day of the year: 01-31."""
Said = Annotated[str, Meta(pattern=r"\S", max_length=200)]


class Asks(msgspec.Struct, frozen=True, kw_only=True):
    """What a rule asks of a plan; each part joins, so that the order of rules never matters.

    `focus` says whom to think of; `figures` are targets in words (女性不少于 40%). Both stand in the plan for people to read,
    nobody is refused by them. `no_figures`: there shall be none; beside any, a conflict that people settle (regime/yearly.py).
    """

    owes: Annotated[frozenset[Level], UNION, Meta(title="制定计划")] = frozenset()
    by: Annotated[MonthDay | None, DOWN, Meta(title="最迟报送")] = None
    approves: Annotated[frozenset[Level], UNION, Meta(title="批准计划")] = frozenset()
    told: Annotated[frozenset[Receiver], UNION, Meta(title="报备")] = frozenset()
    kinds: Annotated[frozenset[Tag], UNION, Meta(title="数量分列")] = frozenset()
    named: Annotated[bool, OR, Meta(title="写明人选")] = False
    guidance: Annotated[bool, OR, Meta(title="先有县委组织部的年度指导意见")] = False
    focus: Annotated[frozenset[Said], UNION, Meta(title="导向")] = frozenset()
    figures: Annotated[frozenset[Said], UNION, Meta(title="硬指标")] = frozenset()
    no_figures: Annotated[bool, OR, Meta(title="结构只作导向，不设硬指标")] = False


class PlanRule(msgspec.Struct, frozen=True):
    """What a rule says of the plan of that name."""

    plan: PlanId
    asks: Asks

    def wrong(self) -> str:
        """What does not make sense, as a clause; empty if it does."""
        asks = self.asks
        if asks.figures and asks.no_figures:
            return "同一条规则既写了 figures（硬指标），又写了 no_figures（不设硬指标）"
        for key, listed in (("consent（批准计划的层级）", asks.approves), ("filing（报备）", asks.told)):
            if any(one in LEVELS and rank(one) <= rank(level) for one in listed for level in asks.owes):
                return f"{key}不高于 owes（制定计划的层级），批准、报备都是向上级。请改为上级"
        return ""


class Owes(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """As a rule writes it: who draws it up."""

    level: Level


class Demand(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """As a rule writes it: by which day of the year."""

    by: Annotated[tuple[MonthDay, ...], Meta(min_length=1, max_length=1)]


class Levels(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """As a rule writes it: levels that agree."""

    levels: Annotated[frozenset[Level], Meta(min_length=1)]


class Receivers(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """As a rule writes it: who is told."""

    levels: Annotated[frozenset[Receiver], Meta(min_length=1)]


class Wording(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """As a rule writes it: the plan's own keys, beside `plan` and `gates`."""

    owes: Owes | None = None
    demand: Demand | None = None
    approves: Levels | None = msgspec.field(default=None, name="consent")
    told: Receivers | None = msgspec.field(default=None, name="filing")
    kinds: frozenset[Tag] = frozenset()
    named: bool = False
    guidance: bool = False
    focus: frozenset[Said] = frozenset()
    figures: frozenset[Said] = frozenset()
    no_figures: bool = False

    def rule(self, plan: str) -> PlanRule:
        """The same as parts that join."""
        asks = Asks(
            owes=frozenset({self.owes.level}) if self.owes else frozenset(),
            by=self.demand.by[0] if self.demand else None,
            approves=self.approves.levels if self.approves else frozenset(),
            told=self.told.levels if self.told else frozenset(),
            kinds=self.kinds,
            named=self.named,
            guidance=self.guidance,
            focus=self.focus,
            figures=self.figures,
            no_figures=self.no_figures,
        )
        return PlanRule(plan, asks)


KEYS = ("gates", *Wording.__struct_encode_fields__)
"""The keys of a rule about a plan, beside those that every rule has."""
