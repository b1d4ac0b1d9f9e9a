"""A change in words: of which rule, at which place, from what to what."""

from __future__ import annotations

from dangwu.author.altering.change import Change
from dangwu.author.altering.other import GONE
from dangwu.say.titles import Titles
from dangwu.shapes.short import Plain


def told(change: Change, titles: Titles, file: str) -> str:
    """Without full stop: a.b“名称”（policy.yaml 第 12 行）的 training.hours 由 24 改为 23."""
    rule = f"{change.rule}“{change.title}”（{file} 第 {change.line} 行）"
    if not change.path:
        return f"{rule}整条去掉"
    place, was = ".".join(map(str, change.path)), _value(change.was, titles)
    if change.now is GONE:
        return f"{rule}的 {place} 去掉 {was}"
    return f"{rule}的 {place} 由 {was} 改为 {_value(change.now, titles)}"


def _value(value: Plain, titles: Titles) -> str:
    """As it is written in the file; a word with its title."""
    if isinstance(value, dict):
        return f"{{{', '.join(f'{key}: {_value(part, titles)}' for key, part in value.items())}}}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(_value(part, titles) for part in value)}]"
    if isinstance(value, bool):
        return str(value).lower()
    title = titles.title(value) if isinstance(value, str) else value
    return str(value) if title == value else f"{value}（{title}）"


__all__ = ["told"]
