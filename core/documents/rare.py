"""Rare characters: what the usual fonts do not have prints as a box, so it is named before anybody prints."""

from __future__ import annotations

from collections.abc import Iterable

from core.documents.font import has
from core.documents.model import Code, Value


def rare(values: Iterable[Value], *, sealed: bool = False) -> tuple[str, ...]:
    """The characters beyond GBK, which is what 仿宋_GB2312、方正小标宋 and their like hold: `㛃（U+36C3）`, each once; of a
    `sealed` paper those that its own font does not have."""
    holds = has if sealed else _usual
    found = [letter for letter in set[str]().union(*_texts(values)) if not holds(letter)]
    return tuple(f"{letter}（U+{ord(letter):04X}）" for letter in sorted(found))


def _texts(values: Iterable[Value]) -> Iterable[str]:
    for value in values:
        if isinstance(value, str):
            yield value
        elif not isinstance(value, Code):
            yield from (text for row in value for text in row.values())


def _usual(letter: str) -> bool:
    try:
        letter.encode("gbk")
    except UnicodeEncodeError:
        return False
    return True
