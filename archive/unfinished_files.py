# SPDX-License-Identifier: Apache-2.0
"""Temporary files of writers that were killed: told apart from those of living writers, and removed.

A living writer holds a lock on its temporary file or folder; the kernel drops the lock when the
writer dies. Both speak of the names that `archive.durable.durable_file` gives.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def mark_alive(descriptor: int) -> None:
    """Lock an open temporary file or folder until it is closed or this process dies."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        # a file system without locks: the file is then never taken for a dead writer's either
        return


@contextmanager
def living_folder(folder: Path) -> Iterator[None]:
    """Hold the lock on a temporary folder during the block."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        mark_alive(descriptor)
        yield
    finally:
        os.close(descriptor)


def remove_unfinished(destination: Path) -> None:
    """Remove what killed writers of a destination left beside it.

    Raises:
        OSError: Something of theirs cannot be removed.
    """
    if not destination.parent.is_dir():
        return
    prefix = f".{destination.name[:100]}."
    for path in destination.parent.iterdir():
        if path.name.startswith(prefix) and path.name.endswith(".part") and not path.is_symlink():
            _remove_if_dead(path)


def remove_all_unfinished(folder: Path) -> None:
    """Remove what killed writers left anywhere below a folder.

    Raises:
        OSError: Something of theirs cannot be removed.
    """
    for path in folder.rglob(".*.part"):
        if not path.is_symlink():
            _remove_if_dead(path)


def _remove_if_dead(path: Path) -> None:
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except FileNotFoundError:
        return
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    except BlockingIOError:
        return
    finally:
        os.close(descriptor)
