-- A county below its department, as large as the settings say: grand.committees, grand.branches below each of them,
-- grand.people (one of 10,000 with an id that ends with the four figures of grand.tail), grand.cases with eight events each.
insert into unit (parent_id, path, kind, name, short_name, py, py_initials)
select u.id, u.path || 'c' || lpad(i::text, 4, '0') || '/', 'committee', i || '镇党委', i || '镇党委', 'dangwei' || i, 'dw'
from unit u, generate_series(1, current_setting('grand.committees')::int) i;

insert into unit (parent_id, path, kind, name, short_name, py, py_initials)
select u.id, u.path || 'b' || lpad(i::text, 4, '0') || '/', 'branch', i || '支部', i || '支部', 'zhibu' || i, 'zb'
from unit u, generate_series(1, current_setting('grand.branches')::int) i where u.kind = 'committee';

create temp table branch on commit drop as
select id, path, row_number() over (order by path) n from unit where kind = 'branch';

insert into person (name, py, py_initials, unit_id, path, membership, mobile, lost_contact,
                    id_sealed, id_index, id_tail4, id_tail6, phone_index)
select (array['张', '王', '李', '赵', '陈', '杨', '黄', '周', '吴', '徐'])[1 + i % 10] || chr((20000 + a)::int) || chr((20000 + b)::int),
       (array['zhang', 'wang', 'li', 'zhao', 'chen', 'yang', 'huang', 'zhou', 'wu', 'xu'])[1 + i % 10] || chr((97 + a % 26)::int) || 'i' || chr((97 + b % 26)::int),
       (array['z', 'w', 'l', 'z', 'c', 'y', 'h', 'z', 'w', 'x'])[1 + i % 10] || chr((97 + a % 26)::int) || chr((97 + b % 26)::int),
       branch.id, branch.path,
       case i % 10 when 0 then 'probationary' when 1 then 'none' when 2 then 'applicant' else 'full' end,
       i % 50 = 0, i % 500 = 0,
       sha256(i::text::bytea), sha256(('i' || i)::bytea), case when i % 10000 = 1234 then decode(current_setting('grand.tail'), 'hex') else sha256(('t' || i % 10000)::bytea) end,
       sha256(('s' || i % 300000)::bytea), sha256(('p' || i)::bytea)
from generate_series(1, current_setting('grand.people')::int) i
cross join lateral (select i::bigint * 7919 % 3000 a, i::bigint * 31 % 3000 b) letters
join branch on branch.n = 1 + i * 37 % (select count(*) from branch);

insert into case_file (procedure, person_id, person_name, py, py_initials, unit_id, path, started, status, stage, membership,
                       open_steps, open_states, open_levels, waits_for, open_turns, turns, acted, next_due, waiting_until, computed_on, confers)
select 'admission', id, name, py, py_initials, unit_id, path, date '2026-11-01' - n % 700,
       case when n % 8 = 0 then 'completed' else 'running' end,
       (array['application', 'activist', 'prospect'])[1 + n % 3], 'applicant',
       array['step-' || n % 26], array['open'], array['branch'], array[level],
       array[level || '.record'], array[level || '.record'], array['branch:' || id],
       case when n % 3 = 0 then date '2026-10-01' + n % 400 end, case when n % 4 = 0 then date '2026-10-15' + n % 100 end,
       date '2026-11-21', 'membership'
from (select p.*, (row_number() over (order by id))::int n,
             (array['branch', 'committee', 'department'])[1 + (row_number() over (order by id) % 3)::int] as level
      from person p where membership in ('none', 'applicant')) q
where n <= current_setting('grand.cases')::int;

insert into case_event (case_id, kind, data, by_id, by_name)
select id, 'recorded', '{}', id, '某' from case_file, generate_series(1, 8);
