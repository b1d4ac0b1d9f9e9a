"""The worker process: `dramatiq web.worker`. Its tasks are those of tenants; what a list says in a workbook stands in web."""

from __future__ import annotations

from tenants.worker import tasks
from web.workbooks import register_workbooks

__all__ = ["tasks"]

register_workbooks()
