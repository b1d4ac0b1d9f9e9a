"""What holds at a unit on a day: the steps by stage, every parameter with who set it and who was absorbed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import msgspec

from dangwu import (
    FACETS,
    Bound,
    Citation,
    OnFailure,
    Policy,
    Regime,
    Rule,
    StepRules,
    explain,
    ruling,
    titles,
)
from web.kit.cite import address
from web.policies.words.said import absorbed_words, document
from web.policies.words.words import Words, words


class Origin(msgspec.Struct, frozen=True):
    """A rule that sets something, and where it comes from: a citation with its place on the pages of policies."""

    id: str
    plugin: str
    policy: str
    title: str
    source: str
    short: str
    clause: str
    marks: tuple[str, ...]
    href: str


class Demand(msgspec.Struct, frozen=True):
    """One requirement with the rules that attain it. `advisory`: a warning only."""

    text: str
    advisory: bool
    origins: tuple[Origin, ...]


class FacetView(msgspec.Struct, frozen=True):
    """The requirements of one kind."""

    name: str
    title: str
    parts: tuple[Demand, ...]

    def together(self) -> list[tuple[list[str], bool, tuple[Origin, ...]]]:
        """(texts, advisory, rules): what the same rules ask for, in one go."""
        found: dict[tuple[bool, tuple[str, ...]], tuple[list[str], bool, tuple[Origin, ...]]] = {}
        for part in self.parts:
            key = part.advisory, tuple(origin.id for origin in part.origins)
            found.setdefault(key, ([], part.advisory, part.origins))[0].append(part.text)
        return list(found.values())


class AbsorbedView(msgspec.Struct, frozen=True):
    """A rule that asks for no more than others do."""

    origin: Origin
    text: str


class StepView(msgspec.Struct, frozen=True):
    """One step as it holds. `number` counts from 1; `inserted_by`: the rules of local policies that bring it in."""

    id: str
    number: int
    title: str
    level: str
    inserted_by: tuple[Origin, ...]
    facets: tuple[FacetView, ...]
    failure: Demand | None
    absorbed: tuple[AbsorbedView, ...]
    blanks: tuple[str, ...]


class StageView(msgspec.Struct, frozen=True):
    """A stage with its steps."""

    id: str
    title: str
    steps: tuple[StepView, ...]


class EffectiveView:
    """Reads a regime on a day for somebody with these tags."""

    def __init__(
        self, regime: Regime, day: date, tags: frozenset[str], unit: str = "", procedure: str = ""
    ) -> None:
        self.regime, self.day, self.tags, self.unit = regime, day, tags, unit
        self.plan = regime.plan(procedure)
        self.steps: Mapping[str, StepRules] = regime.on(day, tags, procedure).steps
        self.words: Words = words()
        self._held = [one for one in regime.bound if one.holds(day, tags)]

    def stages(self) -> list[StageView]:
        """The stages in order, each with its steps in order; empty stages are left out."""
        views = {
            step: self._step(rules, number) for number, (step, rules) in enumerate(self.steps.items(), 1)
        }
        found = []
        for stage, title in self.plan.stages.items():
            steps = tuple(views[step] for step, rules in self.steps.items() if rules.stage == stage)
            if steps:
                found.append(StageView(stage, title, steps))
        return found

    def tag_options(self) -> list[tuple[str, str]]:
        """The tags that make a difference under this regime, with their titles."""
        return sorted(
            ((tag, explain.title(self.regime, tag)) for tag in self.plan.relevant), key=lambda pair: pair[1]
        )

    def documents(self) -> list[str]:
        """The documents behind all of it, national ones first, with number, publisher and year."""
        found: dict[tuple[str, str], Policy] = {}
        for one in sorted(self._held, key=lambda held: not held.floor):
            if any(step in self.steps for step in one.rule.steps):
                found.setdefault((one.rule.plugin, one.rule.cite.source), one.policy)
        return [_document(policy, source) for (_, source), policy in found.items()]

    def _step(self, rules: StepRules, number: int) -> StepView:
        step = self.plan.by_id[rules.id]
        mine = [one for one in self._held if rules.id in one.rule.steps]
        inserted = [one.rule.id for one in mine if one.rule.kind == "add" and not one.floor]
        return StepView(
            id=rules.id,
            number=number,
            title=rules.title,
            level=titles.level(rules.level),
            inserted_by=() if step.floor else tuple(self.origin(rule) for rule in dict.fromkeys(inserted)),
            facets=tuple(self._facets(rules)),
            failure=self._failure(rules),
            absorbed=tuple(self._absorbed(rules, mine)),
            blanks=tuple(self._blanks(mine)),
        )

    def _failure(self, rules: StepRules) -> Demand | None:
        """What follows when the step is not passed, and who says so; None where it can simply be done again."""
        if rules.on_failure == OnFailure():
            return None
        origins = tuple(self.origin(rule) for rule in explain.failing(self.regime, rules))
        return Demand(ruling.on_failure(rules.on_failure, self.words), False, origins)

    def _facets(self, rules: StepRules) -> Iterable[FacetView]:
        parts: dict[str, list[Demand]] = {}
        for line in explain.requirements(self.regime, rules):
            # A line without a rule only explains another one; it goes with it.
            origins = tuple(origin(cited, self.unit) for cited in line.citations)
            parts.setdefault(line.facet, []).append(Demand(line.text, line.advisory, origins))
        for name, listed in parts.items():
            yield FacetView(name, FACETS[name].title, tuple(listed))

    def _absorbed(self, rules: StepRules, mine: Sequence[Bound]) -> Iterable[AbsorbedView]:
        for one in rules.absorbed:
            own = next((held for held in mine if held.rule.id == one.rule and one.facet in held.facets), None)
            if own is not None:
                text = absorbed_words(self.regime, rules, one, own.facets[one.facet], self.words)
                yield AbsorbedView(self.origin(one.rule, own.rule), text)

    def _blanks(self, mine: Sequence[Bound]) -> Iterable[str]:
        """Titles of the blanks that rules on this step still wait for."""
        names = dict.fromkeys(f"{one.rule.plugin}.{blank}" for one in mine for blank in one.rule.blanks)
        return (self.regime.open_blanks[name].title for name in names if name in self.regime.open_blanks)

    def origin(self, rule_id: str, entry: Rule | None = None) -> Origin:
        """Where a rule comes from; `entry` is the very entry meant, where several share the id."""
        return origin(explain.citation(self.regime, rule_id, entry), self.unit)


def origin(cited: Citation, unit: str) -> Origin:
    """A citation with the address of its line on the plugin's page, in the setting of the unit of this id."""
    return Origin(
        id=cited.rule,
        plugin=cited.plugin,
        policy=cited.policy,
        title=cited.title or cited.rule,
        source=f"《{cited.document}》",
        short=document(cited.document),
        clause=cited.clause,
        marks=cited.marks,
        href=address(cited.plugin, cited.rule, unit),
    )


def _document(policy: Policy, source_id: str) -> str:
    source = policy.sources[source_id]
    details = [
        text for text in (source.number, source.publisher, f"{source.year} 年" if source.year else "") if text
    ]
    return f"《{source.title}》" + (f"（{'，'.join(details)}）" if details else "") + f" — {policy.title}"
