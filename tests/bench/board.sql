-- Two years of organisation life of every branch and committee, some of it left out: `board.since` the first day.
create temp table owing on commit drop as
select id, path, kind, row_number() over (order by path) n from unit where kind in ('branch', 'committee');

insert into activity (kind, day, place, chair, recorder, minutes, eligible, present, why, unit_id, path, by_id, by_name, also, led_by, hours, themes, papers)
select held.kind, held.day, '会议室', '某', '某', repeat('议题和决定。', 60), 20, 18, '', owing.id, owing.path, owing.id, '某',
       case when held.kind = 'branch-meeting' and month % 6 = 0 then array['lecture'] else '{}' end, '', 2, '{}', '{}'
from owing, generate_series(0, 23) month,
lateral (values ('branch-committee-meeting', 4, 1), ('party-day', 9, 1), ('group-meeting', 15, 1), ('branch-meeting', 20, 3), ('training', 24, 6),
                ('life-meeting', 26, 12), ('democratic-appraisal', 27, 12)) due(kind, days, months),
lateral (select due.kind, (current_setting('board.since')::date + make_interval(months => month, days => due.days))::date as day) held
where month % due.months = 0 and (owing.n + month) % 11 > 0;
