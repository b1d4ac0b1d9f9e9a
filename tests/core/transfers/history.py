"""What a county has written of somebody: shown where it is not as it must be, as what runs at once never runs so again."""

from __future__ import annotations

from uuid import UUID

from core.database import fetch


async def history(person: UUID) -> str:
    """Each change of his file, each event of his cases, each of his letters, in their order; in the county's session."""
    rows = await fetch(
        """with his as (select id from person where $1 in (id, merged_into)
                        union select merged_into from person where id = $1 and merged_into is not null)
           select at, line from (
               select at, concat_ws(' ', person_id, kind, by_name, detail) line, id from person_change
                   where person_id in (select id from his)
               union all select e.at, concat_ws(' ', 'case', e.case_id, e.kind, e.by_name, e.data), e.id
                   from case_event e join case_file c on c.id = e.case_id where c.person_id in (select id from his)
               union all select null, concat_ws(' ', 'letter', number, state, issued_on, ended_on, 'of', person_id,
                   'by', case_id, 'taken', to_case), id from letter where person_id in (select id from his)
           ) told order by id""",
        person,
    )
    return "\n".join(f"{row['at'] or ''} {row['line']}" for row in rows)
