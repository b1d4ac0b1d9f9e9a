"""Rules about no step: a struct read from the keys that stand beside the verb, `duty: branch-meeting` with `owes`, `demand` …

The struct's first field is named as the verb; what may stand beside it follows from the fields.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import msgspec

from dangwu.errors import PolicyError, nearest
from dangwu.policy.blanks import blanks_in, filled
from dangwu.policy.duty import Duty
from dangwu.policy.entry import Entry
from dangwu.policy.load_facet import SAMPLES
from dangwu.policy.policy import Blank, Rule
from dangwu.shapes.faults import Path, faults, said
from dangwu.shapes.short import Plain
from dangwu.values.word import words

STATED: Mapping[str, type[Duty]] = {"duty": Duty}
"""The verbs of such rules."""


def keys(verb: str) -> tuple[str, ...]:
    """What may be written beside the verb."""
    return STATED[verb].__struct_fields__[1:] if verb in STATED else ()


KEYS = tuple(dict.fromkeys(key for verb in STATED for key in keys(verb)))


def stated(entry: Entry, verb: str, blanks: Mapping[str, Blank]) -> dict[str, Plain]:
    """What a rule of that verb says, raw; every problem is reported."""
    kind = STATED.get(verb)
    if kind is None:
        return {}
    if not isinstance(entry.raw[verb], str):
        entry.bad(kind.AFTER_VERB, verb)
        return {}
    raw = {key: entry.raw[key] for key in (verb, *keys(verb)) if key in entry.raw}
    undeclared = [blank for blank in blanks_in(raw) if blank not in blanks]
    for blank in undeclared:
        entry.bad(f"填空“{blank}”没有在 blanks 中声明{nearest(str(blank), blanks)}。", verb)
    for path, what in () if undeclared else _faults(kind, raw, blanks, entry):
        entry.bad(f"{what}。", *path)
    return raw


def _faults(
    kind: type[Duty], raw: Mapping[str, Plain], blanks: Mapping[str, Blank], entry: Entry
) -> Iterator[tuple[Path, str]]:
    """(path, sentence without full stop) for what is wrong with its shape, else with its words, else with its sense."""
    samples = {blank: SAMPLES[blanks[blank].type] for blank in blanks_in(raw)}
    whole = filled(raw, samples) if samples else raw
    shape = [
        (path, f"{path[0] if path else kind.__struct_fields__[0]} 的写法不对：{said(path[1:], what)}")
        for path, _, what in faults(kind, whole)
    ]
    strange = shape or [
        (path, f"“{path[0]}”中，{what}")
        for path, word, categories in words(kind, filled(raw, {}))
        if (what := entry.known.wrong(word, categories))
    ]
    yield from strange or msgspec.convert(whole, kind).wrong()


def misstated(rule: Rule, fill: Mapping[str, Plain]) -> Iterator[str]:
    """What is wrong, as clauses, with a rule about no step once these blanks are filled; of others nothing is asked."""
    kind = STATED.get(rule.kind)
    if kind is None or set(blanks_in(rule.stated)) - fill.keys():
        return
    whole = filled(rule.stated, fill)
    shape = [said(path, what) for path, _, what in faults(kind, whole)]
    yield from shape or (what for _, what in msgspec.convert(whole, kind).wrong())


def bound(rule: Rule, fill: Mapping[str, Plain]) -> Duty | None:
    """What a rule about no step says, its blanks filled; None for any other rule, and while a blank without which it says
    nothing is open. Raises PolicyError for a fill of the wrong type."""
    kind = STATED.get(rule.kind)
    if kind is None:
        return None
    whole = filled(rule.stated, fill) if rule.blanks else rule.stated
    if any(key in rule.stated and key not in whole for key in kind.VITAL):
        return None
    try:
        return msgspec.convert(whole, kind)
    except ValueError as error:
        if set(blanks_in(rule.stated)) - fill.keys():
            return None
        raise PolicyError([f"规则 {rule.id} 的填空不对：{error}。请按填空说明重新填写。"]) from error


__all__ = ["KEYS", "STATED", "bound", "keys", "misstated", "stated"]
