"""Where the embedded servers of a data folder are reached."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

import msgspec

from deploy.embedded.folder import Secrets

VALKEY_SOCKET = "valkey.sock"


class Addresses(msgspec.Struct, frozen=True):
    """URLs with passwords in them; `superuser_url` is for bootstrap and tests only, `whole_url` (the same role in the
    platform's database) for backups. `secret` is DANGWU_SECRET, `ledger_key` DANGWU_LEDGER_KEY."""

    database_url: str
    owner_database_url: str
    superuser_url: str
    whole_url: str
    redis_url: str
    secret: str
    ledger_key: str


def addresses(run: Path, secrets: Secrets) -> Addresses:
    """The addresses of servers whose sockets are in `run`."""
    host = quote(str(run), safe="/")
    return Addresses(
        database_url=f"postgresql://dangwu_app:{secrets.app}@/dangwu?host={host}",
        owner_database_url=f"postgresql://dangwu_owner:{secrets.owner}@/dangwu?host={host}",
        superuser_url=f"postgresql://postgres:{secrets.superuser}@/postgres?host={host}",
        whole_url=f"postgresql://postgres:{secrets.superuser}@/dangwu?host={host}",
        redis_url=f"unix://{host}/{VALKEY_SOCKET}",
        secret=secrets.key,
        ledger_key=secrets.ledger,
    )
