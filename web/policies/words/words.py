"""Chinese titles for whatever a rule can name, also where a plugin is not in force and has no regime to ask."""

from __future__ import annotations

from functools import lru_cache

from dangwu import Policy, Titles
from tenants.policies.plugins import installed
from tenants.policies.shelf import everything, read


class Words(Titles):
    """The titles that policies give, in force or not: the floor's first, then the policy's own, then anybody's."""

    def __init__(self, own: Policy | None) -> None:
        floor = installed().floor
        others = [one for one in everything() if not one.floor]
        listed = [*floor.policies, *([own] if own else []), *others]
        named = Titles.among(listed)
        super().__init__(named.steps, named.terms)
        self.procedures = floor.procedures
        self._procedure: dict[str, str] = {}
        for rule in (rule for policy in listed for rule in policy.rules if rule.kind == "add"):
            self._procedure.setdefault(rule.steps[0], rule.procedure)

    def stage(self, step: str) -> str:
        """The title of a step's stage; "" for a step that nobody adds."""
        one = self.procedures.get(self._procedure.get(step, ""))
        stage = one.stages.get(self.steps[step].stage) if one else None
        return stage.title if stage else ""


def words(own: Policy | None = None) -> Words:
    """The words of all policies, those of `own` before others' of the same name."""
    return Words(own) if own is not None else _words(read())


@lru_cache(maxsize=64)
def _words(state: object) -> Words:
    return Words(None)
