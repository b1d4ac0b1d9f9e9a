"""The real application as a process of its own, on a day that the tests choose: `granian tests.browser.site:create`.

The day stands in the file that SITE_DAY names; every request reads it, so that a test turns the calendar by writing it.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from datetime import date
from pathlib import Path

from jinja2 import FileSystemBytecodeCache
from litestar import Litestar

from tests.hashes import quick_hashes
from tests.waiting import PATIENCE_SECONDS, until

ROOT = Path(__file__).parents[2]


def create() -> Litestar:
    """The application with the tests' calendar."""
    from web.app import create_app, templates

    quick_hashes()
    templates().bytecode_cache = FileSystemBytecodeCache()  # as in tests/web/conftest.py
    calendar = Path(os.environ["SITE_DAY"])
    app = create_app()
    app.state.today = lambda: date.fromisoformat(calendar.read_text())
    return app


class Site:
    """A running application, for the block. `base` is its address; `today` can be set. Needs the DANGWU_* variables."""

    def __init__(self, folder: Path, today: date) -> None:
        self.folder = folder
        self.calendar = folder / "day.txt"
        self.log = folder / "web.log"
        self.today = today
        self.base = ""
        self.heard: set[str] = set()  # the kinds of pages that axe has checked: once is enough
        self.thorough = False  # whether it checks all of them
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def today(self) -> date:
        """The day on which everything takes place."""
        return self._today

    @today.setter
    def today(self, day: date) -> None:
        # Replaced, not rewritten: a request never reads half a day.
        self._today = day
        waiting = self.calendar.with_suffix(".new")
        waiting.write_text(day.isoformat())
        waiting.replace(self.calendar)

    def __enter__(self) -> Site:
        try:
            self._start()
        except BaseException:
            self._stop()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._stop()

    def _start(self) -> None:
        """Start it on a free port and wait until it answers."""
        port = _free_port()
        argv = [sys.executable, "-m", "granian", "tests.browser.site:create", "--factory", "--no-ws"]
        options = [
            "--interface",
            "asgi",
            "--host",
            "127.0.0.1",
            "--port",
            str(port),
            "--log-level",
            "warning",
        ]
        environment = os.environ | {"SITE_DAY": str(self.calendar), "PYTHONPATH": str(ROOT)}
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(
                [*argv, *options], cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT
            )
        self.base = f"http://127.0.0.1:{port}"
        until(lambda: self._answers() or self._ended())
        assert not self._ended(), self.log.read_text()

    def _stop(self) -> None:
        """End the process."""
        if self._process is None or self._ended():
            return
        self._process.terminate()
        try:
            self._process.wait(PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _ended(self) -> bool:
        return self._process is None or self._process.poll() is not None

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.base}/healthz", timeout=PATIENCE_SECONDS) as answer:
                return int(answer.status) == 200
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            return False


def _free_port() -> int:
    """A port that nobody has."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
