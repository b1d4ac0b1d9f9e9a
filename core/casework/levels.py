"""At which level a record is made, and that recorder, approver and subject of one case are different people. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from core.actor import LEVELS, Actor, Capability
from core.casework.model import EntryView, Evidence, LoadedCase
from core.errors import Forbidden, Invalid
from dangwu import LEVELS as TITLES
from dangwu import StepRules, in_order, kind_of, rank


def platform_level(level: str) -> str:
    """The platform's level for one of a policy: what the person does himself the branch writes down, what only a plugin knows the
    department."""
    if rank(level) <= rank("branch"):
        return "branch"
    return level if level in LEVELS else "department"


def own_level(rules: StepRules | None) -> str:
    """The level that acts in a step."""
    return platform_level(rules.level) if rules is not None else "branch"


def acting_level(actor: Actor, path: str, rules: StepRules, evidence: Evidence) -> str:
    """The level at which this record is made.

    The step's level gives everything but the reviews, consents and filings of other levels: each of those is given alone, by
    that level itself. Raises Invalid for a mixture, Forbidden when he does not act at that level.
    """
    level = _level_of_parts(rules, evidence)
    concludes = {facet for facet in evidence if kind_of(facet).concludes}
    needs: set[Capability] = {"case.review"} if any(evidence[facet] for facet in concludes) else set()
    if not evidence or evidence.keys() - concludes:
        needs.add("case.record")
    if all(level in actor.levels(path, need) for need in needs):
        return level
    raise Forbidden(_not_his(actor, path, rules, level, "case.review" in needs), code="level")


def by_level(rules: StepRules, evidence: Evidence) -> list[tuple[str, dict[str, Any]]]:
    """Whole evidence of a step cut into the records that its levels make, lowest first: (level, evidence)."""
    own = own_level(rules)
    cut: dict[str, dict[str, Any]] = {}
    rest = {facet: given for facet, given in evidence.items() if not kind_of(facet).by_level}
    if rest or not evidence:
        cut[own] = rest
    for facet in in_order(evidence.keys() - rest.keys()):
        for level in evidence[facet]:
            part = cut.setdefault(platform_level(level), {})
            if isinstance(evidence[facet], Mapping):
                part.setdefault(facet, {})[level] = evidence[facet][level]
            else:
                part.setdefault(facet, []).append(level)
    return sorted(cut.items(), key=lambda item: rank(item[0]))


def levels_asked(rules: StepRules, facet: str) -> list[str]:
    """The levels of which a step asks a part of their own, lowest first; [] for a facet that it does not ask for."""
    found = rules.facets.get(facet)
    asked = found.levels_asked() if found is not None else frozenset()
    return sorted({level for one in asked for level in one.split("|")}, key=rank)


def _level_of_parts(rules: StepRules, evidence: Evidence) -> str:
    own = own_level(rules)
    parts = {facet: list(evidence[facet] or ()) for facet in in_order(evidence) if kind_of(facet).by_level}
    for facet, levels in parts.items():
        asked = set(levels_asked(rules, facet))
        for level in levels:
            if level not in asked:
                raise Invalid(
                    f"“{rules.title}”不需要{TITLES.get(level, level)}的这项意见。请删去后再记录。",
                    code="level",
                )
    named = {platform_level(level) for levels in parts.values() for level in levels}
    if len(named) > 1:
        raise Invalid(f"“{rules.title}”中各级的意见要由各级分别记录，一次只能记一级。", code="level")
    level = named.pop() if named else own
    if level != own and evidence.keys() - parts.keys():
        raise Invalid(
            f"{TITLES[level]}在“{rules.title}”中只记录本级的意见，其余内容由{TITLES[own]}记录。", code="level"
        )
    return level


def may_open(actor: Actor, path: str, level: str) -> bool:
    """Whether he opens cases there that begin with a step of this level."""
    return platform_level(level) in actor.levels(path, "case.open")


def refuse_opening(actor: Actor, path: str, what: str, level: str) -> None:
    """Raise Forbidden for somebody who opens no case of this kind (`what`), which begins with a step of this level."""
    if not may_open(actor, path, level):
        own = TITLES[platform_level(level)]
        raise Forbidden(
            f"{what}由{own}办理，{_yours(actor, path)}，不能办理。请交由{own}承担这项职责的人员办理。",
            code="level",
        )


def takes_over(actor: Actor, path: str) -> bool:
    """Whether he may go on with files that began on paper there: only the department says what was properly done."""
    return "department" in actor.levels(path, "case.record")


def takes_over_somewhere(actor: Actor) -> bool:
    """Whether he takes over files from paper anywhere (to show the way there)."""
    return any(takes_over(actor, path) for path in actor.scopes("case.record"))


def refuse_taking_over(actor: Actor, path: str) -> None:
    """Raise Forbidden for somebody who does not take over files from paper."""
    if not takes_over(actor, path):
        raise Forbidden("接续纸质档案须由县委组织部核对后办理。请将档案报县委组织部组织员。", code="level")


def _not_his(actor: Actor, path: str, rules: StepRules, level: str, conclusive: bool) -> str:
    if conclusive and level in actor.levels(path, "case.record"):
        return (
            f"“{rules.title}”的审查、审批结论由{TITLES[level]}办理，须由有审查职责的人员作出，您在这里的职务只办理记录。"
            f"请交由{TITLES[level]}承担审查职责的人员办理。"
        )
    act = "的审查、审批结论" if conclusive else ""
    return (
        f"“{rules.title}”{act}由{TITLES[level]}办理，{_yours(actor, path)}，不能记录。"
        f"请交由{TITLES[level]}承担这项职责的人员办理。"
    )


def _yours(actor: Actor, path: str) -> str:
    held = sorted(actor.levels(path, "case.record") | actor.levels(path, "case.review"), key=rank)
    return (
        f"您在这里的身份是{'、'.join(TITLES[one] for one in held)}" if held else "您在这里没有办理环节的职责"
    )


ACTS = (
    "record", "supplement", "correction", "correction-request", "correction-granted", "correction-refused", "strike",
    "strike-request", "return",
    "exception", "end", "reopening",
)  # fmt: skip
"""The kinds of entries with which somebody has acted at a level."""


def is_act(entry: EntryView) -> bool:
    """Whether somebody has acted at a level with it: a change of facts is none, but that he approved a place in a plan."""
    return entry.kind in ACTS or (entry.kind == "facts" and "plans" in entry.evidence)


def levels_before(actor: Actor, entries: Sequence[EntryView]) -> frozenset[str]:
    """The levels at which he has acted in this case."""
    return frozenset(entry.level for entry in entries if actor.did(entry.by_id) and is_act(entry))


def refuse_unfit(actor: Actor, case: LoadedCase, level: str) -> None:
    """Raise Forbidden when the case is his own, or he has recorded in it at another level: recorder, approver, and whom they
    decide on are different people."""
    actor.refuse_himself(case.person_id)
    if other := sorted(levels_before(actor, case.entries) - {level}, key=rank):
        raise Forbidden(
            f"您已经以{TITLES[other[0]]}的身份办理过这个人的事项，不能再以{TITLES[level]}的身份办理：记录与审批须由不同的人承担。"
            f"请交由{TITLES[level]}的其他人员办理。",
            code="two-levels",
        )


def usual_level(actor: Actor, case: LoadedCase, capability: Capability) -> str:
    """The level at which he acts when the act itself names none: that of his earlier records, else his highest.

    Raises Forbidden when he does not hold `capability`, or the case is his own.
    """
    actor.require(capability, case.path)
    actor.refuse_himself(case.person_id)
    held = actor.levels(case.path, capability)
    before = held & {entry.level for entry in case.entries if actor.did(entry.by_id)}
    return max(before or held, key=rank)
