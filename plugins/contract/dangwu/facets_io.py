"""From raw parameters (YAML, with blanks) to facets, and back to words for errors."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

import msgspec

from dangwu.errors import PolicyError, nearest
from dangwu.facet import FACETS, Facet
from dangwu.policy import Rule
from dangwu.share import Share

_ABSENT = object()


def is_blank(value: Any) -> bool:
    """Whether a raw value stands for a blank: `{blank: id}`."""
    return isinstance(value, dict) and set(value) == {"blank"}


def blanks_in(value: Any) -> Iterator[str]:
    """The ids of the blanks in a raw value, at any depth."""
    if is_blank(value):
        yield value["blank"]
    elif isinstance(value, dict):
        for part in value.values():
            yield from blanks_in(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from blanks_in(part)


def _filled(value: Any, fill: Mapping[str, Any]) -> Any:
    if is_blank(value):
        return fill.get(value["blank"], _ABSENT)
    if isinstance(value, dict):
        parts = {key: _filled(part, fill) for key, part in value.items()}
        return (
            {key: part for key, part in parts.items() if part is not _ABSENT and part != {}} if parts else {}
        )
    if isinstance(value, list | tuple):
        found: list[Any] = []
        for part in value:
            one = _filled(part, fill)
            if one is not _ABSENT:
                found += one if isinstance(one, list | tuple) else [one]
        return found
    return value


def decode(name: str, raw: Any) -> Facet:
    """A facet from its raw parameters. Raises ValueError with a Chinese clause that names the parameter."""
    kind = FACETS[name]
    if not isinstance(raw, dict):
        raise ValueError(f"“{name}”后应为各项参数，例如 {name}: {{…}}")
    known = [field.encode_name for field in msgspec.structs.fields(kind)]
    for key in raw:
        if key not in known:
            raise ValueError(
                f"“{name}”没有参数“{key}”{nearest(str(key), known)}。它的参数有：{'、'.join(known)}"
            )
    try:
        return msgspec.convert(raw, kind, dec_hook=_decode, strict=True)
    except msgspec.ValidationError as error:
        raise ValueError(_sentence(name, raw, str(error))) from error


def _decode(kind: type, value: Any) -> Any:
    if kind is Share:
        return Share(str(value))
    raise NotImplementedError(kind)


_PATH = re.compile(r" - at `\$\.?([^`]*)`$")
_EXPECTED = (
    ("`int`", "整数"), ("`str`", "文字"), ("`bool`", "true 或 false"), ("`array`", "列表"), ("`set`", "列表"), ("`frozenset`", "列表"),
    ("`object`", "各项名称与数值，例如 {months: 1}"), ("`float`", "数"), ("`null`", "空"), ("`date`", "日期"),
)  # fmt: skip


def _sentence(name: str, raw: Mapping[str, Any], text: str) -> str:
    found = _PATH.search(text)
    where = found[1] if found else ""
    head = _PATH.sub("", text)
    if head.startswith("Expected "):
        for english, chinese in _EXPECTED:
            head = head.replace(english, chinese)
        head = head.replace("Expected ", "应为 ").replace(", got ", "，得到的是 ").replace(" | ", " 或 ")
    elif "unknown field" in head:
        head = head.replace("Object contains unknown field", "有不认识的一项")
    value = raw.get(where.split(".")[0].split("[")[0], "")
    return f"“{name}.{where}”的值“{value}”不对：{head}"


@lru_cache(maxsize=8192)
def _plain(name: str, encoded: bytes) -> Facet:
    return decode(name, msgspec.json.decode(encoded))


def bind(rule: Rule, fill: Mapping[str, Any]) -> dict[str, Facet]:
    """A rule's facets with its blanks filled. Raises PolicyError."""
    found: dict[str, Facet] = {}
    for name, raw in rule.facets.items():
        try:
            found[name] = _plain(name, msgspec.json.encode(_filled(raw, fill)))
        except ValueError as error:
            raise PolicyError([f"规则 {rule.id} 的填空不对：{error}。请按填空说明重新填写。"]) from error
    return found
