"""The organisation tree. The county itself is no column here: the database session supplies it."""

from __future__ import annotations

from piccolo.columns import JSONB, UUID, Array, Date, Integer, Text, Timestamptz
from piccolo.columns.defaults.uuid import UUID7
from piccolo.table import Table


class Unit(Table, tablename="unit"):
    """A Party organisation. `path` is '/' + one segment per ancestor and itself + '/': a prefix is a subtree."""

    id = UUID(primary_key=True, default=UUID7())
    parent_id = UUID(null=True, default=None)
    kind = Text()
    name = Text()
    short_name = Text()
    code = Text(null=True, default=None)
    path = Text()
    founded = Date(null=True, default=None)
    dissolved = Date(null=True, default=None)
    successor_id = UUID(null=True, default=None)
    flags = Array(base_column=Text())
    py = Text()
    py_initials = Text()
    version = Integer(default=0)


class UnitChange(Table, tablename="unit_change"):
    """What was done to a unit, by whom; append-only."""

    id = UUID(primary_key=True, default=UUID7())
    unit_id = UUID()
    kind = Text()
    day = Date()
    detail = JSONB()
    by_id = UUID()
    by_name = Text()
    at = Timestamptz()
