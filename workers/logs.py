# SPDX-License-Identifier: Apache-2.0
"""Structured logs on stderr: for people at a terminal, JSON lines for workers; batch, item, page, device and task on each."""

from __future__ import annotations

import logging
import sys
from typing import Literal

import structlog

from workers.redaction import redact

LogForm = Literal["console", "json"]


class _RedactingFormatter(structlog.stdlib.ProcessorFormatter):
    """Takes secrets out of the whole line, tracebacks and foreign records included."""

    def format(self, record: logging.LogRecord) -> str:
        return redact(super().format(record))


def configure_logging(level: str = "info", form: LogForm = "console") -> None:
    """Send structlog's and the standard library's records through one chain to stderr.

    Args:
        level: The lowest level that is written.
        form: "console" for people, "json" for one JSON object a line.
    """
    shared: list[structlog.typing.Processor] = [
        # what `structlog.contextvars.bound_contextvars(batch=..., item=...)` bound
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
    ]
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if form == "json"
        else structlog.dev.ConsoleRenderer(
            colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
        )
    )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        _RedactingFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    # these tell of every request and every header they read; their warnings still come through
    for chatty in (
        "botocore",
        "boto3",
        "urllib3",
        "s3transfer",
        "alembic",
        "PIL",
        "kombu",
        "amqp",
        "pikepdf",
        "img2pdf",
    ):
        logging.getLogger(chatty).setLevel(max(logging.WARNING, root.level))
