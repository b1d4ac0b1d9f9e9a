"""Where each county's files lie: a folder of its own, so that equal content tells nothing across counties."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

from core.files.store import FileStore
from tenants.ground.clamd import scanner
from tenants.ground.environment import setting


def county_files(county_id: UUID) -> FileStore:
    """The files of a county. Raises NotConfigured where DANGWU_DATA is not set."""
    return FileStore(Path(setting("DANGWU_DATA")) / "files" / str(county_id), scanner())
