"""Where the database and Redis are, read from the environment at the moment of use (the embedded servers set it at start)."""

from __future__ import annotations

import os
from base64 import b64decode
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

SESSIONS_DB = 0
"""Redis database of sign-in sessions, throttling counters and policy messages."""

QUEUE_DB = 1
"""Redis database of Dramatiq alone: its scripts walk all keys of their database."""

LOG_DAYS, LEAST_LOG_DAYS = 3 * 366, 184
"""How long the reading log and sign-ins are kept, unless DANGWU_LOG_DAYS says otherwise, and at least (migration 0019)."""


LEDGER_KEY = "DANGWU_LEDGER_KEY"

FIGURES_FOLDER = "PROMETHEUS_MULTIPROC_DIR"
"""Names the folder into which the web processes of a machine count together; prometheus_client reads it when it is imported."""


class NotConfigured(RuntimeError):
    """A setting that this process needs is missing."""


def setting(name: str) -> str:
    """The value of the environment variable `name`; raises NotConfigured when it is empty."""
    value = os.environ.get(name, "")
    if not value:
        raise NotConfigured(
            f"未设置环境变量 {name}。请按 deploy/settings.md 设置后重新启动，或用 dangwu serve 启动内置服务。"
        )
    return value


def log_days() -> int:
    """How many days the reading log and sign-ins are kept."""
    return int(os.environ.get("DANGWU_LOG_DAYS") or LOG_DAYS)


def ledger_key() -> Ed25519PrivateKey | None:
    """The key by which the ledger is signed; None where there is none: only a worker has it."""
    given = b64decode(os.environ.get(LEDGER_KEY, ""))
    return Ed25519PrivateKey.from_private_bytes(given) if given else None


def database_url() -> str:
    """PostgreSQL address of the application's role."""
    return setting("DANGWU_DATABASE_URL")


def owner_database_url() -> str:
    """PostgreSQL address of the role that owns the tables (migrations, opening a county)."""
    return setting("DANGWU_OWNER_DATABASE_URL")


def redis_url(database: int = SESSIONS_DB) -> str:
    """Redis address with the given database number put in (`unix://…?db=1`, `redis://host/1`)."""
    parts = urlsplit(setting("DANGWU_REDIS_URL"))
    if parts.scheme == "unix":
        query = dict(parse_qsl(parts.query)) | {"db": str(database)}
        return f"unix://{parts.netloc}{parts.path}?{urlencode(query)}"
    return urlunsplit(parts._replace(path=f"/{database}"))
