# SPDX-License-Identifier: Apache-2.0
"""Defects: an exception that nobody caught is logged and shown above the screen, never swallowed."""

from __future__ import annotations

import sys
import threading
from types import TracebackType

import structlog
from PySide6.QtCore import QObject, Signal

from app.desktop.workplace import Workplace
from workers.failures import describe_failure

log = structlog.get_logger(__name__)


class UnexpectedErrors(QObject):
    """Hears of exceptions that left a slot or a thread.

    Args:
        workplace: Where they are shown.
    """

    _heard = Signal(object)

    def __init__(self, workplace: Workplace) -> None:
        super().__init__(workplace)
        self._workplace = workplace
        self._before = (sys.excepthook, threading.excepthook)
        # exceptions of threads are shown by the window's thread
        self._heard.connect(self._show)
        sys.excepthook = self.hear
        threading.excepthook = self._hear_in_thread

    def hear(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        """An exception left a slot."""
        if not isinstance(error, Exception):
            # Ctrl-C and the end of the interpreter are no defects
            self._before[0](kind, error, trace)
            return
        log.error("desktop.unexpected", exc_info=(kind, error, trace))
        self._heard.emit(error.with_traceback(trace))

    def _hear_in_thread(self, told: threading.ExceptHookArgs) -> None:
        if told.exc_value is not None:
            self.hear(told.exc_type, told.exc_value, told.exc_traceback)

    def _show(self, error: Exception) -> None:
        # the same defect, again and again, is one message
        where = error.__traceback__
        while where is not None and where.tb_next is not None:
            where = where.tb_next
        place = f"{where.tb_frame.f_code.co_filename}:{where.tb_lineno}" if where is not None else ""
        self._workplace.report(describe_failure(error), key=f"unexpected:{type(error).__name__}:{place}")

    def shut_down(self) -> None:
        """Hear no more."""
        sys.excepthook, threading.excepthook = self._before
