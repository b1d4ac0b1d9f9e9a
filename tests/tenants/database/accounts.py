"""A table as Piccolo knows it, for the tests of sessions: bound to a county like nearly all."""

from __future__ import annotations

from piccolo.columns import UUID, Boolean, Integer, Text
from piccolo.table import Table


class Account(Table, tablename="account"):
    """A named person who signs in."""

    id = UUID(primary_key=True)
    login = Text()
    name = Text()
    password_hash = Text(secret=True)
    active = Boolean(default=True)
    must_change_password = Boolean(default=True)
    sign_in_epoch = Integer(default=1)
