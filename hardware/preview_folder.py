# SPDX-License-Identifier: Apache-2.0
"""Folders for previews, which somebody may still be reading, and which outlive no process that made them for long."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
import time
from contextlib import suppress
from pathlib import Path

PREFIX = "recto-preview-"

SECONDS_TO_BEGIN = 60.0
"""A folder is left alone for so long, whoever made it may not have locked it yet."""

_LOCK = "in-use"


class PreviewFolder:
    """A new folder among the temporary files, held by a lock that ends with this process, however it ends.

    The first thing that a new one does is to remove those of processes that were killed.

    Raises:
        OSError: The folder for temporary files takes nothing.
    """

    def __init__(self) -> None:
        remove_abandoned()
        self.path = Path(tempfile.mkdtemp(prefix=PREFIX))
        self._lock = (self.path / _LOCK).open("wb")
        fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def remove(self) -> None:
        """Remove it with all that is in it."""
        shutil.rmtree(self.path, ignore_errors=True)
        self._lock.close()


def remove_abandoned() -> None:
    """Remove this user's folders whose process is gone."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        # somebody else may remove them at the same time
        with suppress(OSError):
            facts = folder.lstat()
            old = time.time() - facts.st_mtime > SECONDS_TO_BEGIN
            if facts.st_uid == os.getuid() and old and not folder.is_symlink() and not _is_in_use(folder):
                shutil.rmtree(folder, ignore_errors=True)


def _is_in_use(folder: Path) -> bool:
    try:
        with (folder / _LOCK).open("rb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False
