"""The register by the API."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import msgspec
from litestar import Controller, get, post, put
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, JSONBody

from core.changes.correct import correct
from core.changes.tags import set_tags
from core.register.history import PersonChangeView, person_history
from core.register.model import PersonDraft, PersonFile, PersonLine
from core.register.queries import PeopleFilter, count_people, people, person_file
from core.register.readings import Reading, readings
from core.register.service import enter, reveal
from tenants.bulk import KINDS, Bulk, carry_out, kept
from tenants.policies.regimes import regime_of_path
from web.kit.here import FromHere
from web.kit.paging import After, decode_key, encode_key, key_uuid
from web.people.filter import wanted_of


class People(msgspec.Struct):
    """A page of the list by pinyin; ask again with `after=<next>` for the one behind it.

    `limited`: a search found more than 1,000; these are some of them, and there is no further page.
    """

    items: tuple[PersonLine, ...]
    next: str | None
    limited: bool


class Counts(msgspec.Struct):
    """Membership → how many."""

    counts: dict[str, int]


class Enter(msgspec.Struct):
    """A person at a branch; `distinct`: whoever has the same name and birth date has been looked at, and is another."""

    unit_id: UUID
    draft: PersonDraft
    distinct: bool = False


class Correct(msgspec.Struct):
    """All particulars as they shall be; `version` is the one that was read, another one answers 409."""

    version: int
    draft: PersonDraft


class Tags(msgspec.Struct):
    """From `day` on exactly these tags hold."""

    day: date
    tags: frozenset[str]


class Come(msgspec.Struct):
    """What came of it for one: "" or why it cannot be."""

    id: UUID
    refused: str


class BulkDone(msgspec.Struct):
    """In the order asked; `kept` when all of it was done, else nothing was."""

    kept: bool
    items: list[Come]


class Reveal(msgspec.Struct):
    """`what` is national-id or phone; the purpose is written into the reading log."""

    what: str
    purpose: str


class Created(msgspec.Struct):
    """The new id."""

    id: UUID


class Changed(msgspec.Struct):
    """The fields that were changed."""

    fields: tuple[str, ...]


class Number(msgspec.Struct):
    """A number in full."""

    number: str


class Readings(msgspec.Struct):
    """Who looked at a file, newest first."""

    items: list[Reading]


class Changes(msgspec.Struct):
    """What changed in a file, newest first; of numbers and addresses only that they changed."""

    items: list[PersonChangeView]


class PeopleApi(Controller):
    """/api/v1/people."""

    path = "/people"
    tags = ["党员名册"]
    dependencies = {"wanted": Provide(wanted_of, sync_to_thread=False)}

    @get(
        "/",
        summary="党员名册，每页 50 人",
        description="按姓名拼音排列；用 next 的值作 after 取下一页。",
        only_reads=True,
    )
    async def index(
        self,
        here: FromHere,
        wanted: NamedDependency[PeopleFilter],
        after: After = None,
    ) -> People:
        """The people that one sees, by pinyin, 50 a page."""
        key = decode_key(after)
        found = await people(here.actor, wanted, after=(str(key[0]), key_uuid(key[-1])) if key else None)
        return People(found.lines, encode_key(found.after) if found.after else None, found.limited)

    @get("/counts", summary="各人员类别的人数", only_reads=True)
    async def counts(self, here: FromHere, wanted: NamedDependency[PeopleFilter]) -> Counts:
        """How many of each membership."""
        return Counts(await count_people(here.actor, wanted))

    @post(
        "/many",
        status_code=200,
        summary="成批办理：编组、加减特征、支部设置调整",
        description="keep 为 false 只看结果；有一个人不能办的，一个都不保存。一次最多 200 人。",
    )
    async def many(self, here: FromHere, data: JSONBody[Bulk]) -> BulkDone:
        """One thing for many people, or only what would come of it."""
        here.require(KINDS[data.kind].needs)
        outcomes = await carry_out(here.actor, data, {}, here.today)
        items = [Come(one, said.refused) for one, said in zip(data.people, outcomes, strict=True)]
        return BulkDone(kept(data, outcomes), items)

    @get("/{person_id:uuid}", summary="一份人员档案", description="证件号码和电话只显示一部分；查看留痕。")
    async def show(self, here: FromHere, person_id: FromPath[UUID]) -> PersonFile:
        """A file, numbers masked; the look is logged."""
        return await person_file(here.actor, person_id, purpose="接口查看档案")

    @get("/{person_id:uuid}/changes", summary="人员档案的变更记录")
    async def changes(self, here: FromHere, person_id: FromPath[UUID]) -> Changes:
        """What changed in it, by whom, when; the look is logged."""
        await person_file(here.actor, person_id, purpose="接口查看变更记录")
        return Changes(await person_history(here.actor, person_id))

    @get("/{person_id:uuid}/readings", summary="谁看过这份档案", description="供有权查看操作日志的人员使用。")
    async def readings(self, here: FromHere, person_id: FromPath[UUID]) -> Readings:
        """Who looked at it; for those who audit."""
        return Readings(await readings(here.actor, person_id))

    @post("/", summary="登记人员")
    async def enter(self, here: FromHere, data: JSONBody[Enter]) -> Created:
        """Enter a person."""
        return Created(await enter(here.actor, data.unit_id, data.draft, here.today, distinct=data.distinct))

    @put(
        "/{person_id:uuid}",
        summary="修改人员信息",
        description="给出改后的全部内容；version 是读到的版本，已被别人改过时答 409。",
    )
    async def correct(self, here: FromHere, person_id: FromPath[UUID], data: JSONBody[Correct]) -> Changed:
        """Correct the particulars."""
        changed = await correct(here.actor, person_id, data.draft, data.version, here.today, regime_of_path)
        return Changed(changed)

    @post(
        "/{person_id:uuid}/tags",
        status_code=204,
        summary="设定人员特征",
        description="自 day 起恰好有这些特征。",
    )
    async def set_tags(self, here: FromHere, person_id: FromPath[UUID], data: JSONBody[Tags]) -> None:
        """Set the tags."""
        await set_tags(here.actor, person_id, data.tags, data.day, here.today)

    @post(
        "/{person_id:uuid}/reveal",
        status_code=200,
        summary="查看完整的证件号码或电话",
        description="what 为 national-id 或 phone；查看目的记入日志。",
    )
    async def reveal(self, here: FromHere, person_id: FromPath[UUID], data: JSONBody[Reveal]) -> Number:
        """A number in full, logged."""
        return Number(await reveal(here.actor, person_id, data.what, data.purpose))
