"""The workbooks that can be asked for: the web process takes the wish, the worker makes them, and both know the same ones."""

from __future__ import annotations

from tenants.exports.kinds import register
from tenants.exports.people import PEOPLE
from web.activities.attendance import ATTENDANCE
from web.cases.list.table import CASES
from web.cases.papers.many import PAPERS
from web.duties.board import DUTIES
from web.statistics.tables import COUNTS, FLOWS, YEARLY_TABLES
from web.workbench.below import BELOW


def register_workbooks() -> None:
    """Make them known in this process."""
    register(
        people=PEOPLE,
        cases=CASES,
        papers=PAPERS,
        below=BELOW,
        counts=COUNTS,
        flows=FLOWS,
        yearly=YEARLY_TABLES,
        attendance=ATTENDANCE,
        duties=DUTIES,
    )
