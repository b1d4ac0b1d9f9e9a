"""Which tests run in one process: those of a file, and all that need the demo counties.

Seeding these takes longer than a hundred other tests, so one process alone does it.
"""

from __future__ import annotations

from xdist.scheduler import LoadFileScheduling

DEMO = ("tests/browser/", "tests/deploy/test_demo.py")
"""Where the tests stand that need the demo counties."""


LONG = ("tests/web/workbench/test_links.py", "tests/web/cases/test_levels.py", "tests/plugins/test_walks.py")
"""Whole files of a quarter of a minute and more: begun last, one would keep the other process waiting at the end."""


class Sharing(LoadFileScheduling):  # type: ignore[misc]
    """Hands out whole files, and those with the demo counties as if they were one."""

    def _split_scope(self, nodeid: str) -> str:
        file: str = super()._split_scope(nodeid)
        return "demo" if file.startswith(DEMO) else file
