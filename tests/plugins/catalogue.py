"""Every rule of the written catalogue, and what has become of it. `python -m tests.plugins.catalogue` prints the counts.

`local-variants.rules.json` is that catalogue: each rule's id, the steps it touches (S01–S25 are admissions), and its basis.
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

from dangwu import Policy
from tests.plugins.policies import PLUGINS, policy

CATALOGUE = {
    entry["id"]: entry["rules"]
    for entry in json.loads(Path(__file__).with_name("local-variants.rules.json").read_text("utf-8"))
}
CLASSES = ("implemented", "refused", "unwritten", "unchecked", "later")
UNBUILT = frozenset(CATALOGUE) - frozenset(PLUGINS)
"""The practices that have no policy yet: none of their rules is accounted for."""


def local(plugin: str, full_id: str) -> str:
    """A catalogue id without the plugin's prefix, as policy files write it."""
    return full_id.removeprefix(f"{plugin}.")


def catalogued(plugin: str) -> set[str]:
    """The ids that the catalogue has for a practice."""
    return {local(plugin, rule["id"]) for rule in CATALOGUE[plugin]}


def classes(of: Policy) -> dict[str, set[str]]:
    """The ids that a policy implements, refuses with a reason, has only a title of, cannot check, and leaves for later."""
    ids = {
        "implemented": [rule.id for rule in of.rules],
        "refused": [note.id for note in of.refused],
        "unwritten": [note.id for note in of.unwritten],
        "unchecked": [note.id for note in of.unchecked],
        "later": [note.id for note in of.later],
    }
    return {name: {root(of.id, local(of.id, one)) for one in listed} for name, listed in ids.items()}


def root(plugin: str, rule: str) -> str:
    """The catalogue's id of a rule: what is switched by itself has a name of its own below it (`plan.in-plan-gate.platform`)."""
    whole, part, known = rule, rule.rpartition(".")[0], catalogued(plugin)
    return part if whole not in known and part in known else whole


def counts() -> Counter[str]:
    """How many rules are in each class, with those of practices without a policy as `unbuilt`."""
    found = Counter(dict.fromkeys((*CLASSES, "unbuilt"), 0))
    for plugin in PLUGINS:
        found.update({name: len(ids) for name, ids in classes(policy(plugin)).items()})
    found["unbuilt"] = sum(len(CATALOGUE[plugin]) for plugin in UNBUILT)
    return found


if __name__ == "__main__":
    for plugin in PLUGINS:
        print(plugin, *(f"{name} {len(ids)}" for name, ids in classes(policy(plugin)).items() if ids))
    print("without a policy:", *sorted(UNBUILT))
    print(*(f"{name} {count}" for name, count in counts().items()), "of", counts().total())
