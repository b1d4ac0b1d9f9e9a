"""The addresses of a county: entered by whoever sees to its security, on hosts that the operator allows; off and on."""

from __future__ import annotations

import os
from datetime import datetime
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import msgspec

from core.actor import Actor
from core.errors import Conflict, Forbidden, Invalid, NotFound
from core.ledger.note import note
from core.notices.settings import set_county_days
from core.paths import whole
from core.secrecy import vault
from core.text import tidy
from tenants.database.session import current_session
from tenants.notices.hooks.forms import FORMS

HOSTS = "DANGWU_HOOK_HOSTS"
MODES = {"once": "有新消息就推送", "daily": "每天汇总推送一次"}
MOST = 10
LEAST_SECRET = 8
NO_HOSTS = "平台还没有允许推送到任何主机。请平台运行维护人员把接收推送的主机列为允许的。"


class Hook(msgspec.Struct, frozen=True):
    """One as it is listed: of its address only the host can be read again."""

    id: UUID
    name: str
    form: str
    host: str
    mode: str
    active: bool
    told_at: datetime | None
    failed_at: datetime | None

    @property
    def failing(self) -> bool:
        """Whether the last one did not arrive."""
        return self.failed_at is not None and (self.told_at is None or self.failed_at > self.told_at)


class Opened(msgspec.Struct, frozen=True):
    """What is needed to call one."""

    form: str
    host: str
    url: str
    secret: str


_COLUMNS = ", ".join(Hook.__struct_fields__)


def allowed_hosts() -> frozenset[str]:
    """The hosts that the operator lets counties push to."""
    return frozenset(one.strip().lower() for one in os.environ.get(HOSTS, "").split(",") if one.strip())


def administers(actor: Actor) -> None:
    """Raise Forbidden unless he sees to the security of the whole county."""
    if not whole(actor.scopes("security.edit")):
        raise Forbidden("全县的提醒和推送由组织部管理员设定。请由他办理。")


async def hooks(actor: Actor) -> list[Hook]:
    """All, by name. Raises Forbidden."""
    administers(actor)
    rows = await current_session().fetch(f"select {_COLUMNS} from notice_hook order by name, id")
    return [Hook(**dict(row)) for row in rows]


async def add(actor: Actor, *, name: str, form: str, url: str, secret: str, mode: str) -> UUID:
    """Another. Raises Forbidden, Invalid (fields), Conflict."""
    administers(actor)
    name, url, secret = tidy(name), url.strip(), secret.strip()
    host = _checked(name, form, url, secret, mode)
    if len(await hooks(actor)) >= MOST:
        raise Conflict(f"已经登记了 {MOST} 个推送地址。请停用不用的，或者合并到一个群里。")
    made, session = uuid4(), current_session()
    await session.execute(
        "insert into notice_hook (id, name, form, host, url, secret, mode, by_id, by_name)"
        " values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        made, name, form, host, vault().seal(_field(made, "url"), url.encode()),
        vault().seal(_field(made, "secret"), secret.encode()) if secret else None, mode, actor.id, actor.name,
    )  # fmt: skip
    await note(actor, "notice.hook-added", "county", session.county_id, hook=made, host=host, form=form)
    return made


async def switch(actor: Actor, hook_id: UUID, active: bool) -> None:
    """Off, or on again. Raises NotFound, also for who may not: to him there is none."""
    session = current_session()
    try:
        administers(actor)
        done = await session.execute("update notice_hook set active = $2 where id = $1", hook_id, active)
    except Forbidden:
        done = ""
    if done != "UPDATE 1":
        raise NotFound("没有找到这个推送地址。请从列表中重新选择。")
    await note(actor, "notice.hook-switched", "county", session.county_id, hook=hook_id, active=active)


async def set_days(actor: Actor, days: int, up_days: int | None) -> None:
    """How many days before a deadline the county reminds, how many after it it tells one level up. Raises Forbidden, Invalid."""
    administers(actor)
    await set_county_days(actor, days, up_days)
    await note(actor, "notice.days-set", "county", current_session().county_id, days=days, up_days=up_days)


async def opened(hook_id: UUID) -> Opened | None:
    """One that is in use, with its address; None for one that is not."""
    row = await current_session().fetchrow(
        "select form, host, url, secret from notice_hook where id = $1 and active", hook_id
    )
    if row is None:
        return None
    url, secret = (
        vault().open(_field(hook_id, name), row[name]).decode() if row[name] else ""
        for name in ("url", "secret")
    )
    return Opened(row["form"], row["host"], url, secret)


def _checked(name: str, form: str, url: str, secret: str, mode: str) -> str:
    """The host of the address. Raises Invalid that names each field."""
    fields, host = {}, _host(url)
    if not 1 <= len(name) <= 30:
        fields["name"] = "请填写名称（30 个字以内），例如“组织工作群”。"
    if form not in FORMS:
        fields["form"] = "请选择种类。"
    elif FORMS[form].sign is not None and not LEAST_SECRET <= len(secret) <= 200:
        fields["secret"] = f"这一种须填签名的密钥（{LEAST_SECRET} 至 200 个字符）。"
    if mode not in MODES:
        fields["mode"] = "请选择什么时候推送。"
    if not host:
        fields["url"] = "请填写完整的地址，以 https:// 开头。"
    elif host not in allowed_hosts():
        known = "、".join(sorted(allowed_hosts()))
        fields["url"] = f"“{host}”不在平台允许推送的主机之列" + (
            f"，现在允许：{known}。" if known else f"。{NO_HOSTS}"
        )
    if fields:
        raise Invalid("".join(fields.values()), fields=fields)
    return host


def _host(url: str) -> str:
    """ "" for what is no address, or one with a name and password in it."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return ""
    plain = (
        parts.username is None
        and parts.password is None
        and url.isascii()
        and url.isprintable()
        and " " not in url
    )
    good = parts.scheme in ("https", "http") and plain and len(url) <= 500 and port != 0
    return (parts.hostname or "").lower() if good else ""


def _field(hook_id: UUID, name: str) -> str:
    return f"notice_hook.{name}:{hook_id}"
