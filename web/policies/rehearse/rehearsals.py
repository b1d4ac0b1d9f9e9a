"""Rehearsals: those that plugins bring along, and one under other policies than its own."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache

import msgspec

from core.errors import Forbidden
from dangwu import Plugins, read_yaml
from tenants.policies.changes import Activation
from tenants.policies.plugins import installed
from tenants.policies.rehearsing import Texts, adopted, name_of
from web.kit.here import Here

_POLICIES = re.compile(r"^policies\s*:")


REFUSED = "试一试由有权启用政策的人员使用。如工作需要，请由组织部管理员授权。"


def require_rehearser(here: Here) -> None:
    """Rehearsing costs the server some work: for those who decide about policies. Raises Forbidden."""
    if not here.may("policy.activate"):
        raise Forbidden(REFUSED)


class Shipped(msgspec.Struct, frozen=True):
    """A rehearsal that a plugin brings along; `id` is plugin/file."""

    id: str
    plugin: str
    title: str
    text: str


def shipped() -> tuple[Shipped, ...]:
    """All rehearsals of the installed plugins, by plugin and file name."""
    return _shipped(installed())


@lru_cache(maxsize=4)
def _shipped(plugins: Plugins) -> tuple[Shipped, ...]:
    names = [*sorted(plugins.floor.ids), *sorted(plugins.policies)]
    return tuple(
        Shipped(f"{name}/{one.name}", name, _title(one.name, one.text), one.text)
        for name in names
        for one in plugins.rehearsals.get(name, ())
    )


def _title(name: str, text: str) -> str:
    raw = read_yaml(text, name)
    return str(raw.get("title", name)) if isinstance(raw, dict) else name


def by_plugin() -> list[tuple[str, list[tuple[str, str]]]]:
    """The shipped ones, (id, title) each, under their plugins' titles."""
    found: dict[str, list[tuple[str, str]]] = {}
    for item in shipped():
        found.setdefault(item.plugin, []).append((item.id, item.title))
    titles = {policy.id: policy.title for policy in installed().everything}
    return [(titles[plugin], listed) for plugin, listed in found.items()]


def with_policies(text: str, lines: Sequence[str]) -> str:
    """The rehearsal under other policies. What it said itself becomes empty lines, so that lines keep their numbers."""
    kept, inside = [], False
    for line in text.splitlines():
        if _POLICIES.match(line):
            inside = True
        elif inside and line[:1] not in (" ", "\t", "-", "#", ""):
            inside = False
        kept.append("" if inside else line)
    block = ["policies:", *(f"  - {line}" for line in lines)] if lines else ["policies: []"]
    return "\n".join([*kept, *block, ""])


def present(text: str, chain: Iterable[Activation], today: date) -> tuple[str, Texts]:
    """The rehearsal under what is in force today of these activations, and the texts that it then needs."""
    running = [item for item in chain if item.runs_on(today)]
    return with_policies(text, as_written(running)), adopted(running)


def as_written(activations: Iterable[Activation]) -> list[str]:
    """Activations as lines of `policies`, each by its very text, whatever their days: a rehearsal has days of its own."""
    found = []
    for item in activations:
        chosen = item.choice
        parts = {"plugin": name_of(item), "without": sorted(chosen.without), "also": sorted(chosen.also)}
        found.append(msgspec.json.encode({**parts, "fill": dict(chosen.fill)}).decode())
    return found
