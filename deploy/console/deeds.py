"""What an operator does with a whole county from the console: the same deeds as by command, each written down under his name."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import msgspec

from core.errors import Conflict
from core.quotas.catalogue import QUOTAS
from deploy.backup import key
from deploy.counties.moving import Place, bring_in, send_out
from deploy.counties.removing import remove
from deploy.noted import Operator, note_deed
from deploy.opening import open_with_admin
from deploy.settings import Settings
from tenants.accounts.service import NewAccount
from tenants.counties import CountyView, resume_county, suspend_county
from tenants.quotas import county_usages, set_quotas


class Ground(msgspec.Struct, frozen=True):
    """Where the deeds are done: the settings as they were given, and the installation, None where no role reads all of it."""

    given: Settings
    place: Place | None

    def whole(self) -> Place:
        """The installation as a whole. Raises Conflict where it cannot be reached."""
        if self.place is None:
            raise Conflict(
                "没有能读写全部数据的数据库地址，整县的导出、导入和删除办不了。"
                "请设置 DANGWU_BACKUP_DATABASE_URL，重新执行 dangwu console。"
            )
        return self.place


class Opening(msgspec.Struct, frozen=True):
    """A county to be opened, with its first administrator."""

    slug: str
    name: str
    department: str
    login: str
    admin: str


async def opened(by: Operator, wanted: Opening, today: date) -> NewAccount:
    """Open a county; the first administrator's account, whose password is shown once. Raises Invalid, Conflict."""
    department = wanted.department or f"中共{wanted.name}委组织部"
    made = await open_with_admin(wanted.slug, wanted.name, department, wanted.login, wanted.admin, today)
    await note_deed(by, "opened", wanted.name, wanted.slug)
    return made


async def suspended(by: Operator, county: CountyView, why: str) -> str:
    """Shut it. Raises Invalid without a reason."""
    await suspend_county(county.slug, why)
    await note_deed(by, "suspended", county.name, why)
    return f"{county.name}已暂停：登录的人随即退出，后台任务等候，数据原样保留。"


async def resumed(by: Operator, county: CountyView) -> str:
    """Open it again. Raises Conflict where it is not shut."""
    await resume_county(county.slug)
    await note_deed(by, "resumed", county.name)
    return f"{county.name}已恢复。"


async def limited(by: Operator, county: CountyView, wanted: Mapping[str, int | None]) -> str:
    """Give it these quotas; what it has already is left. Raises Invalid (fields)."""
    before = {
        one.quota.name: None if one.usual else one.most // one.quota.scale
        for one in await county_usages(county)
    }
    changed = {name: number for name, number in wanted.items() if before[name] != number}
    await set_quotas(county, changed)
    said = "，".join(
        f"{QUOTAS[name].called} {'默认' if number is None else f'{number:,} {QUOTAS[name].unit}'}"
        for name, number in changed.items()
    )
    if not changed:
        return "没有改动。"
    await note_deed(by, "quotas", county.name, said)
    return f"{county.name}的上限已设定，半分钟内处处生效：{said}。"


async def exported(by: Operator, ground: Ground, county: CountyView, file: Path) -> str:
    """The whole county into a sealed file on this machine. Raises Problem, Conflict."""
    to = key.recipient(ground.given.backup_to)
    said = await send_out(ground.whole(), county, file, to)
    rows = sum(one.rows for one in said.tables.values())
    await note_deed(by, "exported", county.name, f"{file}，{rows} 行、{len(said.files)} 个附件")
    return f"{county.name}已导出到 {file}：{rows} 行数据、{len(said.files)} 个附件。"


async def brought(by: Operator, ground: Ground, file: Path, opens: Path) -> str:
    """A county out of such a file, all of it or nothing. Raises Problem, Conflict."""
    said = await bring_in(ground.whole(), file, key.read(opens))
    rows = sum(one.rows for one in said.tables.values())
    await note_deed(by, "brought", said.name, f"{file}，{rows} 行、{len(said.files)} 个附件")
    return f"{said.name}已导入：{rows} 行数据、{len(said.files)} 个附件。"


async def deleted(by: Operator, ground: Ground, county: CountyView, typed: str, today: date) -> str:
    """Shut it and set the day; once that has come, all of it goes. Raises Problem unless its name was typed."""
    said = await remove(ground.whole(), county, typed, today)
    await note_deed(by, "deleted", county.name, said)
    return said
