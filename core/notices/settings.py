"""How somebody wants to be told of what, and how many days before a deadline: his own choice, else his county's."""

from __future__ import annotations

from datetime import date, datetime

import msgspec

from core.actor import Actor
from core.database import execute, fetchrow, fetchval
from core.errors import Invalid
from core.notices.model import ALWAYS, KINDS

USUAL_DAYS = 7
MOST_DAYS = 90
MAILS = {"off": "不发邮件", "once": "有新消息就发", "daily": "每天汇总发一次"}


class Setting(msgspec.Struct, frozen=True, kw_only=True):
    """Of an account. `days` None: as the county has it. Hours are those of China, `quiet_until` the first that is not quiet."""

    days: int | None = None
    mail: str = "off"
    mail_hour: int = 8
    quiet_from: int | None = None
    quiet_until: int | None = None
    unmailed: tuple[str, ...] = ()
    """The kinds of which he wants no mail; in his inbox they stand all the same."""

    def quiet_at(self, hour: int) -> bool:
        """Whether nothing is sent in this hour of the day."""
        if self.quiet_from is None or self.quiet_until is None:
            return False
        if self.quiet_from <= self.quiet_until:
            return self.quiet_from <= hour < self.quiet_until
        return hour >= self.quiet_from or hour < self.quiet_until

    def sends(self, hour: int, today: date, mailed_on: date | None) -> bool:
        """Whether what has not been sent is sent now; `mailed_on` is when the last mail went."""
        if self.mail == "off" or self.quiet_at(hour):
            return False
        return self.mail == "once" or (hour >= self.mail_hour and (mailed_on is None or mailed_on < today))


_COLUMNS = ", ".join(Setting.__struct_fields__)


async def setting(account_id: object) -> Setting:
    """An account's; where it has set nothing, nothing is sent anywhere."""
    row = await fetchrow(f"select {_COLUMNS} from notice_setting where account_id = $1", account_id)
    return Setting(**{**row, "unmailed": tuple(row["unmailed"])}) if row else Setting()


async def save_setting(actor: Actor, wanted: Setting) -> None:
    """Set one's own. Raises Invalid (fields)."""
    _check(wanted)
    values = msgspec.structs.astuple(wanted)
    places = ", ".join(f"${number + 2}" for number in range(len(values)))
    sets = ", ".join(f"{name} = excluded.{name}" for name in Setting.__struct_fields__)
    await execute(
        f"""insert into notice_setting (account_id, {_COLUMNS}) values ($1, {places})
            on conflict (tenant_id, account_id) do update set {sets}""",
        actor.id, *values,
    )  # fmt: skip


def _check(wanted: Setting) -> None:
    fields = {}
    if wanted.days is not None and not 0 <= wanted.days <= MOST_DAYS:
        fields["days"] = f"提前的天数应为 0 至 {MOST_DAYS}。"
    if wanted.mail not in MAILS:
        fields["mail"] = "请选择怎样发邮件。"
    for name in ("mail_hour", "quiet_from", "quiet_until"):
        hour = getattr(wanted, name)
        if hour is not None and not 0 <= hour <= 23:
            fields[name] = "请选择 0 至 23 时。"
    if len({*wanted.unmailed}) < len(wanted.unmailed):
        fields["unmailed"] = "同一类消息写了不止一次。请每类只写一次。"
    elif unknown := [one for one in wanted.unmailed if one not in KINDS or one in ALWAYS]:
        titles = "、".join(KINDS.get(one, one) for one in unknown[:5])
        fields["unmailed"] = f"“{titles}”不能选作不发邮件的消息：没有这一类，或者关系账号和日志的安全。"
    if (wanted.quiet_from is None) != (wanted.quiet_until is None):
        fields["quiet_until"] = "免打扰的开始和结束要么都选，要么都不选。"
    if fields:
        raise Invalid("".join(fields.values()), fields=fields)


async def county_days() -> int:
    """How many days before a deadline the county reminds whoever has set nothing else."""
    found = await fetchval("select days from notice_rule order by id desc limit 1")
    return USUAL_DAYS if found is None else int(found)


async def set_county_days(actor: Actor, days: int, up_days: int | None) -> None:
    """Set it, and after how many days what is late is told one level up (None: never). Who may is checked by the caller. Raises
    Invalid."""
    _check(Setting(days=days))
    if up_days is not None and not 1 <= up_days <= MOST_DAYS:
        said = f"逾期的天数应为 1 至 {MOST_DAYS}；不填的，不告知上一级。"
        raise Invalid(said, fields={"up_days": said})
    await execute(
        "insert into notice_rule (days, up_days, by_id, by_name) values ($1, $2, $3, $4)",
        days, up_days, actor.id, actor.name,
    )  # fmt: skip


class County(msgspec.Struct, frozen=True):
    """What the county has set, and who did (None: nobody yet). `up_days` after its day what is late is told one level up."""

    days: int
    up_days: int | None
    by_name: str | None
    at: datetime | None


async def county_rule() -> County:
    """As it is now."""
    row = await fetchrow("select days, up_days, by_name, at from notice_rule order by id desc limit 1")
    return County(**dict(row)) if row else County(USUAL_DAYS, None, None, None)
