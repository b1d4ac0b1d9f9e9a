"""Logs for a collector: a JSON object a line, ours and other libraries' alike."""

from __future__ import annotations

import json
import os
import subprocess
import sys

SAID = """
import logging, structlog
from tenants.ground.logs import write_logs
write_logs()
logging.getLogger("a.library").warning("任务 %s", 7)
structlog.get_logger("web").error("request.failed", path="/people")
"""


def test_a_line_is_an_object() -> None:
    done = subprocess.run(
        [sys.executable, "-c", SAID],
        env={**os.environ, "DANGWU_LOG_FORMAT": "json"},
        capture_output=True,
        text=True,
        check=True,
    )
    first, second = map(json.loads, done.stderr.splitlines())
    assert (first["event"], first["level"], first["logger"]) == ("任务 7", "warning", "a.library")
    assert (second["event"], second["path"], second["level"]) == ("request.failed", "/people", "error")
