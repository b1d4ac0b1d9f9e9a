"""A plugin as a document: step by step what each of its rules requires, where it comes from, and what becomes of it here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from core.aside import aside
from dangwu import Facet, Policy, PolicyError, Regime, Rule, StepRules, bind, ruling, titles
from web.kit.cite import anchor
from web.policies.plugin.lines import BlankMark, Reference, RuleLine, StepGroup
from web.policies.words.said import absorbed_words
from web.policies.words.words import words

MANY = 4
"""An entry on more steps than this stands in front of the steps, once."""
SEVERAL = "*"
APART = {SEVERAL: "适用于多个环节的规定", "": "会议、职责、评级等不属于某一环节的规定"}
"""The groups of such entries, and of those about no step."""


class Document:
    """Reads one policy against the regime in which it is, or would be, in force (None: they cannot be combined)."""

    def __init__(self, policy: Policy, regime: Regime | None, day: date, fill: Mapping[str, object]) -> None:
        self.policy, self.regime, self.day, self.fill = policy, regime, day, fill
        self.words = words(policy)
        self.floor = policy.floor
        self._seen: set[str] = set()
        self._places: Counter[str] = Counter()
        self._effective: dict[frozenset[str], Mapping[str, StepRules]] = {}

    async def read(self) -> list[StepGroup]:
        """Its groups; made aside where plugins' own code tells what a rule requires."""
        return await aside([self.regime] if self.regime is not None else [], self.groups)

    def groups(self) -> list[StepGroup]:
        """The rules by step in the order of the procedure; those of many steps, and of none, first."""
        order = self._order()
        rules = [
            (rule, sorted(rule.steps, key=lambda step: order.get(step, len(order))))
            for rule in self.policy.rules
        ]
        by_step: dict[str, list[tuple[Rule, bool]]] = {}
        for rule, steps in rules:
            home = steps[0] if 0 < len(steps) <= MANY else SEVERAL if steps else ""
            by_step.setdefault(home, []).append((rule, True))
            for step in steps[1:] if home in steps else ():
                by_step.setdefault(step, []).append((rule, False))
        last = len(order)
        apart = {SEVERAL: -1, "": last + 1}
        shown = sorted(by_step, key=lambda step: apart.get(step, order.get(step, last)))
        return [self._group(step, by_step[step]) for step in shown]

    def _order(self) -> dict[str, int]:
        if self.regime is not None:
            steps = (
                step.id for name in self.regime.floor.procedures for step in self.regime.plan(name).steps
            )
            return {step: number for number, step in enumerate(steps)}
        return {step: number for number, step in enumerate(self.words.steps)}

    def _group(self, step: str, rules: Sequence[tuple[Rule, bool]]) -> StepGroup:
        facts = self.words.steps.get(step)
        opener = next((rule for rule, _ in rules if rule.kind == "add" and not self.floor), None)
        return StepGroup(
            id=step,
            title=APART.get(step) or self.words.title(step),
            stage=self.words.stage(step),
            level=titles.level(facts.level) if facts else "",
            inserted=opener is not None,
            lines=tuple(self._line(rule, rule is opener) for rule, at_home in rules if at_home),
            also=tuple(
                Reference(_anchor(rule), ruling.title(rule)) for rule, at_home in rules if not at_home
            ),
        )

    def _line(self, rule: Rule, opener: bool) -> RuleLine:
        source = self.policy.sources[rule.cite.source]
        first = rule.id not in self._seen
        self._seen.add(rule.id)
        facets = self._facets(rule)
        return RuleLine(
            id=rule.id,
            anchor=self._place(_anchor(rule)),
            title=ruling.title(rule),
            steps=tuple(self.words.title(step) for step in rule.steps) if len(rule.steps) > 1 else (),
            requires=tuple(self._requires(rule, facets, opener)),
            note=rule.note,
            source=f"《{source.title}》" + (f"（{source.number}）" if source.number else ""),
            clause=rule.cite.clause,
            url=source.url,
            marks=ruling.marks(rule),
            when=tuple(sorted(self.words.title(tag) for tag in rule.when)),
            off=rule.off,
            since=rule.since,
            until=rule.until,
            expired=rule.until is not None and rule.until <= self.day,
            blanks=tuple(
                BlankMark(name, self.policy.blanks[name].title, name not in self.fill) for name in rule.blanks
            ),
            absorbed=tuple(dict.fromkeys(self._absorbed(rule, facets))),
            idle=self._idle(rule),
            first=first,
        )

    def _place(self, anchor: str) -> str:
        """An address of its own for each line: what several levels owe is one entry, said once for each."""
        self._places[anchor] += 1
        return anchor if self._places[anchor] == 1 else f"{anchor}-{self._places[anchor]}"

    def _facets(self, rule: Rule) -> dict[str, Facet]:
        try:
            return bind(rule, self.fill)
        except PolicyError:
            # Wrongly filled: the form says so beside the input; here the rule stands without it.
            return bind(rule, {})

    def _requires(self, rule: Rule, facets: Mapping[str, Facet], opener: bool) -> Iterable[str]:
        if not self.floor:
            yield from ruling.place(rule, self.words, opener=opener)
        yield from ruling.requires(rule, facets, self.words)

    def _steps(self, tags: frozenset[str]) -> Mapping[str, StepRules]:
        if self.regime is None:
            return {}
        if tags not in self._effective:
            found = (self.regime.on(self.day, tags, name).steps for name in self.regime.floor.procedures)
            self._effective[tags] = {step: rules for steps in found for step, rules in steps.items()}
        return self._effective[tags]

    def _idle(self, rule: Rule) -> bool:
        """Whether nobody has inserted any of the steps that the rule is about."""
        if self.regime is None or not rule.steps or rule.id not in self.regime.rules:
            return False
        return not any(step in self._steps(rule.when) for step in rule.steps)

    def _absorbed(self, rule: Rule, facets: Mapping[str, Facet]) -> Iterable[str]:
        for step in rule.steps:
            found = self._steps(rule.when).get(step)
            for one in found.absorbed if found else ():
                if self.regime and found and one.rule == rule.id and one.facet in facets:
                    said = absorbed_words(self.regime, found, one, facets[one.facet], self.words)
                    yield f"（{found.title}）{said}" if len(rule.steps) > 1 else said


def _anchor(rule: Rule) -> str:
    return f"{anchor(rule.id)}-{rule.line}"
