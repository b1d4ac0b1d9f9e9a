"""The tables that are read through Piccolo; the SQL of all tables is in migrations/versions/. The session supplies the county."""

from __future__ import annotations

from piccolo.columns import UUID, BigInt, Boolean, Date, Integer, Text
from piccolo.table import Table


class County(Table, tablename="county"):
    """A county (exempt: found before sign-in). `policy_version` grows with every change of an activation."""

    id = UUID(primary_key=True)
    slug = Text()
    name = Text()
    policy_version = BigInt(default=1)
    opened = Date()


class Account(Table, tablename="account"):
    """A named person who signs in. A higher `sign_in_epoch` ends all sign-ins made before."""

    id = UUID(primary_key=True)
    login = Text()
    name = Text()
    password_hash = Text(secret=True)
    active = Boolean(default=True)
    must_change_password = Boolean(default=True)
    sign_in_epoch = Integer(default=1)
