"""A rule from its entry in a policy file."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

from dangwu.errors import nearest
from dangwu.facets.reading import EXCEPTION, brief, colon
from dangwu.facets.registry import FACETS, guard
from dangwu.policy.blanks import bind, blanks_in
from dangwu.policy.entry import LONGEST_ID, Entry
from dangwu.policy.known import Known
from dangwu.policy.load_facet import (
    Ground,
    contradictory,
    downwards,
    exceptions,
    misplaced,
    misread,
    misworded,
    several,
)
from dangwu.policy.place import Place
from dangwu.policy.plan import KEYS as OF_A_PLAN
from dangwu.policy.policy import BASES, CHECKED, Cite, Policy, Rule
from dangwu.policy.rating import KEYS as OF_A_RATING
from dangwu.policy.scheme import read as read_rating
from dangwu.policy.stated import KEYS, keys, stated
from dangwu.policy.steps import Steps
from dangwu.policy.yearly import read as read_plan
from dangwu.shapes.faults import Path
from dangwu.text.reader import line_of
from dangwu.values.vocabulary import rank

RULE_ID = re.compile(r"^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)+\Z")
VERBS = ("add", "tighten", "duty", "rating", "plan", "tag", "term")
PLAIN = (
    "id", "title", "note", "since", "until", "was", "when", "off", "basis", "checked", "blanks", "cite", "on_failure",
    "after", "before", "stage", "level",
)  # fmt: skip
FLOOR_ONLY = ("span", "outcomes", "confirms", "completes", "side", "corrects", "formal")


class RuleReader:
    """Reads rules of one policy; problems go to `problem(sentence, line)`."""

    def __init__(
        self, policy: Policy, steps: Steps, known: Known, floor: Ground, problem: Callable[[str, int], None]
    ) -> None:
        self.policy, self.steps, self.known, self.ground = policy, steps, known, floor
        self._problem = problem

    def rule(self, raw: dict[str, Any]) -> Rule | None:
        """The rule, or None when it has problems (all of them are reported)."""
        entry = Entry(raw, self.known, self._problem)
        if (
            not isinstance(raw.get("id"), str)
            or len(entry.name) > LONGEST_ID
            or not RULE_ID.match(entry.name)
        ):
            entry.bad(
                f"id“{brief(entry.name)}”应写作 主题.规则（小写字母、数字和连字符，例如 public.fifteen-days）。",
                "id",
            )
        verbs = [verb for verb in VERBS if verb in raw]
        if len(verbs) != 1:
            _one_verb(entry)
            return None
        _unknown(entry, self.policy.floor, verbs[0])
        _meaningless(entry, verbs[0])
        if entry.fine and verbs == ["tighten"] and not _tightens(raw):
            entry.bad("没有写收紧什么。请写一项要求（例如 notice）、after、before 或 on_failure。")
        found = self._read(entry, verbs[0])
        for path in _hollow(raw) if entry.fine and verbs == ["rating"] else ():
            entry.bad(f"{'.'.join(map(str, path))} 没有写内容。请写明，或删去这一项。", *path)
        if entry.fine:
            for name, what in contradictory(found, self.ground):
                entry.bad(what, name)
            several(entry, found.exceptions, bind(found, {}) if found.exceptions else {})
        return found if entry.fine else None

    def _read(self, entry: Entry, verb: str) -> Rule:
        raw = entry.raw
        place = Place(entry, verb, self.steps, self.policy.floor)
        plan = read_plan(entry) if verb == "plan" else None
        facets, excepted = exceptions(entry, _facets(raw, verb))
        self._excepting(entry, excepted, place)
        for name, params in facets.items():
            self._facet(entry, name, params, place)
        facets = guard(verb, plan.plan) if plan and place.steps else facets
        cites, said = self._cites(entry), stated(entry, verb, self.policy.blanks)
        scheme, rating = read_rating(entry, self.policy.blanks) if verb == "rating" else ("", {})
        return Rule(
            id=f"{self.policy.id}.{entry.name}",
            plugin=self.policy.id,
            kind=verb,  # type: ignore[arg-type]
            cite=cites[-1],
            cited_before=cites[:-1],
            title=entry.text("title"),
            note=entry.text("note"),
            procedure=place.procedure,
            steps=place.steps,
            facets=facets,
            exceptions=excepted,
            step=place.facts(),
            on_failure=place.on_failure(),
            **entry.dates(),
            was=self._was(entry),
            corrects=entry.text("corrects"),
            when=_when(entry) if "when" in raw else frozenset(),
            off=entry.flag("off"),
            basis=entry.choice("basis", BASES, "stated"),  # type: ignore[arg-type]
            checked=entry.choice("checked", CHECKED, "verified"),  # type: ignore[arg-type]
            blanks=self._blanks(entry, {**facets, **said, "rating": rating}),
            stated=said,
            scheme=scheme,
            rating=rating,
            plan=plan,
            words=dict(raw[verb]) if verb in ("tag", "term") and isinstance(raw[verb], dict) else {},
            line=line_of(raw),
        )

    def _excepting(self, entry: Entry, excepted: dict[str, str], place: Place) -> None:
        """Tell of an exception that a level below the one which acts would grant."""
        for name, level in excepted.items():
            for step in place.steps:
                own = self.steps.level.get(place.procedure, {}).get(step, "")
                if own and rank(level) < rank(own):
                    entry.bad(
                        f"“{name}.{EXCEPTION}”写的是 {level}，可“{step}”由 {own} 办，例外不能由它的下级同意。",
                        name,
                        EXCEPTION,
                    )

    def _facet(self, entry: Entry, name: str, params: Any, place: Place) -> None:
        found = list(misread(name, params, self.policy.blanks)) or [
            *misworded(name, params, self.known),
            *misplaced(name, params, place.procedure, place.steps, self.steps),
        ]
        for path, what in found:
            entry.bad(what, name, *path)
        for path, what in downwards(name, params, self._levels(place)) if not found else ():
            entry.bad(what, name, *path)

    def _levels(self, place: Place) -> dict[str, str]:
        """The steps of a rule with the levels that act there, as far as they are known."""
        known = self.steps.level.get(place.procedure, {})
        return {step: known[step] for step in place.steps if known.get(step)}

    def _was(self, entry: Entry) -> tuple[str, ...]:
        """Its ids in earlier texts, in full."""
        names = (self.policy.id, *self.policy.was)
        found: list[str] = []
        for number, one in enumerate(entry.ids("was")):
            plugin = next((name for name in names if one.startswith(f"{name}.")), "")
            if not RULE_ID.match(one.removeprefix(f"{plugin}.")):
                entry.bad(
                    f"was 写的“{brief(one)}”应为这条规则以前的 id，例如 public.ten-days。", "was", number
                )
            found += [one] if plugin else [f"{name}.{one}" for name in names]
        return tuple(found)

    def _cites(self, entry: Entry) -> tuple[Cite, ...]:
        """The documents that say it, oldest first; the last is the one in force."""
        raw = entry.raw.get("cite")
        listed = raw if isinstance(raw, list) and raw else [raw]
        *before, cite = [self._cite(entry, one) for one in listed]
        if any(one.until is None for one in before):
            entry.bad("cite 写了几份文件的，旧的各写 until（失效的第一天），最新的写在最后。", "cite")
        elif entry.fine:
            _succeeding(entry, (*before, cite))
        return (*before, cite)

    def _cite(self, entry: Entry, raw: Any) -> Cite:
        if isinstance(raw, dict) and {*raw} - {*Cite.__struct_fields__}:
            entry.made(Cite, raw, "cite")
            return Cite("", "")
        if not isinstance(raw, dict) or not raw.get("source") or not raw.get("clause"):
            entry.bad(
                f"{'出处不完整' if raw else '缺少出处'}。每条规则都要写 cite: {{source: 文件标识, clause: 条款}}。",
                "cite",
            )
            return Cite("", "")
        source, known = raw["source"], self.policy.sources
        if isinstance(source, str) and source not in known:
            titles = {name: one.title for name, one in known.items()}
            entry.bad(
                f"出处“{brief(source)}”没有在 sources 中列出{nearest(source, known, titles)}。",
                "cite",
                "source",
            )
            return Cite("", "")
        found: Cite | None = entry.made(Cite, raw, "cite")
        if found is None:
            return Cite("", "")
        return found

    def _blanks(self, entry: Entry, facets: dict[str, Any]) -> tuple[str, ...]:
        named = entry.ids("blanks")
        for one in named:
            if one not in self.policy.blanks:
                entry.bad(f"填空“{one}”没有在 blanks 中声明{nearest(one, self.policy.blanks)}。", "blanks")
        inside = (blank for params in facets.values() for blank in blanks_in(params))
        return tuple(dict.fromkeys([*named, *inside]))


def _succeeding(entry: Entry, cites: tuple[Cite, ...]) -> None:
    """Tell of documents that do not follow each other without a gap."""
    last = cites[-1]
    if last.until is not None or (len(cites) == 1 and last.since is not None):
        entry.bad(
            "现行的文件不写 until，只有一份的也不写 since。规则本身的起止写在规则的 since、until。", "cite"
        )
    for one, two in pairwise(cites):
        assert one.until is not None
        if (two.since or one.until) != one.until or (two.until and two.until <= one.until):
            entry.bad(f"cite 中的文件要前后相接：前一份 {one.until} 失效，后一份从那一天起。", "cite")


def _meaningless(entry: Entry, verb: str) -> None:
    """Tell of fields that say something about a step in a rule that is about none, or about a step that it does not add."""
    own = {"rating": OF_A_RATING, "plan": OF_A_PLAN}.get(verb, ())
    of_a_step = tuple(
        key for key in ("stage", "level", "after", "before", "on_failure", *FACETS) if key not in own
    )
    lost = of_a_step if verb not in ("add", "tighten") else ("stage", "level") if verb == "tighten" else ()
    for key in lost:
        if key in entry.raw:
            entry.bad(f"{verb} 的规则不写 {key}：它在这里不起作用。请删去，或另写一条规则。", key)


def _one_verb(entry: Entry) -> None:
    """That it has none, or several; and which of its fields may be a misspelt one."""
    entry.bad(
        "应恰有一项 add（增设环节）、tighten（收紧环节）、duty（职责）、rating（评级）、plan（年度计划）、tag 或 term。"
    )
    known = {*PLAIN, *VERBS, *FACETS, *KEYS, *OF_A_RATING, *OF_A_PLAN, *FLOOR_ONLY}
    for key in entry.raw.keys() - known if not entry.raw.keys() & {*VERBS} else ():
        if near := nearest(str(key), VERBS):
            entry.bad(f"有不认识的字段“{brief(key)}”{near}。", key)


def _unknown(entry: Entry, floor: bool, verb: str) -> None:
    own = {"rating": OF_A_RATING, "plan": OF_A_PLAN}.get(verb, keys(verb))
    own = tuple(key for key in own if key not in FLOOR_ONLY)
    known = (*PLAIN, *VERBS, *FACETS, *own, *(FLOOR_ONLY if floor else ()))
    for key in entry.raw:
        if key in FLOOR_ONLY and key not in known:
            entry.bad(
                f"“{key}”是国家规定的定数，地方规则不能写。请删去这一项；要更严的，另写要求（例如 timing）。",
                key,
            )
        elif key not in known and (slip := colon(key)):
            entry.bad(f"有不认识的字段“{brief(key)}”{slip}。", key)
        elif key == EXCEPTION:
            entry.bad(
                "exception 不单独写，写在它放宽的那一项要求里面，例如 notice: {days: 7, exception: department}。",
                key,
            )
        elif key not in known and key in KEYS:
            entry.bad(f"{verb} 的规则不写 {key}：它在这里不起作用。请删去，或另写一条规则。", key)
        elif key not in known:
            hint = nearest(str(key), known, {name: kind.title for name, kind in FACETS.items()})
            entry.bad(f"有不认识的字段“{brief(key)}”{hint}。可用的要求有：{'、'.join(sorted(FACETS))}。", key)


def _facets(raw: dict[str, Any], verb: str) -> dict[str, Any]:
    """What it asks of steps, as written; what a plan says of itself (`consent`, `filing`) is about none."""
    return {} if verb == "plan" else {name: raw[name] for name in raw if name in FACETS}


def _hollow(value: Any, path: Path = ()) -> Iterator[Path]:
    """Where nothing is written though something should be; a requirement may stand for itself."""
    if path and path[-1] not in FACETS and (value is None or value in ({}, [])):
        yield path
    for key, part in value.items() if isinstance(value, dict) else ():
        yield from _hollow(part, (*path, key))


def _tightens(raw: dict[str, Any]) -> bool:
    return bool({*FACETS, "after", "before", "on_failure", "blanks"} & raw.keys())


def _when(entry: Entry) -> frozenset[str]:
    raw = entry.raw["when"]
    if not raw or not isinstance(raw, list) or not all(isinstance(tag, str) for tag in raw):
        entry.bad("when 应为标签的列表，例如 [rural]。", "when")
        return frozenset()
    for number, tag in enumerate(raw):
        what = "" if tag not in raw[:number] else f"“{tag[:60]}”写了两次"
        what = what or entry.known.wrong(tag, ("tag",))
        if what:
            entry.bad(f"“when”中，{what}。", "when", number)
    return frozenset(raw)
