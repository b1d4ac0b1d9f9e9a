"""What the policies in force at a unit want to have written down of an activity: papers, themes, and who gave it."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from core.activities.model import KINDS, Content
from dangwu import Regime, Titles


class Asked(msgspec.Struct, frozen=True):
    """Words with their titles: `papers` and `posts` that a duty goes by; `themes` that a policy names at all."""

    papers: dict[str, str]
    themes: dict[str, str]
    posts: dict[str, str]


def asked(regime: Regime, kind: str, already: Content | None = None) -> Asked:
    """Of the activities that a unit of this kind records, with the words that a record has `already`."""
    kinds = {name for name, one in KINDS.items() if kind in one.held}
    wanted = [
        claim.evidence
        for duty in regime.duties
        for claim in (*duty.claims, *duty.showing)
        if kinds & {*claim.duty.activities}
    ]
    known = Titles.of(regime)
    themes = {word for policy in regime.policies.values() for word in policy.words.get("theme", ())}
    papers = {word for one in wanted for paper in one.papers for word in paper.split("|")}
    posts = {post for one in wanted for post in one.by}
    if already is not None:
        papers, themes = papers | {*already.papers}, themes | {*already.themes}
        posts |= {already.led_by} - {""}
    return Asked(_titled(known, papers), _titled(known, themes), _titled(known, posts))


def _titled(known: Titles, words: Iterable[str]) -> dict[str, str]:
    return {word: known.title(word) for word in sorted({*words})}
