"""The preview of a change, laid out for reading: what becomes of the rules, and which cases feel it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

import msgspec

from dangwu import ruling, titles
from tenants.policies.changes import Adjust, Adopt, Change, End
from tenants.policies.preview.found import CONSEQUENCES, MOST_LISTED, Affected
from tenants.policies.preview.preview import Preview
from tenants.policies.preview.rules import ParameterChange, StepChange
from tenants.policies.shelf import everything
from web.policies.effective import Origin, origin
from web.policies.plugin.reading import Reading
from web.policies.words.said import quoted, text_name
from web.policies.words.words import words

SIGNS = {
    "closes": "failed",
    "fails": "failed",
    "blocks": "blocked",
    "waits": "waiting",
    "asks": "open",
    "frees": "done",
    "changes": "done",
}
"""The sign beside each effect, in the order in which one reads of them."""


class Row(msgspec.Struct, frozen=True):
    """One requirement before and after. `kind`: new, gone or changed."""

    facet: str
    before: str
    after: str
    kind: str
    when: tuple[str, ...]
    origins: tuple[Origin, ...]


class StepRows(msgspec.Struct, frozen=True):
    """The requirements that change at one step."""

    title: str
    rows: tuple[Row, ...]


class Inserted(msgspec.Struct, frozen=True):
    """A step that comes in or goes out."""

    title: str
    stage: str
    level: str
    behind: str
    when: tuple[str, ...]


class EffectView(msgspec.Struct, frozen=True):
    """How many cases feel one effect, and which (the first of them, where there are very many)."""

    id: str
    words: str
    kind: str
    count: int
    cases: tuple[Affected, ...]


class ChangeView(msgspec.Struct, frozen=True):
    """All that the preview page shows beside the plain lists of the Preview itself."""

    steps: tuple[StepRows, ...]
    parameters: int
    inserted: tuple[Inserted, ...]
    removed: tuple[Inserted, ...]
    beside: Mapping[str, tuple[str, ...]]
    """What stands beside all steps: `new`, `gone`, `changed` → titles of rules."""
    effects: tuple[EffectView, ...]
    blanks: tuple[str, ...]
    idle: tuple[str, ...]

    @property
    def nothing(self) -> bool:
        """Whether the rules at the unit stay exactly as they are."""
        return not (self.steps or self.inserted or self.removed or self.beside)


def change_view(preview: Preview, plugin: str, unit: str) -> ChangeView:
    """Lay out a preview for the page of `plugin` at the unit with this id."""
    rules = preview.rules
    by_step: dict[str, list[ParameterChange]] = {}
    for one in rules.parameters:
        by_step.setdefault(one.step_title, []).append(one)
    return ChangeView(
        steps=tuple(
            StepRows(title, tuple(_row(one, unit) for one in listed)) for title, listed in by_step.items()
        ),
        parameters=len(rules.parameters),
        inserted=tuple(_inserted(one) for one in rules.inserted),
        removed=tuple(_inserted(one) for one in rules.removed),
        beside={
            kind: titles
            for kind in ("new", "changed", "gone")
            if (titles := tuple(_rule_title(one.rule) for one in rules.beside if one.kind == kind))
        },
        effects=tuple(_effects(preview)),
        idle=tuple(_rule_title(rule) for rule in rules.idle),
        blanks=tuple(title for name, title in rules.blanks.items() if name.startswith(f"{plugin}.")),
    )


def _rule_title(rule_id: str) -> str:
    known = (rule for policy in everything() for rule in policy.rules if rule.id == rule_id)
    found = next(known, None)
    return f"{quoted(ruling.title(found))}（{rule_id}）" if found else rule_id


def _row(one: ParameterChange, unit: str) -> Row:
    kind = "new" if one.before is None else "gone" if one.after is None else "changed"
    origins = tuple(origin(cited, unit) for cited in one.citations)
    return Row(one.facet_title, one.before or "", one.after or "", kind, one.when, origins)


def _inserted(one: StepChange) -> Inserted:
    return Inserted(one.title, words().stage(one.step), titles.level(one.level), one.behind, one.when)


def _effects(preview: Preview) -> Iterable[EffectView]:
    counts: Mapping[str, int] = preview.cases.counts
    for effect, kind in SIGNS.items():
        if counts.get(effect):
            cases = tuple(one for one in preview.cases.listed if effect in one.effects)[:MOST_LISTED]
            yield EffectView(effect, CONSEQUENCES[effect], kind, counts[effect], cases)


def sentence_of(change: Change, shown: Reading, unit: str) -> str:
    """What is about to be done, as a sentence."""
    policy, title = shown.policy, shown.policy.title
    if isinstance(change, End):
        return f"“{unit}”自 {change.day} 起停用{quoted(title)}。"
    ends = f"，到 {change.until} 前一日为止" if change.until else ""
    if isinstance(change, Adopt):
        return f"“{unit}”自 {change.since} 起启用{quoted(title)}{ends}。"
    if change.text and shown.code:
        return f"“{unit}”自 {change.day} 起改按新的程序核对{text_name(policy, change.text)}{ends}。"
    if change.text:
        return f"“{unit}”自 {change.day} 起改按新文本执行{text_name(policy, change.text)}{ends}。"
    return f"“{unit}”自 {change.day} 起按新的设定执行{quoted(title)}{ends}。"


def first_day(change: Change) -> date:
    """The day from which it holds."""
    return change.since if isinstance(change, Adopt) else change.day


def verb_of(change: Change) -> str:
    """The word on the button that does it."""
    return "确认停用" if isinstance(change, End) else "确认调整" if isinstance(change, Adjust) else "确认启用"
