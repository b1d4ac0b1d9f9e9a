"""Chinese titles for whatever a rule can name, also where a plugin is not in force and has no regime to ask."""

from __future__ import annotations

from functools import lru_cache

from dangwu import Plugins, Policy, Titles
from tenants.policies.plugins import installed


class Words(Titles):
    """The titles that policies give, in force or not: the floor's first, then the policy's own, then anybody's."""

    def __init__(self, plugins: Plugins, own: Policy | None) -> None:
        others = [plugins.policies[name] for name in sorted(plugins.policies)]
        listed = [*plugins.floor.policies, *([own] if own else []), *others]
        named = Titles.among(listed)
        super().__init__(named.steps, named.terms)
        self.procedures = plugins.floor.procedures
        self._procedure: dict[str, str] = {}
        for rule in (rule for policy in listed for rule in policy.rules if rule.kind == "add"):
            self._procedure.setdefault(rule.steps[0], rule.procedure)

    def stage(self, step: str) -> str:
        """The title of a step's stage; "" for a step that nobody adds."""
        one = self.procedures.get(self._procedure.get(step, ""))
        stage = one.stages.get(self.steps[step].stage) if one else None
        return stage.title if stage else ""


def words(own: Policy | None = None) -> Words:
    """The words of the installed plugins, those of `own` before others' of the same name."""
    return _words(installed(), own.id if own else "")


@lru_cache(maxsize=64)
def _words(plugins: Plugins, own: str) -> Words:
    return Words(plugins, plugins.policies.get(own))
