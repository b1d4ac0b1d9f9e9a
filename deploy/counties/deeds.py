"""What an operator does with a whole county, by command or from the console: each deed is written down under his name."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import msgspec

from core.errors import Conflict
from core.quotas.catalogue import QUOTAS
from deploy.backup import key
from deploy.counties.moving import Place, bring_in, send_out
from deploy.counties.parcel import Parcel
from deploy.counties.removing import remove
from deploy.noted import Operator, deed
from deploy.opening import open_with_admin, reset_account, ticket_for
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
                "请设置 DANGWU_BACKUP_DATABASE_URL，重新执行。"
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
    async with deed(by, "opened", wanted.name, wanted.slug):
        return await open_with_admin(wanted.slug, wanted.name, department, wanted.login, wanted.admin, today)


async def reset(by: Operator, county: CountyView, login: str, today: date) -> str:
    """A new first password for somebody in it, shown once. Raises Problem, Conflict."""
    async with deed(by, "reset", county.name, login):
        return await reset_account(county.slug, login, today)


async def admitted(by: Operator, county: CountyView, name: str, today: date) -> str:
    """Where the operator of this name comes in, once, while the county lets him. Raises NotFound."""
    async with deed(by, "admitted", county.name, name):
        return await ticket_for(county.slug, name, today)


async def suspended(by: Operator, county: CountyView, why: str) -> str:
    """Shut it. Raises Invalid without a reason."""
    async with deed(by, "suspended", county.name, why):
        await suspend_county(county.slug, why)
    return f"{county.name}已暂停：登录的人随即退出，后台任务等候，数据原样保留。"


async def resumed(by: Operator, county: CountyView) -> str:
    """Open it again. Raises Conflict where it is not shut."""
    async with deed(by, "resumed", county.name):
        await resume_county(county.slug)
    return f"{county.name}已恢复。"


async def limited(by: Operator, county: CountyView, wanted: Mapping[str, int | None]) -> str:
    """Give it these quotas; what it has already is left. Raises Invalid (fields)."""
    before = {
        one.quota.name: None if one.usual else one.most // one.quota.scale
        for one in await county_usages(county)
    }
    changed = {
        name: number for name, number in wanted.items() if name not in before or before[name] != number
    }
    if not changed:
        return "没有改动。"
    said = "，".join(_limit(name, number) for name, number in changed.items())
    async with deed(by, "quotas", county.name, said):
        await set_quotas(county, changed)
    return f"{county.name}的上限已设定，半分钟内处处生效：{said}。"


def _limit(name: str, number: int | None) -> str:
    quota = QUOTAS.get(name)
    called, unit = (quota.called, quota.unit) if quota else (name, "")
    return f"{called} 默认" if number is None else f"{called} {number:,} {unit}"


async def exported(by: Operator, ground: Ground, county: CountyView, file: Path) -> str:
    """The whole county into a sealed file on this machine. Raises Problem, Conflict."""
    to, whole = key.recipient(ground.given.backup_to), ground.whole()
    async with deed(by, "exported", county.name, str(file)) as done:
        said = await send_out(whole, county, file, to)
        done.said = f"{file}，{_held(said)}"
    lost = f"其中 {said.absent} 个附件的文件在导出前就已不在存储中。" if said.absent else ""
    return f"{county.name}已导出到 {file}：{_held(said)}。{lost}"


async def brought(by: Operator, ground: Ground, file: Path, opens: Path) -> Parcel:
    """A county out of such a file, all of it or nothing. Raises Problem, Conflict."""
    held, whole = key.read(opens), ground.whole()
    async with deed(by, "brought", "", str(file)) as done:
        said = await bring_in(whole, file, held)
        done.county, done.said = said.name, f"{file}，{_held(said)}"
    return said


def arrived(said: Parcel) -> str:
    """That it is there, in a sentence."""
    return f"{said.name}已导入：{_held(said)}。"


def _held(said: Parcel) -> str:
    return f"{sum(one.rows for one in said.tables.values())} 行数据、{len(said.files)} 个附件"


async def deleted(by: Operator, ground: Ground, county: CountyView, typed: str, today: date) -> str:
    """Shut it and set the day; once that has come, all of it goes. Raises Problem unless its name was typed."""
    whole = ground.whole()
    async with deed(by, "deleted", county.name) as done:
        done.said = await remove(whole, county, typed, today)
    return done.said
