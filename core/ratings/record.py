"""Recording an act of somebody's rating; where he stands then is laid out in columns for the lists."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from core.actor import Actor, Capability
from core.casework.acts.entries import encoded
from core.casework.levels import levels_asked, platform_level
from core.database import execute, fetch
from core.errors import Conflict, Forbidden, Invalid, Stale
from core.ratings.matter import mark_of
from core.ratings.model import CONSIDER, WAITING, ActDraft, Matter
from core.ratings.queries import SUBJECTS, THERE
from core.text import refuse_future, remark
from dangwu import LEVELS as TITLES
from dangwu import (
    EvidenceError,
    Finding,
    Mark,
    explain,
    kind_of,
    not_rated,
    progress,
    rating_acts,
    shares,
    strange,
    titles,
)

DECIDING = ("excuse", "decline", "decide", "announce", "answer", "close", CONSIDER)
"""The acts of whoever decides; the others are of whoever proposes."""
ACTS = (*titles.RATING_ACTS, CONSIDER)
OWN = ("apply", "appeal")
RESULTS = ("decide", "answer")


class Refused(Conflict):
    """The scheme does not allow it; `findings` say why."""

    def __init__(self, sentence: str, findings: tuple[Finding, ...]) -> None:
        super().__init__(sentence, code="rating")
        self.findings = findings


def level_of(matter: Matter, act: str) -> str:
    """The level that makes an act: who decides, or who proposes; what a unit says for itself it writes down itself."""
    if act in OWN and matter.round.units:
        return matter.scheme.level
    acting = matter.scheme.decide if act in DECIDING else matter.scheme.propose
    return platform_level(acting.level if acting else "branch")


def may(actor: Actor, matter: Matter, act: str) -> bool:
    """Whether he makes this act here: at its level, not at another level of the same rating before, and neither of himself nor,
    above it, of a unit in which he holds office."""
    if matter.line.person_id is not None and actor.is_himself(matter.line.person_id):
        return False
    level, need = level_of(matter, act), _need(act)
    before = {one.level for one in matter.acts if actor.did(one.by_id)}
    return (
        level in actor.levels(matter.line.path, need)
        and before <= {level}
        and not (level != matter.scheme.level and _in_office(actor, matter))
    )


def _in_office(actor: Actor, matter: Matter) -> bool:
    """Whether he, or whom he acts for, holds office in the unit that is rated: by his account, or by the register."""
    if not matter.round.units:
        return False
    path = matter.line.path
    return bool({actor.person, actor.other_person} & matter.leads) or any(
        held.path.startswith(path) for held in actor.holdings
    )


def possible(matter: Matter) -> tuple[str, ...]:
    """The acts that lead on from where he stands, whoever makes them; none where the scheme was withdrawn altogether."""
    if not matter.holds:
        return ()
    idle = {"apply"} if not _concern(matter, matter.scheme.exempt) else set[str]()
    if not _concern(matter, (tags for tags, _ in matter.scheme.pending)):
        idle.add("certify")
    found = tuple(one for one in rating_acts(matter.now.state) if one not in idle)
    return (*found, CONSIDER) if matter.line.listed else found


async def record(
    actor: Actor, matter: Matter, draft: ActDraft, *, today: date, seen: int | None = None
) -> None:
    """Write an act down. The matter is locked. Raises Forbidden, Invalid, Stale, Refused."""
    if draft.act not in ACTS:
        raise Invalid(f"没有“{draft.act[:40]}”这一项。可用的有：{'、'.join(ACTS)}。", code="act")
    if matter.line.person_id is not None:
        actor.refuse_himself(matter.line.person_id)
    _refuse_withdrawn(matter)
    level = level_of(matter, draft.act)
    if level != matter.scheme.level and _in_office(actor, matter):
        raise Forbidden(
            f"您在被评的{matter.line.name}任职，上级对它的评定由您回避。请交由{TITLES[level]}承担这项职责的其他人员办理；"
            "没有其他人员的，请组织部管理员另行授权。",
            code="in-office",
        )
    if not may(actor, matter, draft.act):
        raise Forbidden(
            f"这一项由{TITLES[level]}有职责的人员办理；同一个人不能既提出又在上一级评定。请交由承担这项职责的人员办理。",
            code="level",
        )
    if seen is not None and seen != matter.line.acts:
        raise Stale("这期间已有别人记录过。请看过现在的情况以后再办。")
    refuse_future("day", "日期", draft.day, today)
    note = remark(draft.note)
    _known(matter, draft)
    if draft.act == CONSIDER:
        await _consider(actor, matter, draft, level, note)
        return
    mark = _mark(draft, matter)
    if findings := (
        *not_rated(matter.scheme, matter.subject, matter.marks, mark),
        *await _over(matter, mark),
    ):
        raise Refused("".join(explain.sentence(matter.regime, one) for one in findings), findings)
    if draft.act in ("decline", "answer") or (draft.act == "decide" and matter.line.edition):
        _explained(note)
    await _write(actor, matter, draft, level, note)
    await _settle(matter, mark, today)


def _refuse_withdrawn(matter: Matter) -> None:
    """Raise Conflict where the scheme counts as never in force."""
    if not matter.holds:
        raise Conflict(
            f"“{matter.round.title}”依据的政策已经撤销，视同没有启用过，这一期不再评定；已有的记录留存。"
            "仍要评定的，请县委组织部管理员重新启用这项政策。",
            code="withdrawn",
        )


def _need(act: str) -> Capability:
    return "rating.decide" if act in DECIDING else "rating.record"


def _concern(matter: Matter, tagged: Iterable[frozenset[str]]) -> bool:
    """Whether he has all tags of one of these sets."""
    return any(tags <= matter.subject.tags for tags in tagged)


def _known(matter: Matter, draft: ActDraft) -> None:
    """Raise Invalid for items and papers of which the scheme knows nothing."""
    shown = {one for _, paper in matter.scheme.pending for one in paper.split("|")}
    if strange := sorted({*draft.items} - {*matter.scheme.items} | {*draft.papers} - shown):
        raise Invalid(
            f"这一评级方案没有{'、'.join(one[:40] for one in strange[:5])}。请按页面上列出的选择。",
            code="words",
        )


def _explained(note: str) -> None:
    if not note:
        sentence = "请写明理由：不同意、答复申诉和改正结果都要让本人知道为什么。"
        raise Invalid(sentence, code="note", fields={"note": sentence})


def _mark(draft: ActDraft, matter: Matter) -> Mark:
    try:
        mark = mark_of(draft)
    except EvidenceError as error:
        raise Invalid("".join(error.problems), code="evidence") from error
    if odd := (*strange(matter.regime, mark.record), *_unasked(draft, matter)):
        raise Invalid("".join(odd), code="evidence")
    if draft.day < matter.round.first:
        sentence = f"这一期从 {matter.round.first} 开始，日期不能早于这一天。请核对日期。"
        raise Invalid(sentence, code="day", fields={"day": sentence})
    return mark


def _unasked(draft: ActDraft, matter: Matter) -> Iterator[str]:
    """Sentences about opinions of levels of which the act asks for none."""
    rules = matter.scheme.asked(draft.act, matter.round.opened)
    for facet, given in draft.evidence.items():
        if kind_of(facet).by_level:
            for level in {*kind_of(facet).tidy(given)} - {*levels_asked(rules, facet)}:
                yield f"这一项不需要“{TITLES.get(level, str(level)[:40])}”的意见。请删去后再记录。"


async def _over(matter: Matter, mark: Mark) -> tuple[Finding, ...]:
    """The ceilings that a result would pass, among all who can have a grade in this round."""
    if mark.act not in RESULTS or not mark.grade or not matter.scheme.share:
        return ()
    rows = await fetch(
        "select id, state, grade, edition from rating_subject where round_id = $1 and state <> 'ungraded'",
        matter.round.id,
    )
    others = [row["grade"] for row in rows if row["edition"] and row["id"] != matter.line.id]
    return shares(matter.scheme, [*others, mark.grade], len(rows))


async def _write(actor: Actor, matter: Matter, draft: ActDraft, level: str, note: str) -> None:
    await execute(
        """insert into rating_mark (subject_id, act, day, grade, own, papers, items, evidence, note, level, by_id, by_name)
           values ($1, $2, $3, $4, $5, $6, $7, $8::jsonb, $9, $10, $11, $12)""",
        matter.line.id, draft.act, draft.day, draft.grade, draft.own, sorted({*draft.papers}), sorted({*draft.items}),
        encoded(draft.evidence), note, level, actor.id, actor.name,
    )  # fmt: skip


async def _settle(matter: Matter, mark: Mark, today: date) -> None:
    """Lay out where he stands now; a round of which nothing waits any more is closed."""
    now = progress(matter.scheme, matter.subject, [*matter.marks, mark], today)
    result = mark.act in RESULTS and bool(mark.grade)
    await execute(
        """update rating_subject set state = $2, grade = $3, proposes = $4, until = $5, edition = edition + $6, acts = acts + 1,
               listed = $7 where id = $1""",
        matter.line.id, now.state, now.grade, list(now.proposes), now.until, int(result),
        now.state == "closed" and bool(now.proposes),
    )  # fmt: skip
    await execute(
        f"""update rating_round set closed = $2 where id = $1 and not exists
               (select from {SUBJECTS} where s.round_id = $1 and s.state = any($3) and {THERE})""",
        matter.round.id, today, list(WAITING),
    )  # fmt: skip


async def _consider(actor: Actor, matter: Matter, draft: ActDraft, level: str, note: str) -> None:
    """What people made of what the grade proposes: written down, and off the list; nothing else follows."""
    if not matter.line.listed:
        raise Conflict("没有待研究的建议，或者已经研究过。", code="considered")
    if not note:
        sentence = "请写明研究的结果：采纳、不采纳或者另作安排，和理由。"
        raise Invalid(sentence, code="note", fields={"note": sentence})
    last = max((one.day for one in matter.acts), default=matter.round.first)
    if draft.day < last:
        sentence = f"研究的日期 {draft.day} 早于前一项的日期 {last}。请核对日期。"
        raise Invalid(sentence, code="day", fields={"day": sentence})
    await _write(actor, matter, ActDraft(act=draft.act, day=draft.day), level, note)
    await execute("update rating_subject set listed = false, acts = acts + 1 where id = $1", matter.line.id)
