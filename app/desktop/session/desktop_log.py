# SPDX-License-Identifier: Apache-2.0
"""The desktop's own log file, beside those of the workers: what a report of a problem is made from."""

from __future__ import annotations

import logging
from logging.handlers import RotatingFileHandler
from pathlib import Path

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler

BYTES = 1_000_000
FILES = 3

_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}


def begin_desktop_log(folder: Path) -> logging.Handler:
    """Write what is logged to a file as well, in the form and with the redaction of the log on stderr.

    Raises:
        OSError: The folder cannot be written to.
    """
    handler = RotatingFileHandler(folder / "desktop.log", maxBytes=BYTES, backupCount=FILES, encoding="utf-8")
    root = logging.getLogger()
    for other in root.handlers:
        handler.setFormatter(other.formatter)
        if root.level >= logging.WARNING:
            # nobody asked for more (-v): a terminal hears of defects only, not of each delay and of what is
            # shown above the screens anyhow
            other.addFilter(_is_defect)
    root.addHandler(handler)
    qInstallMessageHandler(_log_qt)
    return handler


def end_desktop_log(handler: logging.Handler) -> None:
    """Close the file."""
    qInstallMessageHandler(None)
    root = logging.getLogger()
    root.removeHandler(handler)
    for other in root.handlers:
        other.removeFilter(_is_defect)
    handler.close()


def _is_defect(record: logging.LogRecord) -> bool:
    return record.levelno >= logging.ERROR


def _log_qt(kind: QtMsgType, context: QMessageLogContext, text: str) -> None:
    logging.getLogger(f"qt.{context.category or 'default'}").log(_LEVELS[kind], "%s", text)
