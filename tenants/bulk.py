"""What can be done to many people at one go."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date
from functools import partial
from typing import Annotated, Literal, NamedTuple
from uuid import UUID

import msgspec

from core.actor import Actor, Capability
from core.changes.many import reassign, regroup, retag
from core.errors import Invalid
from core.ledger.note import note
from core.text import tidy
from tenants.many import Outcome, all_or_none
from tenants.policies.regimes import regime_of_path
from tenants.policies.tags import tag_title, tag_titles

MOST = 200
"""People in one act."""

BulkKind = Literal["group", "tag", "untag", "move"]


class Kind(NamedTuple):
    """What can be done to many: what it is called, who may, by which verb it is noted, what is said of it besides."""

    title: str
    needs: Capability
    verb: str
    asks: tuple[str, ...]


KINDS: dict[BulkKind, Kind] = {
    "group": Kind("编入本支部的党小组（或者回到支部）", "person.edit", "people.grouped", ("into",)),
    "tag": Kind("加上一项特征", "person.edit", "people.tagged", ("tag",)),
    "untag": Kind("去掉一项特征", "person.edit", "people.tagged", ("tag",)),
    "move": Kind("支部设置调整，整批编入另一个党支部", "register.import", "people.moved", ("into", "paper")),
}


class Bulk(msgspec.Struct, frozen=True, kw_only=True):
    """One thing for all of `people` as of `day`: `group` and `move` need `into`, `move` a `paper`, the others a `tag`."""

    kind: BulkKind
    people: Annotated[tuple[UUID, ...], msgspec.Meta(min_length=1, max_length=MOST)]
    day: date
    into: UUID | None = None
    tag: str = ""
    paper: Annotated[str, msgspec.Meta(max_length=120)] = ""
    keep: bool = False
    """False only shows what would come of it."""


async def carry_out(actor: Actor, bulk: Bulk, names: dict[UUID, str], today: date) -> list[Outcome]:
    """What comes of it for each, by his name; all of it kept and noted, or nothing. Raises Invalid by field."""
    act = _act(actor, bulk, today)
    outcomes = await all_or_none(
        [(names.get(one, str(one)), partial(act, one)) for one in bulk.people], keep=bulk.keep
    )
    if kept(bulk, outcomes):
        told = {"basis": tidy(bulk.paper)} if bulk.into else {"tag": tag_title(bulk.tag)}
        await note(
            actor, KINDS[bulk.kind].verb, "unit", bulk.into, bulk.into, count=len(bulk.people),
            day=bulk.day.isoformat(), people=list(bulk.people), **told,
        )  # fmt: skip
    return outcomes


def kept(bulk: Bulk, outcomes: list[Outcome]) -> bool:
    """Whether all of it stays."""
    return bulk.keep and not any(one.refused for one in outcomes)


_BESIDE = {"into": "党组织", "tag": "特征", "paper": "文件"}


def _refuse_beside(bulk: Bulk) -> None:
    """Raise Invalid for what this kind does not ask for: nothing is passed over."""
    beside = [name for name in _BESIDE if getattr(bulk, name) and name not in KINDS[bulk.kind].asks]
    if beside:
        named = "、".join(_BESIDE[name] for name in beside)
        raise Invalid(
            f"“{KINDS[bulk.kind].title}”不填{named}，没有办理。请删去后再提交。",
            fields=dict.fromkeys(beside, "这件事不填这一项。"),
        )


def _act(actor: Actor, bulk: Bulk, today: date) -> Callable[[UUID], Awaitable[None]]:
    _refuse_beside(bulk)
    if bulk.kind in ("tag", "untag"):
        if bulk.tag not in tag_titles():
            raise Invalid("请从列出的特征中选择。", fields={"tag": "请从列出的特征中选择。"})
        return lambda one: retag(actor, one, bulk.tag, bulk.kind == "tag", bulk.day, today)
    if (into := bulk.into) is None:
        raise Invalid("请选择编入的党组织。", fields={"into": "请选择编入的党组织。"})
    if bulk.kind == "group":
        return lambda one: regroup(actor, one, into, bulk.day, today, regime_of_path)
    if not (paper := tidy(bulk.paper)):
        raise Invalid("请填写依据的文件。", fields={"paper": "请填写依据的文件。"})
    return lambda one: reassign(actor, one, into, bulk.day, paper, today, regime_of_path)
