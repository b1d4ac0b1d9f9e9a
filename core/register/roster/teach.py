"""Saying what headings and words of a roster mean, for this one and all to come; and taking that back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

import msgspec

from core.actor import Actor
from core.database import execute, fetch
from core.errors import Conflict, Invalid, NotFound
from core.paths import Conditions, unit_of, within
from core.register.roster.batch import Batch, batch
from core.register.roster.columns import TITLES, normal
from core.register.roster.match import branches_below
from core.register.roster.taught import CHOICES, HEADING, LEFT_OUT
from core.register.roster.unknown import Unknown, unknown_words

LONGEST = 120


class Remembered(msgspec.Struct, frozen=True):
    """What was remembered at a unit: `field` is that of the column, or `heading`; `shown` is `meant` in words."""

    id: UUID
    unit_id: UUID
    unit_name: str
    field: str
    heard: str
    meant: str
    shown: str
    by_name: str
    at: datetime


class Answers(msgspec.Struct):
    """Heading → field ("" not to be read); field → word → what it means: a key of its list, the name of a branch, "" nothing."""

    headings: dict[str, str] = {}
    values: dict[str, dict[str, str]] = {}


async def questions(actor: Actor, batch_id: UUID) -> tuple[Batch, list[Unknown]]:
    """A batch that can be read again, and the words in it that nobody has explained. Raises NotFound, Conflict."""
    found = await batch(actor, batch_id, lock=True)
    if not found.readable:
        raise Conflict("这次导入已经有了结果，原文件不再保存，不能再对照表头。请重新上传名册。")
    return found, await unknown_words(batch_id)


async def teach(actor: Actor, batch_id: UUID, answers: Answers) -> Batch:
    """Remember the answers at the batch's unit, and have its file read again. Raises Invalid by field (`heading:…`,
    `value:FIELD:…`), Conflict when the file is no longer kept."""
    found, _ = await questions(actor, batch_id)
    said = {**_headings(found, answers.headings), **await _values(found, answers.values)}
    if not said:
        raise Invalid("没有选定任何一项，名册还是原来的读法。请至少选定一个表头或用语的含义。")
    for (field, heard), meant in said.items():
        await execute(
            """insert into roster_word (unit_id, path, field, heard, meant, by_id, by_name) values ($1, $2, $3, $4, $5, $6, $7)
               on conflict (tenant_id, unit_id, field, heard)
               do update set meant = excluded.meant, by_id = excluded.by_id, by_name = excluded.by_name,
                             at = clock_timestamp()""",
            found.unit_id, found.path, field, heard, meant, actor.id, actor.name,
        )  # fmt: skip
    await execute("delete from import_row where batch_id = $1", batch_id)
    await execute(
        "update import_batch set state = 'uploaded', refusal = null, counts = '{}', columns = '{}' where id = $1",
        batch_id,
    )
    return await batch(actor, batch_id)


def _headings(found: Batch, given: Mapping[str, str]) -> dict[tuple[str, str], str]:
    """What differs from how the headings are read now. Raises Invalid for two columns of one field, and what is no field."""
    now = {heading.text: heading.field for heading in found.columns.headings}
    chosen = {**now, **{heading: field for heading, field in given.items() if heading in now}}
    for heading, field in chosen.items():
        if field not in (LEFT_OUT, *TITLES):
            raise Invalid(
                "没有这样的列。请从列出的各列中选择。", fields={f"heading:{heading}": "请重新选择。"}
            )
        twins = [one for one, other in chosen.items() if field and other == field]
        if len(twins) > 1:
            told = "、".join(f"“{one}”" for one in twins)
            sentence = f"{told}都选成了“{TITLES[field]}”。一列只能对应一个表头，请把其余的选为“不读取”。"
            raise Invalid(sentence, fields={f"heading:{one}": "与另一列重复。" for one in twins})
    return {(HEADING, normal(heading)): field for heading, field in chosen.items() if field != now[heading]}


async def _values(found: Batch, given: Mapping[str, Mapping[str, str]]) -> dict[tuple[str, str], str]:
    """Raises Invalid for what is no choice of the column, or no branch of the unit."""
    branches = await branches_below(found.path)
    said, faults = {}, {}
    for field, words in given.items():
        for heard, meant in words.items():
            at = f"value:{field}:{heard}"
            if field == "unit":
                try:
                    said[field, heard] = str(branches.find(meant))
                except Invalid as fault:
                    faults[at] = fault.sentence
            elif (
                field not in CHOICES
                or meant not in (LEFT_OUT, *CHOICES[field])
                or not 0 < len(heard) <= LONGEST
            ):
                faults[at] = "请从列出的选项中选择。"
            else:
                said[field, heard] = meant
    if faults:
        raise Invalid("有几处没有选对，尚未保存。请按下面的提示改正。", fields=faults)
    return said


async def remembered(actor: Actor) -> list[Remembered]:
    """All that is remembered at the units where he may import, by unit."""
    where = Conditions()
    where.below("w.path", within(actor, "register.import"))
    rows = await fetch(
        f"""select w.id, w.unit_id, u.short_name unit_name, w.field, w.heard, w.meant, w.by_name, w.at, b.name branch
            from roster_word w {unit_of("w")}
            left join unit b on w.field = 'unit' and b.id::text = w.meant
            where {where} order by w.path, w.field <> '{HEADING}', w.field, w.heard limit 1000""",
        *where.args,
    )
    return [
        Remembered(
            row["id"], row["unit_id"], row["unit_name"], row["field"], row["heard"], row["meant"],
            _shown(row["field"], row["meant"], row["branch"]), row["by_name"], row["at"],
        )
        for row in rows
    ]  # fmt: skip


def _shown(field: str, meant: str, branch: str | None) -> str:
    if field == HEADING:
        return TITLES.get(meant, "不读取")
    return branch or CHOICES.get(field, {}).get(meant, "按空白读取")


async def forget(actor: Actor, word_id: UUID) -> None:
    """Read it as before from the next roster on. Raises NotFound."""
    where = Conditions()
    where.below("path", within(actor, "register.import"))
    where.add("id = {}", word_id)
    gone = await fetch(f"delete from roster_word where {where} returning id", *where.args)
    if not gone:
        raise NotFound("没有找到这条对照，它可能已经删去。请刷新页面查看现在的对照。")
