# SPDX-License-Identifier: Apache-2.0
"""Whether a folder can take the work: writable, and with room; asked before anything is put there."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

ROOM_WANTED = 20 << 30
"""Bytes below which a disk is called small: about four hundred A4 masters at 600 dpi in colour."""
ROOM_NEEDED = 2 << 30
"""Bytes below which a disk is called full: some twenty pages and their bag."""


@dataclass(frozen=True, slots=True)
class FolderCheck:
    """What was found.

    Attributes:
        folder: What was asked about.
        exists: Whether it is there; if not, it can be made where `can_write`.
        can_write: Whether this user may write there.
        free: Bytes free on its disk.
    """

    folder: Path
    exists: bool
    can_write: bool
    free: int

    @property
    def is_good(self) -> bool:
        """Whether work can begin there."""
        return self.can_write and self.free >= ROOM_NEEDED

    @property
    def is_roomy(self) -> bool:
        """Whether there is room for more than a day."""
        return self.free >= ROOM_WANTED


def check_folder(folder: Path) -> FolderCheck:
    """Look at a folder, or at the nearest one above it that is there; nothing is made.

    Raises:
        OSError: The disk cannot be asked.
    """
    path = folder.expanduser().absolute()
    existing = next(above for above in (path, *path.parents) if above.exists())
    can_write = existing.is_dir() and os.access(existing, os.W_OK | os.X_OK)
    return FolderCheck(path, path.is_dir(), can_write, shutil.disk_usage(existing).free)
