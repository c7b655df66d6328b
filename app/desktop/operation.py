# SPDX-License-Identifier: Apache-2.0
"""Work that the desktop starts: never on its own thread, with success, failure, progress and cancel."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, TypeVar

import structlog
from PySide6.QtCore import QObject, Qt, Signal
from shiboken6 import isValid

from workers.failures import describe_failure

log = structlog.get_logger(__name__)

T = TypeVar("T")

SECONDS_BETWEEN_PROGRESS = 0.1
"""Fifty thousand unchecked progress signals held the window up for 223 ms when this was measured."""

PARALLEL = 4
"""Threads for work that may run side by side."""

BACKGROUND = "background"


class OperationCancelled(Exception):
    """Somebody asked the work to stop; nothing went wrong."""


class _Speech(QObject):
    """Carries what the threads of the work say to the window's thread, in order.

    One for all work, that is there until the last thread has ended: an operation itself may be deleted while its
    thread still comes back from a signal of its own.
    """

    said = Signal(object, str, object)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.is_heard = True
        self.said.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def _deliver(self, operation: Operation, what: str, value: Any) -> None:
        if self.is_heard:
            operation.hear(what, value)


def _nothing(_context: OperationContext) -> None:
    """The work of an operation that is done."""


class OperationContext:
    """What the work of an operation is handed: a way to tell how far it is, and to hear that it should stop."""

    def __init__(self, say: Callable[[str, object], None]) -> None:
        self._say = say
        self._told_at = 0.0
        self.cancelled = threading.Event()

    def progress(self, done: int, total: int | None = None, text: str = "") -> None:
        """Tell how far the work is; at most ten of a second's calls are passed on, and always the last one.

        Args:
            done: Units of work that are finished: pages, bytes, rows.
            total: Units in all, or None where nobody knows.
            text: What is being done, for people.
        """
        moment = time.monotonic()
        finished = total is not None and done >= total
        if finished or moment - self._told_at >= SECONDS_BETWEEN_PROGRESS:
            self._told_at = moment
            self._say("progressed", (done, total, text))

    def tell(self, value: object) -> None:
        """Hand over a partial result; every one arrives, in order."""
        self._say("told", value)

    def check(self) -> None:
        """Leave the work when somebody asked for that.

        Raises:
            OperationCancelled: Somebody did.
        """
        if self.cancelled.is_set():
            raise OperationCancelled


class Operation(QObject):
    """One piece of work away from the window's thread. Its signals arrive on the window's thread.

    Exactly one of `succeeded`, `failed` and `cancelled` comes, and `finished` after it.
    """

    succeeded = Signal(object)
    failed = Signal(dict)
    cancelled = Signal()
    progressed = Signal(object, object, str)
    """Done, total and text; done is no C int, which two gigabytes of an upload would overflow."""
    told = Signal(object)
    finished = Signal()

    def __init__(
        self, title: str, work: Callable[[OperationContext], Any], speech: _Speech, parent: QObject
    ) -> None:
        super().__init__(parent)
        self.title = title
        self.is_finished = False
        self.lasts = False
        """Whether it is done also when the desktop closes before its turn has come."""
        self._work = work
        self._speech = speech
        self._context = OperationContext(self._say)

    def cancel(self) -> None:
        """Ask the work to stop; it does when it looks next."""
        self._context.cancelled.set()

    @property
    def is_cancelling(self) -> bool:
        """Whether somebody asked the work to stop."""
        return self._context.cancelled.is_set()

    def _say(self, what: str, value: object) -> None:
        """Tell the window's thread; in the thread of the work."""
        self._speech.said.emit(self, what, value)

    def _run(self) -> None:
        """Do the work; in a thread of the pool."""
        how, value = self._outcome()
        # nothing of the work is held here any more: what it was given ends in the window's thread
        self._say(how, value)

    def _outcome(self) -> tuple[str, Any]:
        try:
            self._context.check()
            return "succeeded", self._work(self._context)
        except OperationCancelled:
            return "cancelled", None
        except Exception as error:
            # the boundary: every failure is shown to the operator
            log.warning("operation.failed", title=self.title, exc_info=error)
            return "failed", describe_failure(error)

    def hear(self, what: str, value: Any) -> None:
        """Pass on what the work's thread said; on the window's thread, in order."""
        if what == "progressed":
            self.progressed.emit(*value)
        elif what == "told":
            self.told.emit(value)
        else:
            self._end(what, value)

    def _end(self, how: str, value: Any) -> None:
        self.is_finished = True
        # its thread may be the last to know this operation, and must not be the last to know a widget
        self._work = _nothing
        if how == "succeeded":
            self.succeeded.emit(value)
        elif how == "failed":
            self.failed.emit(value)
        else:
            self.cancelled.emit()
        self.finished.emit()


def while_there(call: Callable[..., Any]) -> Callable[..., None]:
    """A call that does nothing once the object whose method it is has been deleted.

    A dialog may be closed, and a card taken away, while work that they began is still under way.

    Args:
        call: A method, a `partial` of one, or a function, which is always called.
    """
    method = call
    while isinstance(method, partial):
        method = method.func
    receiver = getattr(method, "__self__", None)

    def hear(*values: Any) -> None:
        if not isinstance(receiver, QObject) or isValid(receiver):
            call(*values)

    return hear


class Operations(QObject):
    """Starts operations: side by side, or one after the other where they share a lane.

    Args:
        on_failure: What hears of failures that nobody else wants to hear of.
        parent: Owner.
    """

    started = Signal(object)
    ended = Signal(object)

    def __init__(self, on_failure: Callable[[dict[str, Any]], None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._on_failure = on_failure
        self._speech = _Speech(self)
        self._lanes: dict[str, ThreadPoolExecutor] = {}
        self._running: list[Operation] = []
        self._closed = False

    @property
    def running(self) -> tuple[Operation, ...]:
        """Operations that are not finished, the oldest first."""
        return tuple(self._running)

    def run(
        self,
        title: str,
        work: Callable[[OperationContext], T],
        *,
        lane: str = BACKGROUND,
        lasts: bool = False,
        on_success: Callable[[T], None] | None = None,
        on_failure: Callable[[dict[str, Any]], None] | None = None,
        on_progress: Callable[[int, int | None, str], None] | None = None,
        on_told: Callable[[Any], None] | None = None,
    ) -> Operation:
        """Start a piece of work.

        Args:
            title: What it is, for people.
            work: The work; it runs in another thread and touches no widget.
            lane: Work of one lane runs one after the other; "background" runs side by side.
            lasts: Whether it is done also when the desktop closes before its turn: the operator saw it as done.
            on_success: Called with the result, on the window's thread; so are all that follow. A method of a
                widget that is gone by then is not called.
            on_failure: Called with the failure's JSON.
            on_progress: Called with done, total and text.
            on_told: Called with each partial result.

        Raises:
            RuntimeError: The desktop is closing, and takes no more work.
        """
        if self._closed:
            raise RuntimeError(f"The desktop is closing; {title!r} was not started.")
        operation = Operation(title, work, self._speech, self)
        operation.lasts = lasts
        if on_success is not None:
            operation.succeeded.connect(while_there(on_success))
        operation.failed.connect(while_there(on_failure or self._on_failure))
        if on_progress is not None:
            operation.progressed.connect(while_there(on_progress))
        if on_told is not None:
            operation.told.connect(while_there(on_told))
        operation.finished.connect(partial(self._forget, operation))
        self._running.append(operation)
        self.started.emit(operation)
        self._executor(lane).submit(operation._run)  # noqa: SLF001 (the two classes are one thing)
        return operation

    def _executor(self, lane: str) -> ThreadPoolExecutor:
        if lane not in self._lanes:
            threads = PARALLEL if lane == BACKGROUND else 1
            self._lanes[lane] = ThreadPoolExecutor(threads, thread_name_prefix=f"operation-{lane}")
        return self._lanes[lane]

    def _forget(self, operation: Operation) -> None:
        self._running.remove(operation)
        self.ended.emit(operation)
        operation.deleteLater()

    def shut_down(self) -> None:
        """Ask all work to stop that need not be done, and wait for all of it; no work is taken any more."""
        self._closed = True
        for operation in self._running:
            if not operation.lasts:
                operation.cancel()
        for executor in self._lanes.values():
            executor.shutdown(wait=True)
        # whoever heard of it now would begin what follows, and there is nobody left to see it
        self._speech.is_heard = False
        for operation in self._running:
            operation.is_finished = True
        self._running.clear()
