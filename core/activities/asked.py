"""What the policies in force at a unit want to have written down of an activity: papers, themes, and who gave it."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from core.activities.model import KINDS, Content
from dangwu import Regime, Titles


class Vocabulary(msgspec.Struct, frozen=True):
    """Words with their titles: `papers` and `posts` that a duty goes by, `themes` also of the floor; `by_kind` which of
    them a duty wants of a kind of activity."""

    papers: dict[str, str]
    themes: dict[str, str]
    posts: dict[str, str]
    by_kind: dict[str, frozenset[str]]

    def near(self, kinds: Iterable[str], said: Iterable[str]) -> frozenset[str]:
        """The words to be offered first for an activity of these kinds: what its duties want, what no duty wants of any kind, and
        what is `said` already."""
        wanted = frozenset().union(*self.by_kind.values())
        own = (self.by_kind.get(kind, frozenset()) for kind in kinds)
        return frozenset({*self.papers, *self.themes} - wanted).union(said, *own)


def asked(regime: Regime, kind: str, already: Content | None = None) -> Vocabulary:
    """Of the activities that a unit of this kind records, with the words that a record has `already`; not the themes that only
    those of other units have."""
    papers: set[str] = set()
    posts: set[str] = set()
    by_kind: dict[str, frozenset[str]] = {}
    owed = [duty for duty in regime.duties if duty.owes.level in (kind, "person")]
    for claim in (claim for duty in owed for claim in (*duty.claims, *duty.showing)):
        kinds = [one for one in claim.duty.activities if kind in KINDS[one].held]
        shown = claim.evidence
        own = alternatives(shown.papers) if kinds else set()
        papers |= own
        posts |= shown.by if kinds else set()
        for one in kinds:
            by_kind[one] = by_kind.get(one, frozenset()) | own | alternatives(shown.themes)
    themes = {word for policy in regime.floor.policies for word in policy.words.get("theme", ())}
    themes = themes.union(*by_kind.values()) - papers
    if already is not None:
        papers, themes = papers | {*already.papers}, themes | {*already.themes}
        posts |= {already.led_by} - {""}
    known = Titles.of(regime)
    return Vocabulary(_titled(known, papers), _titled(known, themes), _titled(known, posts), by_kind)


def alternatives(asked_for: Iterable[str]) -> set[str]:
    """The words of `a|b`, one of which will do, each by itself."""
    return {word for one in asked_for for word in one.split("|")}


def _titled(known: Titles, words: Iterable[str]) -> dict[str, str]:
    return {word: known.title(word) for word in sorted(words)}
