"""Whose turn a case is, by level, right and person; who has acted in it; what was sent back; whose requests wait.

What is open is worked out by the next sweep (`changes_on` says that it is due); until then every right at a level that can do
something counts as its turn.
"""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.support import migration

ID = "0040"
VERSION = "1.38.0"
DESCRIPTION = "whose turn a case is, and who has acted in it"

COLUMNS = """
alter table case_file
    add column open_turns text[] not null default '{}',
    add column turns text[] not null default '{}',
    add column acted text[] not null default '{}',
    add column sent_back uuid,
    add column asked_by uuid[] not null default '{}',
    add column asked_in uuid[] not null default '{}';
alter table case_file no force row level security;
alter table case_entry no force row level security;
update case_file c set
    acted = coalesce((select array_agg(distinct e.level || ':' || e.by_id) from case_entry e
                      where e.tenant_id = c.tenant_id and e.case_id = c.id and e.kind not in ('facts', 'note')), '{}'),
    sent_back = (select e.id from case_entry e
                 where e.tenant_id = c.tenant_id and e.case_id = c.id and e.kind = 'return'
                   and not exists (select from case_entry l where l.tenant_id = c.tenant_id and l.case_id = c.id
                                   and l.seq > e.seq and l.step = e.step and l.kind in ('record', 'return'))
                 order by e.seq desc limit 1);
update case_file c set
    asked = r.levels, asked_by = r.people, asked_in = r.entries
    from (select q.tenant_id, q.case_id, array_agg(q.asks order by q.seq) levels, array_agg(q.by_id order by q.seq) people,
                 array_agg(q.id order by q.seq) entries
          from case_entry q
          where q.kind in ('correction-request', 'strike-request')
            and not exists (select from case_entry a where a.tenant_id = q.tenant_id and a.about = q.id
                            and a.kind in ('correction-granted', 'correction-refused'))
          group by q.tenant_id, q.case_id) r
    where r.tenant_id = c.tenant_id and r.case_id = c.id and c.asked <> '{}';
update case_file c set
    open_turns = array(select l.level || '.record ' || l.level || '.review ' || l.level || '.return'
                       from unnest(c.open_levels) with ordinality l(level, n) order by l.n),
    turns = array(select distinct w.level || r.may from unnest(c.waits_for) w(level),
                  unnest(array['.record', '.review', '.return']) r(may)),
    changes_on = computed_on
    where c.status = 'running';
alter table case_file force row level security;
alter table case_entry force row level security;
drop index case_file_running;
create index case_file_running on case_file (tenant_id, path, procedure, stage)
    include (due_key, open_states, waiting_until, turns, acted, asked, asked_by, updated_at) where status = 'running';
"""


async def forwards() -> MigrationManager:
    """What Piccolo calls."""
    return migration(ID, DESCRIPTION, COLUMNS)
