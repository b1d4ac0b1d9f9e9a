"""How this process writes its log: as it always does, or (DANGWU_LOG_FORMAT=json) a JSON object a line for a collector."""

from __future__ import annotations

import logging
import os

import structlog

FORMAT = "DANGWU_LOG_FORMAT"


def write_logs() -> None:
    """Set it up; call once as a process begins. Lines of other libraries take the same form."""
    if os.environ.get(FORMAT) != "json":
        return
    before: list[structlog.types.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    structlog.configure(
        processors=[*before, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
    )
    handler = logging.StreamHandler()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=before,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:], root.level = [handler], logging.INFO
