"""What a person holds for a time: posts, and what limits his rights. Entered, ended, corrected, withdrawn; each with a line in
his history."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Literal
from uuid import UUID

import msgspec
from asyncpg import Record

from core.actor import Actor, Capability
from core.database import execute, fetch, fetchrow, fetchval
from core.errors import Conflict, Invalid, NotFound, Stale
from core.organisation.access import access_unit
from core.organisation.model import KINDS
from core.paths import placed
from core.register.access import access_person
from core.register.rights.words import FULL, WORDS, Limit, Post, word_of
from core.register.service import note_person
from core.text import one_line, refuse_future, remark
from dangwu import MEMBERSHIPS, add_months

Kind = Literal["post", "limit"]
EDITS: dict[Kind, Capability] = {"post": "post.edit", "limit": "sanction.edit"}
"""The capability that it takes to enter or change one."""


class SpanDraft(msgspec.Struct, frozen=True, kw_only=True):
    """What is entered: a word of words.yaml; a post's unit; `ended` is the first day on which it no longer holds."""

    word: str
    since: date
    ended: date | None = None
    unit_id: UUID | None = None
    note: str = ""


class Span(msgspec.Struct, frozen=True, kw_only=True):
    """One of them as read."""

    id: UUID
    kind: Kind
    word: str
    title: str
    since: date
    ended: date | None
    unit_id: UUID | None
    unit_name: str
    unit_path: str
    note: str
    version: int

    def holds(self, day: date) -> bool:
        """Whether it holds on a day."""
        return self.since <= day and (self.ended is None or day < self.ended)


async def add_span(actor: Actor, person_id: UUID, kind: Kind, draft: SpanDraft, today: date) -> UUID:
    """Enter a post or a limit; its id. Raises NotFound, Forbidden, Invalid by field, Conflict for what is entered already."""
    person = await access_person(actor, person_id, EDITS[kind], lock=True)
    made = await _checked(actor, person, kind, draft, today)
    await _refuse_twice(person_id, kind, made, None)
    span_id: UUID = await fetchval(
        """insert into person_span (person_id, kind, word, unit_id, since, ended, note) values ($1, $2, $3, $4, $5, $6, $7)
           returning id""",
        person_id, kind, made.word, made.unit_id, made.since, made.ended, made.note,
    )  # fmt: skip
    await note_person(actor, person_id, kind, act="added", span=span_id, now=made)
    return span_id


async def change_span(
    actor: Actor, person_id: UUID, span_id: UUID, draft: SpanDraft, seen_version: int, today: date
) -> None:
    """Put it right, or say when it ended. Raises as `add_span`, and Stale when somebody else changed it."""
    row, person = await _access(actor, person_id, span_id)
    kind: Kind = row["kind"]
    if row["version"] != seen_version:
        raise Stale("这一条刚刚被别人修改过。请对照现在的内容，再决定是否按您填写的保存。")
    made, was = await _checked(actor, person, kind, draft, today), _draft(row)
    if made == was:
        return
    await _refuse_twice(person_id, kind, made, span_id)
    await execute(
        """update person_span set word = $2, unit_id = $3, since = $4, ended = $5, note = $6, version = version + 1
           where id = $1""",
        span_id, made.word, made.unit_id, made.since, made.ended, made.note,
    )  # fmt: skip
    await note_person(actor, person_id, kind, act="changed", span=span_id, was=was, now=made)


async def end_posts(actor: Actor, unit_id: UUID, person_ids: Sequence[UUID], day: date) -> int:
    """The posts that these people hold at a unit which they leave end on `day`, with a line in each file; how many. For services
    that have checked access."""
    told = "'word', s.word, 'since', s.since, 'ended', {}, 'unit_id', s.unit_id, 'note', s.note"
    return int(
        await fetchval(
            f"""with held as (select * from person_span where unit_id = $1 and person_id = any($2) and kind = 'post' and not void
                                and since < $3 and (ended is null or ended > $3)),
                     over as (update person_span s set ended = $3, version = s.version + 1 from held where s.id = held.id),
                     noted as (insert into person_change (person_id, kind, detail, by_id, by_name)
                               select person_id, kind, jsonb_build_object('act', 'changed', 'span', id,
                                   'was', jsonb_build_object({told.format("s.ended")}),
                                   'now', jsonb_build_object({told.format("$3::date")})), $4, $5 from held s)
                select count(*) from held""",
            unit_id, list(person_ids), day, actor.id, actor.name,
        )
    )  # fmt: skip


async def void_span(actor: Actor, person_id: UUID, span_id: UUID, reason: str) -> None:
    """It was entered in error: it never held; the history keeps it with the reason. Raises NotFound, Forbidden, Invalid."""
    row, _ = await _access(actor, person_id, span_id)
    reason = one_line("reason", "登记有误的原因", reason, most=200)
    await execute("update person_span set void = true, version = version + 1 where id = $1", span_id)
    await note_person(
        actor, person_id, row["kind"], act="voided", span=span_id, was=_draft(row), reason=reason
    )


async def spans_of(person_ids: list[UUID]) -> dict[UUID, tuple[Span, ...]]:
    """Everything that these people hold or held, oldest first, by the file that is kept of them; for services that have checked
    access."""
    rows = await fetch(
        f"""select s.*, q.id asked, {placed()} unit_name, u.path unit_path
           from person q join person_span s on s.person_id = coalesce(q.merged_into, q.id) left join unit u on u.id = s.unit_id
           where q.id = any($1) and not s.void order by s.since, s.id""",
        person_ids,
    )
    found: dict[UUID, list[Span]] = {one: [] for one in person_ids}
    for row in rows:
        found[row["asked"]].append(_span(row))
    return {person: tuple(listed) for person, listed in found.items()}


async def person_spans(actor: Actor, person_id: UUID) -> tuple[Span, ...]:
    """What somebody sees of it on a person's file: limits only with `sanction.view`. Raises NotFound, Forbidden."""
    row = await access_person(actor, person_id)
    if row["merged_into"]:
        return ()
    sees = actor.may("sanction.view", row["path"])
    return tuple(one for one in (await spans_of([person_id]))[person_id] if one.kind == "post" or sees)


def _span(row: Record) -> Span:
    words = WORDS.posts if row["kind"] == "post" else WORDS.limits
    known = words.get(row["word"])
    return Span(
        id=row["id"], kind=row["kind"], word=row["word"], title=known.title if known else row["word"],
        since=row["since"], ended=row["ended"], unit_id=row["unit_id"], unit_name=row["unit_name"] or "",
        unit_path=row["unit_path"] or "", note=row["note"], version=row["version"],
    )  # fmt: skip


def _draft(row: Record) -> SpanDraft:
    return SpanDraft(**{name: row[name] for name in SpanDraft.__struct_fields__})


async def _access(actor: Actor, person_id: UUID, span_id: UUID) -> tuple[Record, Record]:
    row = await fetchrow(
        "select * from person_span where id = $1 and person_id = $2 and not void", span_id, person_id
    )
    person = await access_person(
        actor, person_id, EDITS[row["kind"]] if row else "person.view", lock=row is not None
    )
    if row is None:
        raise NotFound("没有找到这一条登记，可能已经撤销。请回到这个人的档案重新选择。")
    _refuse_by_case(WORDS.limits.get(row["word"]))
    return row, person


def _refuse_by_case(word: Post | Limit | None) -> None:
    """Raise Conflict for what follows from cases alone."""
    if isinstance(word, Limit) and word.by_case:
        raise Conflict(
            f"“{word.title}”只随办理档案登记和结束，不能在这里登记、修改。请在办理档案中办理。",
            code="by-case",
        )


async def _checked(actor: Actor, person: Record, kind: Kind, draft: SpanDraft, today: date) -> SpanDraft:
    word = word_of(kind, draft.word, today)
    _refuse_by_case(word)
    begins = "任职日期" if kind == "post" else "自哪一天起"
    refuse_future("since", begins, draft.since, today)
    ended, note = draft.ended, remark(draft.note)
    if isinstance(word, Limit):
        _check_limit(word, draft, note)
        if ended is None and word.months:
            ended = add_months(draft.since, word.months)
    else:
        await _check_post(actor, person, word, draft)
    if ended is not None and ended <= draft.since:
        raise Invalid(
            f"结束的日期 {ended} 不晚于开始的日期 {draft.since}。请核对日期。",
            fields={"ended": "须晚于开始的日期。"},
        )
    return SpanDraft(
        word=draft.word,
        since=draft.since,
        ended=ended,
        unit_id=draft.unit_id if kind == "post" else None,
        note=note,
    )


def _check_limit(word: Limit, draft: SpanDraft, note: str) -> None:
    if word.asks and not note:
        raise Invalid(
            f"“{word.title}”的党员不计入应到会，须经上级党委同意、支部大会通过。请在说明里写明同意和通过的日期、文号。",
            fields={"note": "请写明上级党委同意、支部大会通过的日期、文号。"},
        )
    last = add_months(draft.since, word.longest) if word.longest else None
    if last is not None and draft.ended is not None and draft.ended > last:
        raise Invalid(
            f"{word.title}最长 {word.longest} 个月，自 {draft.since} 起不能超过 {last}（{WORDS.cited(word)}）。请核对处分决定。",
            fields={"ended": f"不能晚于 {last}。"},
        )


async def _check_post(actor: Actor, person: Record, word: Post, draft: SpanDraft) -> None:
    if draft.unit_id is None:
        raise Invalid("没有选择任职的党组织。请选择。", fields={"unit": "请选择任职的党组织。"})
    unit = await access_unit(actor, draft.unit_id, "post.edit")
    if unit.kind not in word.at:
        places = "、".join(KINDS[one] for one in word.at)
        raise Invalid(
            f"“{word.title}”是{places}的职务，“{unit.name}”不是{places}。请核对职务和党组织。",
            fields={"unit": f"请选择{places}。"},
        )
    begins = MEMBERSHIPS[person["membership"]].begins
    if begins != FULL:
        state = WORDS.states[begins or "none"]
        raise Invalid(
            f"{person['name']}{_being(state.title)}，没有被选举权，不能登记党内职务（{WORDS.cited(state)}）。请核对人员类别。",
            fields={"word": f"{state.title}不能担任党内职务。"},
        )


def _being(title: str) -> str:
    """是预备党员, 不是党员."""
    return title if title.startswith("不是") else f"是{title}"


async def _refuse_twice(person_id: UUID, kind: Kind, made: SpanDraft, besides: UUID | None) -> None:
    """Raise Conflict for the same word, at the same unit, at the same time."""
    row = await fetchrow(
        """select since, ended from person_span where person_id = $1 and kind = $2 and word = $3 and not void
             and unit_id is not distinct from $4 and id is distinct from $5
             and daterange(since, ended) && daterange($6, $7) limit 1""",
        person_id, kind, made.word, made.unit_id, besides, made.since, made.ended,
    )  # fmt: skip
    if row is not None:
        until = f"至 {row['ended']}" if row["ended"] else "，尚未结束"
        raise Conflict(
            f"“{word_of(kind, made.word).title}”已经登记过：自 {row['since']} 起{until}，时间有重叠。请改那一条。",
            fields={"since": "与已登记的时间重叠。"},
        )
