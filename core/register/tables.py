"""People and what was done with their files. Sealed columns open only with the vault (core/secrecy.py)."""

from __future__ import annotations

from piccolo.columns import JSONB, UUID, Array, Boolean, Bytea, Date, Integer, Text, Timestamptz
from piccolo.columns.defaults.uuid import UUID7
from piccolo.table import Table


class Person(Table, tablename="person"):
    """A person in the register: member, probationer, or on the way there. `path` follows the unit by foreign key."""

    id = UUID(primary_key=True, default=UUID7())
    unit_id = UUID()
    path = Text()
    name = Text()
    py = Text()
    py_initials = Text()
    sex = Text(null=True, default=None)
    born = Date(null=True, default=None)
    ethnicity = Text(null=True, default=None)
    education = Text(null=True, default=None)
    membership = Text()
    joined = Date(null=True, default=None)
    converted = Date(null=True, default=None)
    job = Text(null=True, default=None)
    landline = Text(null=True, default=None)
    address = Text(null=True, default=None)
    standing = Text()
    lost_contact = Boolean(default=False)
    lost_since = Date(null=True, default=None)
    mobile = Boolean(default=False)
    destination = Text(null=True, default=None)
    id_sealed = Bytea(null=True, default=None)
    id_index = Bytea(null=True, default=None)
    id_tail4 = Bytea(null=True, default=None)
    id_tail6 = Bytea(null=True, default=None)
    phone_sealed = Bytea(null=True, default=None)
    phone_index = Bytea(null=True, default=None)
    version = Integer(default=0)


class PersonTag(Table, tablename="person_tag"):
    """A tag of a person (rural, student …) from `since` until the day `ended`, on which it no longer holds."""

    id = UUID(primary_key=True, default=UUID7())
    person_id = UUID()
    tag = Text()
    since = Date()
    ended = Date(null=True, default=None)


class PersonChange(Table, tablename="person_change"):
    """What changed in a person's file, by whom; append-only, without the sealed values."""

    id = UUID(primary_key=True, default=UUID7())
    person_id = UUID()
    kind = Text()
    detail = JSONB()
    by_id = UUID()
    by_name = Text()
    at = Timestamptz()


class ReadingLog(Table, tablename="reading_log"):
    """Who looked at whose file, at what of it, for what purpose; append-only."""

    id = UUID(primary_key=True, default=UUID7())
    person_id = UUID()
    what = Text()
    purpose = Text()
    by_id = UUID()
    by_name = Text()
    at = Timestamptz()


class ImportBatch(Table, tablename="import_batch"):
    """An uploaded roster on its way: uploaded → parsed → confirmed → applied.

    Or refused, or discarded. `content` is sealed, and dropped once it is parsed.
    """

    id = UUID(primary_key=True, default=UUID7())
    unit_id = UUID()
    path = Text()
    filename = Text()
    size = Integer()
    content = Bytea(null=True, default=None)
    state = Text()
    refusal = Text(null=True, default=None)
    counts = JSONB()
    columns = JSONB()
    confirmed_id = UUID(null=True, default=None)
    confirmed_name = Text(null=True, default=None)
    by_id = UUID()
    by_name = Text()
    at = Timestamptz()
    applied_at = Timestamptz(null=True, default=None)


class ImportRow(Table, tablename="import_row"):
    """One row of a parsed roster: what it would do, and its errors. `payload` is sealed."""

    id = UUID(primary_key=True, default=UUID7())
    batch_id = UUID()
    number = Integer()
    action = Text()
    name = Text()
    unit_id = UUID(null=True, default=None)
    person_id = UUID(null=True, default=None)
    changes = Array(base_column=Text())
    errors = JSONB()
    payload = Bytea(null=True, default=None)
