"""Providers of sign-ins (OpenID Connect) that a county has, and which of their subjects is which account."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.support import grant, migration, references, tenant_table
from migrations.versions.m0002_core import SIGNED

ID = "0118"
VERSION = "1.38.0"
DESCRIPTION = "providers of sign-ins"

PROVIDER = tenant_table(
    "oidc_provider",
    f"""
    name text not null check (name <> ''),
    issuer text not null,
    client_id text not null,
    secret bytea not null,
    home text not null,
    active boolean not null default true,
    {SIGNED}""",
) + grant("oidc_provider", "select", "insert", "update (active)")

# A subject is one account's at a time. Until its owner has confirmed it with his password a link lets nobody in.
LINK = tenant_table(
    "oidc_link",
    f"""
    provider_id uuid not null,
    subject text collate "C" not null,
    account_id uuid not null,
    {SIGNED},
    confirmed_at timestamptz,
    ended_at timestamptz,
    {references("provider_id", "oidc_provider")},
    {references("account_id", "account")}""",
) + grant("oidc_link", "select", "insert", "update (confirmed_at, ended_at)")
LINK += "create unique index on oidc_link (tenant_id, provider_id, subject) where ended_at is null;\n"
LINK += "create index on oidc_link (tenant_id, account_id);\n"


async def forwards() -> MigrationManager:
    """What Piccolo calls."""
    return migration(ID, DESCRIPTION, PROVIDER, LINK)
