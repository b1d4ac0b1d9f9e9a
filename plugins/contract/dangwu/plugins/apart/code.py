"""What a plugin's Python says of itself, as data: asked once in the process in which it runs, and checked in ours."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import msgspec

from dangwu.facets.base import Facet
from dangwu.facets.registry import FACETS
from dangwu.plugins.apart.methods import SAID, written
from dangwu.plugins.apart.shape import Part, Shape, parts_of, told
from dangwu.plugins.apart.wire import plain
from dangwu.plugins.discovery import HOOKS, Found
from dangwu.plugins.origin import Shipped, facets_of
from dangwu.plugins.paper import Paper


class Kind(msgspec.Struct, frozen=True):
    """A facet: its parameters but those of every facet, its evidence, what it declares, which methods it has written."""

    name: str
    title: str
    doc: str
    parts: tuple[Part, ...]
    evidence: Shape | None
    said: dict[str, Any]
    methods: tuple[str, ...]


class Code(msgspec.Struct, frozen=True):
    """A plugin: its policy with where that stands, its hooks but the policy's, its facets, the rehearsals it brings.

    `wrong`: it cannot be used, and why.
    """

    text: str = ""
    where: str = ""
    hooks: tuple[str, ...] = ()
    kinds: tuple[Kind, ...] = ()
    rehearsals: tuple[Shipped, ...] = ()
    wrong: tuple[str, ...] = ()
    papers: tuple[Paper, ...] = ()


def code_of(name: str, found: Found) -> Code:
    """What was found of a plugin by that name."""
    if name in found.broken:
        return Code(wrong=found.broken[name])
    module = found.manager.get_plugin(name)
    try:
        kinds = tuple(_kind(FACETS[one]) for one in facets_of(module))
    except TypeError as error:
        return Code(wrong=(f"插件 {name} 无法载入（{error}）。请检查插件，或先移除它。",))
    hooks = tuple(one for one in HOOKS[1:] if isinstance(module, ModuleType) and hasattr(module, one))
    return Code(
        *found.texts[name], hooks, kinds, found.rehearsals.get(name, ()), papers=found.papers.get(name, ())
    )


def unfit(kind: type[Facet]) -> str:
    """Why a facet cannot be asked from another process; "" for one that can."""
    try:
        _kind(kind)
    except TypeError as error:
        return str(error)
    return ""


def _kind(kind: type[Facet]) -> Kind:
    own = tuple(part for part in parts_of(kind) if part.name not in Facet.__struct_fields__)
    evidence = None if kind.evidence is None else told(kind.evidence)
    return Kind(kind.name, kind.title, kind.__doc__ or "", own, evidence, _said(kind), written(kind))


def _said(kind: type[Facet]) -> dict[str, Any]:
    return {
        name: plain(sorted(value) if isinstance(value, frozenset | set) else value)
        for name in SAID
        if (value := getattr(kind, name)) != getattr(Facet, name)
    }


__all__ = ["Code", "Kind", "code_of", "unfit"]
