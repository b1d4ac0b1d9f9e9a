"""The audit log: who did what to accounts, roles and policies. Append-only."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from core.actor import Actor
from core.errors import Forbidden
from tenants.database.session import current_session

VERBS: dict[str, str] = {
    "account.created": "新建账号",
    "account.owned": "登记账号的使用人",
    "account.deactivated": "停用账号",
    "account.reactivated": "重新启用账号",
    "account.password-changed": "修改密码",
    "account.reset-asked": "提出重置密码",
    "account.password-reset": "重置密码",
    "account.sign-ins-ended": "结束登录",
    "account.factor-set": "启用动态口令",
    "account.factor-ended": "停用动态口令",
    "account.codes-renewed": "更换备用恢复码",
    "account.factor-reset-asked": "提出重置动态口令",
    "account.factor-reset": "重置动态口令",
    "security.factor-rule": "设定对谁要求动态口令",
    "account.linked": "关联统一身份认证",
    "account.unlinked": "解除统一身份认证的关联",
    "security.provider-added": "登记统一身份认证",
    "security.provider-switched": "启用或停用统一身份认证",
    "deputy.appointed": "委托代理",
    "deputy.ended": "结束代理",
    "deputy.acting": "开始代办",
    "security.apart": "实行三员分立",
    "token.made": "新建接口令牌",
    "token.revoked": "撤销接口令牌",
    "token.fetched": "程序客户端登录",
    "people.grouped": "成批编到党小组",
    "people.tagged": "成批修改特征",
    "people.moved": "成批调整所在党支部",
    "own-link.made": "给本人开查阅档案的链接",
    "own-link.opened": "本人打开链接查阅档案",
    "own-link.revoked": "撤销本人查阅档案的链接",
    "account.signed-in": "登录",
    "account.sign-in-failed": "登录失败",
    "role.granted": "授予职务权限",
    "role.ended": "收回职务权限",
    "policy.adopted": "启用政策",
    "policy.changed": "调整政策",
    "policy.ended": "停用政策",
    "policy.withdrawn": "撤销尚未生效的政策",
    "paper.printed": "打印文书",
    "paper.replaced": "更换文书模板",
    "paper.restored": "换回原来的文书模板",
    "plugin.failed": "插件接连出错，这件事没有告诉它",
    "policy.supplement": "起草本县补充规定",
    "policy.allowance": "设定哪些层级可以自行增加政策",
}

SIGN_INS = ("account.signed-in", "account.sign-in-failed", "token.fetched")
"""What happens every day: it would bury what was done to an account."""


async def note(
    actor: Actor,
    verb: str,
    subject_kind: str,
    subject_id: UUID | None,
    unit_id: UUID | None = None,
    **detail: object,
) -> None:
    """Write an entry in the transaction that makes the change. Raises LookupError for a verb that is not on the list.

    `detail` is JSON: ids, days, settings; never numbers of documents, phone numbers or passwords.
    """
    if verb not in VERBS:
        raise LookupError(f"unknown audit verb {verb!r}")
    if actor.acts_for is not None:
        detail["acts_for"] = actor.acts_for
    await current_session().execute(
        "insert into audit_entry (by_id, by_name, verb, subject_kind, subject_id, unit_id, detail)"
        " values ($1, $2, $3, $4, $5, $6, $7)",
        actor.id, actor.name, verb, subject_kind, subject_id, unit_id, msgspec.json.encode(detail).decode(),
    )  # fmt: skip


class Entry(msgspec.Struct, frozen=True):
    """One line of the audit log; `subject_name` is that of the account it is about."""

    id: UUID
    at: datetime
    by_name: str
    verb: str
    title: str
    subject_kind: str
    subject_id: UUID | None
    subject_name: str | None
    unit_name: str | None
    detail: dict[str, Any]


async def entries(
    actor: Actor,
    *,
    subject_id: UUID | None = None,
    verbs: Collection[str] = tuple(VERBS),
    before: UUID | None = None,
    limit: int = 50,
) -> list[Entry]:
    """The log, newest first, of the units over which he holds `audit.view`; `before` is the last id of the page before.

    Entries without a unit (sign-ins, settings of the county) are shown to whoever oversees the whole county.
    """
    scopes = actor.scopes("audit.view")
    if not scopes:
        raise Forbidden("您没有查看操作日志的权限。如工作需要，请由组织部管理员授权。")
    rows = await current_session().fetch(
        """
        select e.id, e.at, e.by_name, e.verb, e.subject_kind, e.subject_id, a.name as subject_name,
               u.short_name as unit_name, e.detail
        from audit_entry e left join unit u on u.tenant_id = e.tenant_id and u.id = e.unit_id
        left join account a on a.tenant_id = e.tenant_id and a.id = e.subject_id and e.subject_kind = 'account'
        where ($1::uuid is null or e.subject_id = $1) and ($2::uuid is null or e.id < $2)
          and e.verb = any($5)
          and exists (select from unnest($3::text[]) as scope
                      where starts_with(u.path, scope) or (u.path is null and scope ~ '^/[^/]+/$'))
        order by e.id desc limit $4
        """,
        subject_id,
        before,
        list(scopes),
        min(limit, 200),
        list(verbs),
    )
    return [
        Entry(r["id"], r["at"], r["by_name"], r["verb"], VERBS.get(r["verb"], r["verb"]), r["subject_kind"],
              r["subject_id"], r["subject_name"], r["unit_name"], msgspec.json.decode(r["detail"]))
        for r in rows
    ]  # fmt: skip


async def forget_sign_ins(before: datetime) -> None:
    """Drop sign-ins from before then; the database keeps those younger than half a year, and everything else for good."""
    await current_session().execute(
        "delete from audit_entry where at < $1 and verb = any($2)", before, list(SIGN_INS)
    )
