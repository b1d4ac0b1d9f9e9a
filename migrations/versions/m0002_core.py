"""The platform's own tables: organisation, register, files, casework."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.support import append_only, grant, migration, references, tenant_table

ID = "0002"
VERSION = "1.38.0"
DESCRIPTION = "organisation, register, files, casework"

SIGNED = """
    by_id uuid not null,
    by_name text not null,
    at timestamptz not null default clock_timestamp()"""

# The path follows its unit wherever that is moved: the database keeps the copy true.
AT_UNIT = """
    unit_id uuid not null,
    path text collate "C" not null,
    foreign key (tenant_id, unit_id, path) references unit (tenant_id, id, path) on update cascade"""

# starts_with() on these stored columns is leakproof, so row-level security leaves the indexes usable.
FOUND_BY_NAME = """
    {name} text collate "C" not null check ({name} <> ''),
    name2 text collate "C" generated always as (substr({name}, 2)) stored,
    name3 text collate "C" generated always as (substr({name}, 3)) stored,
    py text collate "C" not null,
    py_initials text collate "C" not null"""

ORGANISATION = (
    tenant_table(
        "unit",
        f"""
    parent_id uuid,
    kind text not null check (kind in ('department', 'committee', 'general-branch', 'branch', 'group')),
    name text not null check (name <> ''),
    short_name text not null,
    code text,
    path text collate "C" not null check (path ~ '^(/[a-z0-9]+)+/$'),
    founded date,
    dissolved date check (dissolved >= founded),
    successor_id uuid,
    flags text[] not null default '{{}}',
    py text collate "C" not null,
    py_initials text collate "C" not null,
    version integer not null default 0,
    unique (tenant_id, path),
    unique (tenant_id, id, path),
    unique (tenant_id, code),
    check ((parent_id is null) = (kind = 'department')),
    {references("parent_id", "unit")},
    {references("successor_id", "unit")}""",
    ),
    "create index on unit (tenant_id, parent_id);",
    grant("unit", "select", "insert", "update"),
    tenant_table(
        "unit_change",
        f"""
    unit_id uuid not null,
    kind text not null,
    day date not null,
    detail jsonb not null,
    {SIGNED},
    {references("unit_id", "unit")}""",
    ),
    "create index on unit_change (tenant_id, unit_id, id);",
    append_only("unit_change"),
)

REGISTER = (
    tenant_table(
        "person",
        f"""
    {FOUND_BY_NAME.format(name="name")},
    sex text check (sex in ('male', 'female')),
    born date,
    ethnicity text,
    education text,
    membership text not null
        check (membership in ('none', 'applicant', 'activist', 'prospect', 'probationary', 'full')),
    joined date,
    converted date check (converted >= joined),
    job text,
    landline text,
    address text,
    standing text not null default 'normal' check (standing in ('normal', 'suspended')),
    lost_contact boolean not null default false,
    lost_since date,
    mobile boolean not null default false,
    destination text,
    id_sealed bytea,
    id_index bytea,
    id_tail4 bytea,
    id_tail6 bytea,
    phone_sealed bytea,
    phone_index bytea,
    version integer not null default 0,
    created_at timestamptz not null default now(),
    unique (tenant_id, id_index),
    unique (tenant_id, id, name, py, py_initials),
    check ((id_sealed is null) = (id_index is null)),
    {AT_UNIT}""",
    ),
    """
    create index on person (tenant_id, py, id);
    create index on person (tenant_id, path, py, id);
    create index on person (tenant_id, unit_id);
    create index on person (tenant_id, name);
    create index on person (tenant_id, name2);
    create index on person (tenant_id, name3);
    create index on person (tenant_id, py_initials);
    create index on person (tenant_id, id_tail4);
    create index on person (tenant_id, id_tail6);
    create index on person (tenant_id, phone_index);
    """,
    grant("person", "select", "insert", "update"),
    tenant_table(
        "person_tag",
        f"""
    person_id uuid not null,
    tag text not null check (tag ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
    since date not null,
    ended date check (ended >= since),
    {references("person_id", "person")}""",
    ),
    "create index on person_tag (tenant_id, person_id);",
    grant("person_tag", "select", "insert", "update (ended)"),
    tenant_table(
        "person_change",
        f"""
    person_id uuid not null,
    kind text not null,
    detail jsonb not null,
    {SIGNED},
    {references("person_id", "person")}""",
    ),
    "create index on person_change (tenant_id, person_id, id);",
    append_only("person_change"),
    tenant_table(
        "reading_log",
        f"""
    person_id uuid not null,
    what text not null,
    purpose text not null check (purpose <> ''),
    {SIGNED},
    {references("person_id", "person")}""",
    ),
    "create index on reading_log (tenant_id, person_id, id);",
    append_only("reading_log"),
    tenant_table(
        "import_batch",
        f"""
    filename text not null,
    size integer not null,
    content bytea,
    state text not null check (state in ('uploaded', 'parsed', 'confirmed', 'refused', 'applied', 'discarded')),
    refusal text,
    counts jsonb not null default '{{}}',
    columns jsonb not null default '{{}}',
    confirmed_id uuid,
    confirmed_name text,
    applied_at timestamptz,
    check ((state in ('confirmed', 'applied')) <= (confirmed_id is not null)),
    {SIGNED},
    {AT_UNIT}""",
    ),
    "create index on import_batch (tenant_id, unit_id);",
    grant("import_batch", "select", "insert", "update"),
    tenant_table(
        "import_row",
        f"""
    batch_id uuid not null,
    number integer not null,
    action text not null check (action in ('new', 'changed', 'same', 'error')),
    name text not null,
    unit_id uuid,
    person_id uuid,
    changes text[] not null default '{{}}',
    errors jsonb not null default '[]',
    payload bytea,
    unique (tenant_id, batch_id, number),
    {references("batch_id", "import_batch")},
    {references("unit_id", "unit")},
    {references("person_id", "person")}""",
    ),
    """
    create index on import_row (tenant_id, unit_id);
    create index on import_row (tenant_id, person_id);
    """,
    grant("import_row", "select", "insert", "delete"),
)

CASEWORK = (
    tenant_table(
        "case_file",
        f"""
    procedure text not null,
    person_id uuid not null,
    {FOUND_BY_NAME.format(name="person_name")},
    started date not null,
    tags text[] not null default '{{}}',
    dates jsonb not null default '{{}}',
    given jsonb not null default '{{}}',
    version integer not null default 0,
    status text not null check (status in ('running', 'closed', 'completed')),
    stage text not null,
    membership text not null,
    open_steps text[] not null default '{{}}',
    open_states text[] not null default '{{}}',
    open_levels text[] not null default '{{}}',
    waits_for text[] not null default '{{}}',
    reasons text[] not null default '{{}}',
    next_due date,
    waiting_until date,
    due_key date generated always as (coalesce(next_due, date 'infinity')) stored,
    changes_on date,
    computed_on date not null,
    opened_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    foreign key (tenant_id, person_id, person_name, py, py_initials)
        references person (tenant_id, id, name, py, py_initials) on update cascade,
    {AT_UNIT}""",
    ),
    """
    create unique index one_running_case on case_file (tenant_id, person_id, procedure) where status = 'running';
    create index on case_file (tenant_id, person_id);
    create index on case_file (tenant_id, unit_id);
    create index on case_file (tenant_id, path, status);
    create index on case_file (tenant_id, status, py, id);
    create index on case_file (tenant_id, status, due_key, id);
    create index on case_file (tenant_id, status, started, id);
    create index on case_file (tenant_id, person_name);
    create index on case_file (tenant_id, name2);
    create index on case_file (tenant_id, name3);
    create index on case_file (tenant_id, py);
    create index on case_file (tenant_id, py_initials);
    create index on case_file (tenant_id, changes_on) where status = 'running';
    """,
    grant("case_file", "select", "insert", "update"),
    tenant_table(
        "case_entry",
        f"""
    case_id uuid not null,
    seq integer not null check (seq > 0),
    kind text not null check (kind in ('record', 'return', 'facts', 'note')),
    step text,
    day date not null,
    entered date not null check (entered >= day),
    evidence jsonb not null default '{{}}',
    note text not null default '',
    attachments uuid[] not null default '{{}}',
    level text not null check (level in ('branch', 'committee', 'department')),
    by_unit_id uuid,
    {SIGNED},
    unique (tenant_id, case_id, seq),
    check ((kind in ('record', 'return')) = (step is not null)),
    {references("case_id", "case_file")},
    {references("by_unit_id", "unit")}""",
    ),
    append_only("case_entry"),
    tenant_table(
        "case_event",
        f"""
    case_id uuid not null,
    kind text not null,
    data jsonb not null default '{{}}',
    {SIGNED},
    {references("case_id", "case_file")}""",
    ),
    "create index on case_event (tenant_id, case_id, id);",
    append_only("case_event"),
)

FILES = (
    tenant_table(
        "attachment",
        f"""
    case_id uuid not null,
    sha256 text not null check (sha256 ~ '^[0-9a-f]{{64}}$'),
    size bigint not null check (size > 0),
    name text not null,
    extension text not null,
    mime text not null,
    {SIGNED},
    {references("case_id", "case_file")}""",
    ),
    "create index on attachment (tenant_id, case_id);",
    append_only("attachment"),
)


async def forwards() -> MigrationManager:
    """All tables of core/."""
    return migration(ID, DESCRIPTION, *ORGANISATION, *REGISTER, *CASEWORK, *FILES)
