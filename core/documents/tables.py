"""A county's own templates."""

from __future__ import annotations

from piccolo.columns import UUID as Identifier
from piccolo.columns import Bytea, Text, Timestamptz
from piccolo.table import Table


class PaperTemplate(Table, tablename="paper_template"):
    """What stands in the place of a plugin's template: `paper` is its name among all (`Brought.id`)."""

    id = Identifier(primary_key=True)
    paper = Text()
    filename = Text()
    content = Bytea()
    by_id = Identifier()
    by_name = Text()
    at = Timestamptz()
