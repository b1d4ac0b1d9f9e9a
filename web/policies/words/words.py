"""Chinese titles for whatever a rule can name, also where a plugin is not in force and has no regime to ask."""

from __future__ import annotations

import re
from functools import lru_cache

from dangwu import LEVELS, TAGS, TERMS, Facet, Plugins, Policy, Requirement, StepFacts
from tenants.policies.plugins import installed

_WORD = re.compile(r"\{([^{}]+)\}")


class Words:
    """The titles of steps, levels, tags and terms; national words first, then the policy's own, then anybody's."""

    def __init__(self, plugins: Plugins, own: Policy | None) -> None:
        others = [plugins.policies[name] for name in sorted(plugins.policies)]
        listed = [*plugins.floor.policies, *([own] if own else []), *others]
        self.procedures = plugins.floor.procedures
        self.steps: dict[str, StepFacts] = {}
        self._procedure: dict[str, str] = {}
        self.terms: dict[str, str] = {**LEVELS}
        for policy in listed:
            for word, title in (*policy.terms.items(), *policy.tags.items()):
                self.terms.setdefault(word, title)
            for rule in policy.rules:
                if rule.kind == "add":
                    self.steps.setdefault(rule.steps[0], rule.step)
                    self._procedure.setdefault(rule.steps[0], rule.procedure)
        self.terms = {**TERMS, **TAGS, **self.terms}

    def title(self, word: str) -> str:
        """The title of a word, a step or `a|b|c` (a、b或c); the word itself where nobody declared it."""
        if "|" in word:
            *others, last = (self.title(part) for part in word.split("|"))
            return f"{'、'.join(others)}或{last}"
        step = self.steps.get(word)
        return step.title if step and step.title else self.terms.get(word, word)

    def stage(self, step: str) -> str:
        """The title of a step's stage; "" for a step that nobody adds."""
        one = self.procedures.get(self._procedure.get(step, ""))
        stage = one.stages.get(self.steps[step].stage) if one else None
        return stage.title if stage else ""

    def said(self, text: str) -> str:
        """A requirement's text with the titles put in for its `{words}`."""
        return _WORD.sub(lambda found: self.title(found[1]), text)

    def parts(self, facet: Facet) -> list[tuple[Requirement, str]]:
        """A facet's requirements, each with its sentence (no full stop)."""
        return [(part, self.said(part.text)) for part in facet.describe()]


def words(own: Policy | None = None) -> Words:
    """The words of the installed plugins, those of `own` before others' of the same name."""
    return _words(installed(), own.id if own else "")


@lru_cache(maxsize=64)
def _words(plugins: Plugins, own: str) -> Words:
    return Words(plugins, plugins.policies.get(own))
