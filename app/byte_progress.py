# SPDX-License-Identifier: Apache-2.0
"""Bars on a terminal for work that counts bytes, one for each piece of work that runs now."""

from __future__ import annotations

import threading
from types import TracebackType
from typing import Self

from rich.progress import BarColumn, DownloadColumn, TaskID, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bars

from app.output import err
from archive.progress import Progress, ProgressCallback

_LONGEST = 40


class ByteProgress:
    """Shows what its listeners hear, on stderr and only where that is a terminal.

    May be told from several threads. Used as a context manager; afterwards the bars are gone.
    """

    def __init__(self) -> None:
        columns = (
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            DownloadColumn(),
            TimeRemainingColumn(),
        )
        self._bars = Bars(*columns, console=err, transient=True, disable=not err.is_terminal)
        self._tasks: dict[str, tuple[str, TaskID]] = {}
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        self._bars.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bars.stop()

    def listener(self, name: str) -> ProgressCallback:
        """A listener for one piece of work; its bar begins anew with every activity of it.

        Args:
            name: What tells this piece of work from others.
        """

        def show(progress: Progress) -> None:
            with self._lock:
                self._show(name, progress)

        return show

    def end(self, name: str) -> None:
        """Take the bar of a piece of work away."""
        with self._lock:
            _, task = self._tasks.pop(name, ("", None))
            if task is not None:
                self._bars.remove_task(task)

    def _show(self, name: str, progress: Progress) -> None:
        activity, task = self._tasks.get(name, ("", None))
        if task is not None and activity != progress.activity:
            self._bars.remove_task(task)
            task = None
        if task is None:
            task = self._bars.add_task(_shortened(progress.activity), total=progress.total)
        self._tasks[name] = (progress.activity, task)
        self._bars.update(task, completed=progress.done, total=progress.total)


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
