"""A rule that was put together on the page, written into the text of a supplement: lines are moved, nothing is parsed."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import msgspec

from core.errors import Invalid

_RULE = re.compile(r"\bown\.rule-([0-9]{1,9})\b")
_SOURCE = re.compile(r'^  (doc-\d+): \{title: ("(?:[^"\\]|\\.)*")', re.MULTILINE)
_TERM = re.compile(r'^    (own-term-\d+): ("(?:[^"\\]|\\.)*")$', re.MULTILINE)
Value = str | int | bool | Sequence[str]


class Written(msgspec.Struct, frozen=True, kw_only=True):
    """A rule as it was put together: `params` of the requirement; `words`, new ones by category with their titles."""

    step: str
    title: str
    facet: str
    params: Mapping[str, Value]
    words: Mapping[str, Sequence[str]]
    source: str
    year: int | None
    clause: str


def empty(plugin: str, county: str) -> str:
    """The text that a supplement begins with."""
    title = said(f"{county}补充规定")
    head = f"plugin: {plugin}\ntitle: {title}\nplace: {said(county)}\nrequires: dangwu>=1,<2\n"
    return f"{head}sources:\nterms:\nrules:\n"


def with_rule(text: str, rule: Written) -> str:
    """The text with one rule more, with its document and its new words. Raises Invalid for a text of another form."""
    text, source = _sourced(text, rule)
    params: dict[str, Value] = dict(rule.params)
    for category, titles in rule.words.items():
        param, _, kind = category.partition(":")
        for title in titles:
            text, word = _termed(text, kind, title)
            known = params.get(param, ())
            params[param] = [*(known if isinstance(known, list | tuple) else ()), word]
    number = 1 + max((int(one) for one in _RULE.findall(text)), default=0)
    asks = ", ".join(f"{name}: {said(value)}" for name, value in params.items())
    lines = [
        f"  - id: own.rule-{number}",
        f"    title: {said(rule.title)}",
        f"    tighten: {rule.step}",
        f"    {rule.facet}: {{{asks}}}",
        f"    cite: {{source: {source}, clause: {said(rule.clause)}}}",
    ]
    return _into(text, "rules", lines)


def said(value: Value) -> str:
    """A value as YAML that no text can break out of."""
    if isinstance(value, list | tuple):
        return f"[{', '.join(said(one) for one in value)}]"
    return msgspec.json.encode(value).decode()


def _sourced(text: str, rule: Written) -> tuple[str, str]:
    """The text with the document of a rule, and what that is called there."""
    title = said(rule.source)
    for name, known in _SOURCE.findall(text):
        if known == title:
            return text, name
    name = f"doc-{1 + len(_SOURCE.findall(text))}"
    year = f", year: {rule.year}" if rule.year else ""
    return _into(text, "sources", [f"  {name}: {{title: {title}{year}}}"]), name


def _termed(text: str, category: str, title: str) -> tuple[str, str]:
    """The text with a new word, and its id there."""
    found = _TERM.findall(text)
    for word, known in found:
        if known == said(title):
            return text, word
    word = f"own-term-{1 + len(found)}"
    if f"\n  {category}:\n" not in text:
        text = _into(text, "terms", [f"  {category}:"])
    head, mark, rest = text.partition(f"\n  {category}:\n")
    return f"{head}{mark}    {word}: {said(title)}\n{rest}", word


def _into(text: str, key: str, lines: Sequence[str]) -> str:
    """The text with lines at the end of the block of a key, which is made before the rules where there is none."""
    had = text.rstrip("\n").split("\n")
    at = next((number for number, line in enumerate(had) if re.match(rf"{key}\s*:", line)), None)
    if at is None:
        before = next((n for n, line in enumerate(had) if re.match(r"rules\s*:", line)), len(had))
        return "\n".join([*had[:before], f"{key}:", *lines, *had[before:], ""])
    if not re.fullmatch(rf"{key}\s*:\s*(#.*)?", had[at]):
        raise Invalid(
            f"文本里的 {key} 写成了一行，不能自动添加。请把它改成各占一行的写法，或者直接在文本中添加。",
            code="supplement",
        )
    end = next((n for n in range(at + 1, len(had)) if re.match(r"[^\s#-]", had[n])), len(had))
    while end > at + 1 and not had[end - 1].strip():
        end -= 1
    return "\n".join([*had[:end], *lines, *had[end:], ""])
