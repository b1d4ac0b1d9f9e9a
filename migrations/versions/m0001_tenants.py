"""Counties, accounts, roles held, activations of policies, the audit log, the outbox. Units come with core's tables (0002)."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.support import APP_ROLE, TENANT, append_only, grant, migration, references, tenant_table

ID = "0001"
VERSION = "1.38.0"
DESCRIPTION = "counties, accounts, holdings, activations, audit, outbox, task runs"

# Everybody may find a county (sign-in starts there); a session may write the two marks of its own county only;
# the owner opens counties.
COUNTY = f"""
create table county (
    id uuid primary key default uuidv7(),
    slug text collate "C" not null unique check (slug ~ '^[a-z][a-z0-9-]{{1,39}}$'),
    name text not null unique check (name <> ''),
    policy_version bigint not null default 1,
    standings_by text not null default '',
    opened date not null
);
alter table county enable row level security;
alter table county force row level security;
create policy county_found on county for select using (true);
create policy county_versioned on county for update using (id = {TENANT}) with check (id = {TENANT});
create policy county_opened on county for insert to dangwu_owner with check (true);
create policy county_named on county for update to dangwu_owner using (true) with check (true);
grant select, update (policy_version, standings_by) on county to {APP_ROLE};
"""

ACCOUNT = tenant_table(
    "account",
    """
    login text collate "C" not null check (login = lower(login) and login <> ''),
    name text not null check (name <> ''),
    password_hash text not null,
    active boolean not null default true,
    must_change_password boolean not null default true,
    sign_in_epoch integer not null default 1,
    created_at timestamptz not null default now(),
    created_by uuid,
    unique (tenant_id, login)
    """,
) + grant(
    "account", "select", "insert", "update (name, password_hash, active, must_change_password, sign_in_epoch)"
)

HOLDING = tenant_table(
    "holding",
    f"""
    account_id uuid not null,
    role text not null,
    unit_id uuid not null,
    since date not null,
    until date check (until >= since),
    granted_by uuid not null,
    granted_at timestamptz not null default now(),
    ended_by uuid,
    ended_at timestamptz,
    {references("account_id", "account")}
    """,
) + grant("holding", "select", "insert", "update (until, ended_by, ended_at)")
HOLDING += "create index on holding (tenant_id, account_id);\n"

# A change is a new row that names the row it replaces; one row can be replaced once, which also settles two people's race.
ACTIVATION = tenant_table(
    "activation",
    f"""
    unit_id uuid not null,
    plugin text collate "C" not null,
    since date not null,
    until date check (until >= since),
    without jsonb not null default '[]',
    also jsonb not null default '[]',
    fill jsonb not null default '{{}}',
    basis text not null default '',
    supersedes uuid,
    level text not null check (level in ('department', 'committee', 'branch')),
    act text not null check (act in ('adopt', 'change', 'end', 'withdraw')),
    by_id uuid not null,
    by_name text not null,
    at timestamptz not null default clock_timestamp(),
    {references("supersedes", "activation")},
    unique (tenant_id, supersedes)
    """,
) + append_only("activation")

ALLOWANCE = tenant_table(
    "policy_allowance",
    """
    levels jsonb not null,
    by_id uuid not null,
    by_name text not null,
    at timestamptz not null default clock_timestamp()
    """,
) + append_only("policy_allowance")

AUDIT = tenant_table(
    "audit_entry",
    """
    at timestamptz not null default clock_timestamp(),
    by_id uuid,
    by_name text not null,
    verb text collate "C" not null,
    subject_kind text collate "C" not null,
    subject_id uuid,
    unit_id uuid,
    detail jsonb not null default '{}'
    """,
) + append_only("audit_entry")
AUDIT += """
create index on audit_entry (tenant_id, at desc, id desc);
create index on audit_entry (tenant_id, subject_id, at desc);
"""

OUTBOX = tenant_table(
    "outbox",
    """
    message jsonb not null,
    created_at timestamptz not null default now(),
    sent_at timestamptz
    """,
) + grant("outbox", "select", "insert", "update (sent_at)", "delete")
OUTBOX += "create index on outbox (tenant_id, id) where sent_at is null;\n"

# A message that kills its worker comes back without counting as a retry: attempts are counted here, where nothing is lost.
TASK_RUN = tenant_table(
    "task_run",
    """
    message_id uuid not null,
    task text collate "C" not null,
    attempts integer not null default 0,
    first_at timestamptz not null default now(),
    finished_at timestamptz,
    failure text
    """,
    key="message_id",
) + grant("task_run", "select", "insert", "update (attempts, finished_at, failure)", "delete")


async def forwards() -> MigrationManager:
    """What Piccolo calls."""
    return migration(
        ID, DESCRIPTION, COUNTY, ACCOUNT, HOLDING, ACTIVATION, ALLOWANCE, AUDIT, OUTBOX, TASK_RUN
    )
