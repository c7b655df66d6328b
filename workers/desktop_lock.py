# SPDX-License-Identifier: Apache-2.0
"""The lock by which a station's processes know that a desktop is open, also after it was killed."""

from __future__ import annotations

import fcntl
from pathlib import Path
from typing import IO

from workers.settings import Settings


def _path(settings: Settings) -> Path:
    return settings.state_directory / "desktop.lock"


class DesktopLock:
    """Held as long as a desktop is open; the kernel lets it go when the process dies, however that comes about.

    Args:
        settings: The station's settings.
    """

    def __init__(self, settings: Settings) -> None:
        self._path = _path(settings)
        self._file: IO[str] | None = None

    def take(self) -> None:
        """Take the lock, beside other desktops of this station; may wait for a moment.

        Raises:
            OSError: The state directory cannot be written.
        """
        if self._file is None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            file = self._path.open("a+")
            fcntl.flock(file, fcntl.LOCK_SH)
            self._file = file

    def release(self) -> None:
        """Let it go."""
        if self._file is not None:
            self._file.close()
            self._file = None


def desktop_is_open(settings: Settings) -> bool:
    """Whether a desktop of this station is open on this machine."""
    path = _path(settings)
    if not path.exists():
        return False
    with path.open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False
