"""PostgreSQL's own programs: they write a database down, past row-level security, and read it in again."""

from __future__ import annotations

import subprocess
from pathlib import Path
from urllib.parse import unquote, urlsplit, urlunsplit

from deploy.embedded.binaries import postgres_binaries
from deploy.embedded.postgres import environment
from deploy.problem import Problem


def write(url: str, to: Path, snapshot: str) -> None:
    """The database as a transaction sees it that has exported this snapshot. Raises Problem."""
    _run(url, "pg_dump", "--format=custom", f"--snapshot={snapshot}", f"--file={to}")


def read(url: str, given: Path) -> None:
    """Everything in one transaction, into a database that is empty. Raises Problem."""
    _run(url, "pg_restore", "--single-transaction", "--exit-on-error", str(given))


def _run(url: str, program: str, *options: str) -> None:
    """The password goes by the environment: the list of processes shows what was typed."""
    parts = urlsplit(url)
    password = unquote(parts.password or "")
    bare = urlunsplit(parts._replace(netloc=parts.netloc.replace(f":{parts.password}@", "@")))
    done = subprocess.run(
        [str(postgres_binaries() / program), f"--dbname={bare}", *options],
        env={**environment(), "PGPASSWORD": password},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise Problem(f"{program} 没有完成：\n{done.stderr.strip()[-2000:]}")
