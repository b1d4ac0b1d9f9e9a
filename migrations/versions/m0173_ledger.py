"""One ledger of who did, looked at and was refused what; the reading log and the audit log go into it.

A row belongs to the first epoch whose snapshot saw its transaction (core/ledger/README.md), so no writer waits for another and
none can add to an epoch that is closed. What tells when a row was written is set by the database and granted to nobody.
"""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.support import APP_ROLE, append_only, grant, migration, tenant_table

ID = "0173"
VERSION = "1.38.0"
DESCRIPTION = "the ledger"

# Transaction numbers begin anew where a dump is read into another server: rows say whose they are.
CLUSTER = """
create function ledger_cluster() returns bigint language sql stable security definer set search_path = pg_catalog
    return (select system_identifier from pg_control_system());
"""

# `said` is what may have to be erased, with its salt; `sealed`, their digest, stays. `passing`: of every day, pruned one day.
ENTRY = tenant_table(
    "ledger_entry",
    """
    at timestamptz not null default clock_timestamp(),
    xid xid8 not null default pg_current_xact_id(),
    cluster bigint not null default ledger_cluster(),
    by_id uuid,
    by_name text not null,
    acts_for uuid,
    verb text collate "C" not null,
    title text not null,
    subject_kind text collate "C" not null,
    subject_id uuid,
    unit_id uuid,
    passing boolean not null,
    salt bytea,
    said text,
    sealed bytea not null check (length(sealed) = 32),
    check ((said is null) = (salt is null))
    """,
) + grant("ledger_entry", "select")
ENTRY += f"""
grant insert (by_id, by_name, acts_for, verb, title, subject_kind, subject_id, unit_id, passing, salt, said, sealed)
    on ledger_entry to {APP_ROLE};
create index on ledger_entry (tenant_id, xid);
create index on ledger_entry (tenant_id, subject_id, id);
"""

# The digests are kept when old rows are pruned: what remains of an epoch is verified against them.
EPOCH = tenant_table(
    "ledger_epoch",
    """
    number bigint not null check (number > 0),
    cluster bigint not null,
    snapshot pg_snapshot not null,
    closed_at timestamptz not null,
    entries integer not null,
    leaves bytea not null,
    root bytea not null,
    previous bytea not null,
    key bytea not null,
    signature bytea not null
    """,
    key="number",
) + append_only("ledger_epoch")
EPOCH += "alter table ledger_epoch alter leaves set storage external;\n"

# Whoever asks, and whatever he asks: nothing younger than half a year, and never without a line that says so.
# 网络安全法（2025 年修正）第二十三条：网络日志留存不少于六个月。184 days are the longest six months.
PRUNE = f"""
create function prune_ledger(before timestamptz) returns bigint
language plpgsql security definer set search_path = public, pg_catalog as $$
declare last bigint; removed bigint; salt bytea := uuid_send(gen_random_uuid()); said text;
begin
    before := least(before, now() - interval '184 days');
    select max(number) into last from ledger_epoch where closed_at < before;
    delete from ledger_entry e
    using (select distinct on (cluster) cluster, snapshot from ledger_epoch
           where number <= last order by cluster, number desc) seen
    where e.passing and e.id < uuidv7(before - now()) and e.at < before
      and e.cluster = seen.cluster and pg_visible_in_snapshot(e.xid, seen.snapshot);
    get diagnostics removed = row_count;
    if removed > 0 then
        said := json_build_object('through', last, 'count', removed)::text;
        insert into ledger_entry (by_name, verb, title, subject_kind, passing, salt, said, sealed)
        values ('系统', 'ledger.pruned', '清理到期的日志', 'ledger', false, salt, said,
                sha256(salt || convert_to(said, 'UTF8')));
    end if;
    return removed;
end $$;
revoke execute on function prune_ledger from public;
grant execute on function prune_ledger to {APP_ROLE};
"""

READ = {
    "file": "查看档案",
    "case": "查看办理档案",
    "paper": "查看文书",
    "national-id": "查看身份证号码",
    "phone": "查看手机号",
    "export": "导出名册",
}
DONE = {
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
PASSING = ("account.signed-in", "account.sign-in-failed", "token.fetched")


def _titles(titles: dict[str, str]) -> str:
    return ", ".join(f"('{verb}', '{title}')" for verb, title in titles.items())


# Cluster 0: taken over, with days that nobody vouches for. They are the first epoch of their county.
TAKEN_OVER = f"""
alter table reading_log no force row level security;
alter table audit_entry no force row level security;
alter table ledger_entry no force row level security;
insert into ledger_entry (tenant_id, id, at, cluster, by_id, by_name, verb, title, subject_kind, subject_id, passing,
                          salt, said, sealed)
select r.tenant_id, r.id, r.at, 0, r.by_id, r.by_name, 'read.' || r.what, coalesce(t.title, r.what), 'person', r.person_id, true,
       r.salt, r.said, sha256(r.salt || convert_to(r.said, 'UTF8'))
from (select *, uuid_send(gen_random_uuid()) salt, json_build_object('purpose', purpose)::text said from reading_log) r
left join (values {_titles(READ)}) t(what, title) on t.what = r.what;
insert into ledger_entry (tenant_id, id, at, cluster, by_id, by_name, acts_for, verb, title, subject_kind, subject_id, unit_id,
                          passing, salt, said, sealed)
select a.tenant_id, a.id, a.at, 0, a.by_id, a.by_name, (a.detail ->> 'acts_for')::uuid, a.verb, coalesce(t.title, a.verb),
       a.subject_kind, a.subject_id, a.unit_id, a.verb in {PASSING}, a.salt, a.said,
       sha256(a.salt || convert_to(a.said, 'UTF8'))
from (select *, uuid_send(gen_random_uuid()) salt, detail::text said from audit_entry) a
left join (values {_titles(DONE)}) t(verb, title) on t.verb = a.verb;
alter table ledger_entry force row level security;
drop table reading_log;
drop table audit_entry;
"""


async def forwards() -> MigrationManager:
    """What Piccolo calls."""
    return migration(ID, DESCRIPTION, CLUSTER, ENTRY, EPOCH, PRUNE, TAKEN_OVER)
