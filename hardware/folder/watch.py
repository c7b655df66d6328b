# SPDX-License-Identifier: Apache-2.0
"""Hearing of changes in a hot folder: from the kernel, or on network mounts by looking again and again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

from watchdog.events import (
    FileClosedEvent,
    FileCreatedEvent,
    FileModifiedEvent,
    FileMovedEvent,
    FileSystemEvent,
    FileSystemEventHandler,
)
from watchdog.observers import Observer
from watchdog.observers.api import BaseObserver
from watchdog.observers.polling import PollingObserver

from hardware.folder.mounts import is_network_mount
from hardware.logs import Logger

log = Logger(__name__)

POLL_SECONDS = 1.0
"""Seconds between two looks at a folder whose changes the kernel does not tell."""

_TELLING: list[type[FileSystemEvent]] = [
    FileCreatedEvent,
    FileModifiedEvent,
    FileMovedEvent,
    FileClosedEvent,
]
"""Not those that tell of reading: Recto itself reads."""


class FolderWatch:
    """Says when something in a folder, or in the folders in it, was written; until it is closed.

    Args:
        folder: Which one. One that cannot be watched, or is away, is only said to the log.
        changed: Is called from a thread of the watch, as often as something was written.
        poll: True to look again and again; false to trust the kernel; None to trust it unless the
            folder lies on a network mount.
    """

    def __init__(self, folder: Path, changed: Callable[[], None], *, poll: bool | None = None) -> None:
        self._folder = folder
        self._changed = changed
        self._observer: BaseObserver | None = None
        if not folder.is_dir():
            return
        polling = is_network_mount(folder) if poll is None else poll
        if not polling:
            self._observer = self._start(Observer())
        if self._observer is None:
            # the kernel has a limit of its own on how much is watched
            self._observer = self._start(PollingObserver(timeout=POLL_SECONDS))

    @property
    def polls(self) -> bool:
        """Whether it looks again and again."""
        return isinstance(self._observer, PollingObserver)

    def _start(self, observer: BaseObserver) -> BaseObserver | None:
        try:
            observer.schedule(
                _Teller(self._changed), str(self._folder), recursive=True, event_filter=_TELLING
            )
            observer.start()
        except OSError as error:
            log.warning("hot folder is not watched", folder=str(self._folder), reason=str(error))
            return None
        return observer

    def close(self) -> None:
        """Watch no longer."""
        observer, self._observer = self._observer, None
        if observer is not None:
            observer.stop()
            observer.join()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


class _Teller(FileSystemEventHandler):
    def __init__(self, changed: Callable[[], None]) -> None:
        self._changed = changed

    def on_any_event(self, event: FileSystemEvent) -> None:  # noqa: ARG002  # whatever it was, one must look
        """Say that something was written."""
        self._changed()
