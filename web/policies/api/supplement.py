"""The county's own supplement by the API: read, checked, saved; previewed and adopted as any policy, by the text's hash."""

from __future__ import annotations

import msgspec
from litestar import Controller, get, post
from litestar.params import JSONBody

from tenants.policies.supplement import Edition, edition, editions, own_id, refuse_others, save
from tenants.policies.vetting import vet
from web.kit.here import FromHere
from web.kit.query import Whole
from web.policies.supplement.write import empty


class SupplementOut(msgspec.Struct):
    """`plugin` is what it is called as a policy, `text` what is to be written on: the newest edition, or an empty beginning.
    `items` are the editions, the newest first; send the first one's `number` (0 where there is none) along as `seen`."""

    plugin: str
    text: str
    items: list[Edition]


class TextIn(msgspec.Struct):
    """A text that is to be checked."""

    text: str


class EditionIn(msgspec.Struct, kw_only=True):
    """The next text; `note` why it was written; `seen` the number of the newest that was read: refused with 409 if there is one
    more by now."""

    text: str
    note: str
    seen: int


class Checked(msgspec.Struct):
    """The rules that the loader has read in it; `remarks` say what of them changes nothing on top of the national rules."""

    plugin: str
    rules: list[str]
    remarks: list[str]


class SupplementApi(Controller):
    """/api/v1/policies/supplement."""

    path = "/policies/supplement"
    tags = ["政策"]

    @get("/", summary="本县补充规定：最新的文本和各稿", description="限县委组织部管理员。")
    async def show(self, here: FromHere) -> SupplementOut:
        """The newest text, and how it came about."""
        refuse_others(here.actor)
        found = await editions()
        text = found[0].text if found else empty(own_id(), here.county.name)
        return SupplementOut(own_id(), text, found)

    @get("/text", summary="本县补充规定的一稿", description="number 不给为最新的一稿。")
    async def one(self, number: Whole = 0) -> Edition:
        """One text."""
        return await edition(number)

    @post(
        "/check",
        status_code=200,
        only_tries=True,
        summary="检查补充规定的文本",
        description="不保存任何内容。",
    )
    async def check(self, here: FromHere, data: JSONBody[TextIn]) -> Checked:
        """Whether the loader accepts it. Raises Invalid with the sentences of what is wrong."""
        refuse_others(here.actor)
        found = await vet(data.text.replace("\r\n", "\n"), own_id())
        return Checked(found.policy.id, sorted(found.policy.rule_ids()), found.remarks)

    @post(
        "/",
        summary="起草本县补充规定：保存为新的一稿",
        description="保存不等于执行：要看影响、启用，把 plugin 和这一稿的 hash（作 text）交给 preview、changes。",
    )
    async def write(self, here: FromHere, data: JSONBody[EditionIn]) -> Edition:
        """Save the next text, once it was checked; it binds nobody until it is adopted."""
        return await save(here.actor, data.text, data.note, seen=data.seen)
