"""`exception: department` beside a parameter: the level that can agree beforehand that the demand does not bind somebody."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dangwu.facets.base import Facet
from dangwu.facets.reading import brief
from dangwu.policy.entry import Entry
from dangwu.text.reader import like

KEY = "exception"


def exceptions(entry: Entry, facets: dict[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """The facets without it, and the level by facet; what is wrong with a level is told."""
    plain: dict[str, Any] = {}
    found: dict[str, str] = {}
    for name, params in facets.items():
        if not isinstance(params, dict) or KEY not in params:
            plain[name] = params
            continue
        plain[name] = like(params, {key: part for key, part in params.items() if key != KEY})
        level = params[KEY]
        what = (
            entry.known.wrong(level, ("level",), author=False)
            if isinstance(level, str)
            else f"应为一个层级，得到的是“{brief(level)}”"
        )
        if what:
            entry.bad(f"“{name}.{KEY}”中，{what}。", name, KEY)
        else:
            found[name] = level
    return plain, found


def several(entry: Entry, levels: Mapping[str, str], facets: dict[str, Facet]) -> None:
    """Tell of an exception beside more than one demand: it would not be clear what need not bind."""
    for name in levels:
        asked = facets[name].demands()
        if len(asked) > 1:
            entry.bad(
                f"“{name}.{KEY}”只能放在一项要求旁边，这里有 {'、'.join(asked)}。请分成几条规则（可以共用一个 id）。",
                name,
                KEY,
            )
        elif facets[name].advisory:
            entry.bad(f"“{name}”只是提醒，本来就不妨碍办理，不必写 {KEY}。请删去。", name, KEY)


__all__ = ["exceptions", "several"]
