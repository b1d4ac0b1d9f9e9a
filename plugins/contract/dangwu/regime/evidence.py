"""What evidence says, checked against the words that a regime knows and the dates that can be: asked when it is recorded."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import msgspec

from dangwu.case.case import Record
from dangwu.facets.registry import FACETS
from dangwu.policy.fill import added
from dangwu.policy.known import Known
from dangwu.regime.regime import Regime
from dangwu.values.bounds import FIRST_DAY, LAST_DAY, is_possible
from dangwu.values.word import words


def strange(regime: Regime, record: Record) -> list[str]:
    """A sentence for each word that is not of the category its place wants, and for each date that cannot be."""
    known = _known(regime)
    found = [*_impossible("", record.day), *_impossible("", record.entered)]
    for name, value in record.evidence.items():
        kind = FACETS[name]
        plain = msgspec.to_builtins(value, builtin_types=(date,))
        for _, word, categories in words(kind.evidence, plain):
            what = known.wrong(word, categories, author=False)
            if what:
                found.append(f"“{kind.title}”的内容不对：{what}。")
        found += _impossible(f"“{kind.title}”中", plain)
    return list(dict.fromkeys(found))


def _known(regime: Regime) -> Known:
    """The words of the floor and of the adopted policies, and those that were filled into blanks."""
    known = Known(regime.policies.values())
    for adoption in regime.adoptions:
        for category, word, title in added(adoption.policy, adoption.fill):
            known.add({category: {word: title}})
    return known


def _impossible(where: str, value: object) -> Iterator[str]:
    if isinstance(value, date) and not is_possible(value):
        yield f"{where}的日期 {value} 不可能，应在 {FIRST_DAY.year} 至 {LAST_DAY.year} 年之间。".removeprefix(
            "的"
        )
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for part in parts:
        yield from _impossible(where, part)
