"""Two files of one person are made one: the kept one takes over what was chosen, and all goes along; the other leads to it."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import msgspec

from core.actor import Actor
from core.casework.carry import carry_with_people, has_running_case, refuse_two_cases, settled_by_case
from core.casework.model import RegimeFor
from core.casework.standing.sweep import recompute_people
from core.changes.goes import go_along
from core.database import execute, fetch, fetchrow
from core.errors import Conflict, Invalid, Stale
from core.register.guests import guests_left
from core.register.rights.words import word_of
from core.register.twins.pair import CHOICES, Pair, access_pair
from core.register.twins.unite import note_united, unite_files
from core.text import one_line
from core.transfers.settle import settle_people


class Union(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be done: `gone` goes into `kept`, which takes the values of `taken` (keys of CHOICES) from it.

    `versions` are those of kept and gone that were seen.
    """

    kept: UUID
    gone: UUID
    taken: frozenset[str]
    versions: tuple[int, int]
    reason: str


async def unite(actor: Actor, union: Union, today: date, regime_for: RegimeFor) -> None:
    """Make them one. Raises NotFound, Forbidden, Stale, Invalid by field, and Conflict for what has to be settled first."""
    pair = await access_pair(actor, union.kept, union.gone, "person.merge", lock=True)
    if tuple(row["version"] for row in pair) != union.versions:
        raise Stale("两份档案中有一份刚刚被别人修改过。请对照现在的内容，再决定是否合并。")
    if unknown := union.taken - CHOICES.keys():
        raise Invalid(f"没有“{'、'.join(sorted(unknown))}”这样的项目。请从列出的项目中选择。")
    reason = one_line("reason", "理由", union.reason, most=200)
    await refuse_two_cases(union.kept, union.gone)
    await _refuse_on_his_way(pair)
    await _refuse_unlike_tags(pair)
    await _refuse_unlike_spans(pair)
    await _follow_case(pair, union.taken)
    was, change = await unite_files(pair, union.taken, reason, today)
    went = await go_along(actor, union.gone, union.kept)
    # He takes part in a temporary branch once: of two the kept file's.
    await guests_left([union.gone], today)
    await carry_with_people(actor, [union.kept], today)
    await recompute_people([union.kept], today, regime_for)
    await settle_people([union.kept], regime_for)
    last = await note_united(actor, pair, change, reason)
    await execute(
        """insert into person_merge (gone_id, kept_id, kept_was, went, last_change, by_id, by_name)
           values ($1, $2, $3, $4, $5, $6, $7)""",
        union.gone, union.kept, was, msgspec.json.encode(went).decode(), last, actor.id, actor.name,
    )  # fmt: skip


async def _refuse_on_his_way(pair: Pair) -> None:
    """A transfer begins at the unit of its person: it would stand where he is not."""
    if pair.one["unit_id"] != pair.other["unit_id"] and await has_running_case(pair.other["id"], "unit"):
        raise Conflict(
            "并入的那一份正在接转组织关系，而两份档案不在同一个党组织。请先办完接转，或者由转出一方终止，再来合并。",
            code="on-his-way",
        )


async def _follow_case(pair: Pair, taken: frozenset[str]) -> None:
    """What he is follows from the case, where one of the two files has it."""
    settled = await settled_by_case([row["id"] for row in pair])
    if "membership" not in pair.differing() or len(settled) != 1:
        return
    if ("membership" in taken) != (pair.other["id"] in settled):
        raise Conflict(
            "人员类别和有关日期由办理档案确定，两份档案中只有一份有办理档案。请选择那一份的人员类别。",
            fields={"membership": "请选择有办理档案的那一份。"},
        )


async def _refuse_unlike_tags(pair: Pair) -> None:
    """A running case goes by the tags: they are changed there."""
    row = await fetchrow(
        """select exists (select from case_file where person_id = any($1) and status = 'running' and confers = 'membership')
               and array(select tag from person_tag where person_id = $2 and ended is null order by 1)
               <> array(select tag from person_tag where person_id = $3 and ended is null order by 1) unlike""",
        [one["id"] for one in pair], pair.one["id"], pair.other["id"],
    )  # fmt: skip
    if row and row["unlike"]:
        raise Conflict(
            "正在办理的档案按特征判断，而两份档案登记的特征不同。请先改成一致，再合并："
            "有办理档案的，在那份档案里用“更新本人情况”；另一份用“修改特征”。",
            code="tags",
        )


async def _refuse_unlike_spans(pair: Pair) -> None:
    rows = await fetch(
        """select a.kind, a.word from person_span a join person_span b
             on (b.kind, b.word) = (a.kind, a.word) and b.unit_id is not distinct from a.unit_id
           where a.person_id = $1 and b.person_id = $2 and not a.void and not b.void
             and daterange(a.since, a.ended) && daterange(b.since, b.ended)
             and (a.since, a.ended) is distinct from (b.since, b.ended) limit 1""",
        pair.one["id"], pair.other["id"],
    )  # fmt: skip
    for row in rows:
        title = word_of(row["kind"], row["word"]).title
        raise Conflict(
            f"两份档案都登记了“{title}”，时间重叠而又不同。请先更正或撤销其中登记有误的一条，再合并。",
            code="spans",
        )
