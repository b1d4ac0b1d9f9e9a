"""Cases, what was recorded in them, and what happened (events)."""

from __future__ import annotations

from piccolo.columns import JSONB, UUID, Array, Date, Integer, Text, Timestamptz
from piccolo.columns.defaults.uuid import UUID7
from piccolo.table import Table


class CaseFile(Table, tablename="case_file"):
    """One person's way through one procedure.

    The columns from `status` on are its standing as computed on `computed_on` (standing.py writes them, nothing else
    does): lists read them, no rule is judged on them. `version` is the number of its newest entry.
    """

    id = UUID(primary_key=True, default=UUID7())
    procedure = Text()
    person_id = UUID()
    person_name = Text()
    py = Text()
    py_initials = Text()
    unit_id = UUID()
    path = Text()
    started = Date()
    tags = Array(base_column=Text())
    dates = JSONB()
    given = JSONB()
    version = Integer(default=0)
    status = Text()
    stage = Text()
    membership = Text()
    open_steps = Array(base_column=Text())
    open_states = Array(base_column=Text())
    open_levels = Array(base_column=Text())
    waits_for = Array(base_column=Text())
    reasons = Array(base_column=Text())
    next_due = Date(null=True, default=None)
    waiting_until = Date(null=True, default=None)
    changes_on = Date(null=True, default=None)
    computed_on = Date()
    opened_at = Timestamptz()
    updated_at = Timestamptz()


class CaseEntry(Table, tablename="case_entry"):
    """One thing written into a case: a record, a return, a change of facts, a note. Append-only, signed."""

    id = UUID(primary_key=True, default=UUID7())
    case_id = UUID()
    seq = Integer()
    kind = Text()
    step = Text(null=True, default=None)
    day = Date()
    entered = Date()
    evidence = JSONB()
    note = Text()
    attachments = Array(base_column=UUID())
    level = Text()
    by_id = UUID()
    by_name = Text()
    by_unit_id = UUID(null=True, default=None)
    at = Timestamptz()


class CaseEvent(Table, tablename="case_event"):
    """Something that happened in a case, for the list of recent events and for what reacts to it. Append-only."""

    id = UUID(primary_key=True, default=UUID7())
    case_id = UUID()
    kind = Text()
    data = JSONB()
    by_id = UUID()
    by_name = Text()
    at = Timestamptz()
