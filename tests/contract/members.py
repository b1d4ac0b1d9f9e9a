"""The reference of the contract's values and of facets: signatures from the code, sentences from members.yaml."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

import dangwu
from dangwu.author import fields
from dangwu.facets.base import Facet
from dangwu.facets.registry import FACETS, in_order
from dangwu.plugins.event import EVENTS
from dangwu.plugins.panel import PLACES

SAID: dict[str, dict[str, str]] = yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text("utf-8"))
OURS = [name for name in in_order(FACETS) if FACETS[name].__module__.startswith("dangwu.facets.")]


def classes() -> str:
    """Every class of which members.yaml speaks, with its members."""
    return "\n\n".join("\n".join(_class(name)) for name in SAID)


def _class(name: str) -> Iterator[str]:
    yield f"### `{name}`\n\n{SAID[name]['']}\n\n| | |\n|---|---|"
    for member in members(name):
        yield f"| `{_signature(getattr(dangwu, name), member)}` | {SAID[name][member]} |"


def members(name: str) -> list[str]:
    """The public members of a class: fields first, then what it declares and does, in the order of the file."""
    kind = getattr(dangwu, name)
    ours = [base for base in kind.__mro__ if base.__module__.startswith("dangwu.")]
    own = list(dict.fromkeys(one for base in ours for one in vars(base) if not one.startswith("_")))
    known = getattr(kind, "__struct_fields__", ())
    return [*(one for one in known if one in own), *(one for one in own if one not in known)]


def _signature(kind: type, member: str) -> str:
    found: Any = inspect.getattr_static(kind, member)
    function = getattr(found, "__func__", found)
    if not inspect.isfunction(function):
        return member
    given = [one for one in inspect.signature(function).parameters if one not in ("self", "cls")]
    return f"{member}({', '.join(given)})"


def details() -> str:
    """Every facet of version 1: parameters, evidence and findings, each with what it is called and what it may be."""
    return "\n\n".join("\n".join(_facet(FACETS[name])) for name in OURS)


def _facet(kind: type[Facet]) -> Iterator[str]:
    yield f"### `{kind.name}` {kind.title}\n"
    yield from (
        f"- 参数 `{one.name}` {one.title}：{one.shape}（{one.sign}）" for one in fields.parameters(kind)
    )
    for one in fields.evidence(kind):
        answers = "、".join(f"`{value}` {kind.answer(value)}" for value in one.values)
        needed = "，必填" if one.required else ""
        yield f"- 记录 `{one.name}` {one.title or kind.title}：{answers or one.shape}{needed}"
    yield from (f"- 结论 `{kind.name}.{reason}`：{said}。" for reason, said in kind.sentences.items())


def events() -> str:
    """The kinds of events."""
    return "\n".join(
        ["| `kind` | 发生了什么 |", "|---|---|", *(f"| `{name}` | {said} |" for name, said in EVENTS.items())]
    )


def places() -> str:
    """Where panels can stand."""
    return "、".join(f"`{name}`（{said}）" for name, said in PLACES.items())
