# SPDX-License-Identifier: Apache-2.0
"""A line on stderr that tells how far work on many files is, where somebody watches a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from app.output import err
from archive.progress import Progress, ProgressCallback, no_progress


@contextmanager
def file_progress() -> Iterator[ProgressCallback]:
    """A listener that shows the work on one line; nothing where stderr is no terminal."""
    if not err.is_terminal:
        yield no_progress
        return
    with err.status("") as line:

        def show(progress: Progress) -> None:
            total = "" if progress.total is None else f" of {progress.total}"
            line.update(f"{progress.activity}: {progress.done}{total} {progress.unit}")

        yield show
