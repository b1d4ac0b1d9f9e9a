"""Whether rehearsals notice the changes of a policy."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Literal, NamedTuple

from dangwu.author.altering.alike import adopted, alike
from dangwu.author.altering.change import Change, changes
from dangwu.author.coverage import unnoticed
from dangwu.errors import DangwuError
from dangwu.plugins.plugins import Plugins
from dangwu.policy.blanks import blanks_in
from dangwu.policy.floor import Floor
from dangwu.policy.load import load_policy
from dangwu.policy.policy import Policy, Rule
from dangwu.regime.regime import Regime
from dangwu.shapes.short import Plain
from dangwu.text.reader import read

MOST = 5000
"""So many changes of one policy the command tries: the rest is left, and said."""
Verdict = Literal["noticed", "same", "unnoticed"]
"""Some rehearsal notices; nothing comes of it beside the floor and the other rules; neither."""


class Tried(NamedTuple):
    """A change and what came of it."""

    change: Change
    verdict: Verdict


class Trial:
    """The changes of one policy, of `plugins`, held against rehearsals (by name)."""

    def __init__(self, plugins: Plugins, policy: Policy, texts: Mapping[str, str]) -> None:
        self.plugins, self.policy, self.texts = plugins, policy, texts
        self.regime = plugins.compose(adopted(policy))

    def changes(self) -> Iterator[Change]:
        """All that could be tried, those too that the loader refuses."""
        raw = read(self.plugins.texts[self.policy.id], self.policy.id)
        return changes(raw, self.policy, self.regime)

    def run(self, most: int | None = None, every: int = 1) -> Iterator[Tried]:
        """Try up to so many, or every so manieth of these. One that cannot be loaded is none, as the loader holds that value; nor
        is one that says the same as the policy or as the one before it (`false`, and nothing)."""
        before = self.policy
        for one in islice(self.changes(), 0, most, every):
            changed = self._loaded(one.whole)
            if changed is not None and changed[0] not in (self.policy, before):
                yield Tried(one, self._verdict(one, *changed))
                before = changed[0]

    def _loaded(self, whole: Plain) -> tuple[Policy, Plugins] | None:
        floor = self.policy.floor
        try:
            policy = load_policy(whole, ground=Floor() if floor else self.plugins.floor, floor=floor)
            return policy, self.plugins.with_policy(policy)
        except DangwuError:
            return None

    def _verdict(self, change: Change, policy: Policy, plugins: Plugins) -> Verdict:
        if not unnoticed(plugins, self._touching(change.named)):
            return "noticed"
        rules = [
            one
            for each in (self.policy, policy)
            for one in each.rules
            if (one.id, one.line) == (change.rule, change.line)
        ]
        return "same" if self._same(rules, plugins.compose(adopted(policy))) else "unnoticed"

    def _same(self, rules: Iterable[Rule], changed: Regime) -> bool:
        """Nothing is known of what a blank will say."""
        listed = [*rules]
        filled = not any(blanks_in([[one.facets, one.stated, one.rating] for one in listed]))
        return bool(listed) and filled and alike(self.regime, changed, listed)

    def _touching(self, named: tuple[str, ...]) -> list[tuple[str, str]]:
        """The rehearsals that speak of the rule, first those that name it; all, where none does."""
        found = {
            name: None for word in named for name, text in self.texts.items() if _word(word).search(text)
        }
        return [(name, self.texts[name]) for name in found or self.texts]


def _word(text: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w.-]){re.escape(text)}(?![\w-])")
