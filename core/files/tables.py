"""What is known of an uploaded file; the bytes lie in the data folder under their SHA-256."""

from __future__ import annotations

from piccolo.columns import UUID, BigInt, Text, Timestamptz
from piccolo.columns.defaults.uuid import UUID7
from piccolo.table import Table


class Attachment(Table, tablename="attachment"):
    """A file that belongs to one case; append-only."""

    id = UUID(primary_key=True, default=UUID7())
    case_id = UUID()
    sha256 = Text()
    size = BigInt()
    name = Text()
    extension = Text()
    mime = Text()
    by_id = UUID()
    by_name = Text()
    at = Timestamptz()
