# SPDX-License-Identifier: Apache-2.0
"""Writing a large file while what was written before is already on its way to the disk."""

from __future__ import annotations

import os

from archive.digest_threads import DigestThreads

_SYNCED_AT_ONCE = 32 << 20
"""Bytes after which a sync is begun: many enough that its cost on a spinning disk does not count."""


class WrittenAhead:
    """Writes to a file, and syncs it in a thread now and then, so that the last sync finds little to do.

    A failure of such a sync is raised by a later `write`, or when the threads are waited for: the
    kernel may tell it only once (fsync(2)).

    Args:
        descriptor: Of a file open for writing, which stays open while the threads live.
        threads: Where the syncs run.
    """

    def __init__(self, descriptor: int, threads: DigestThreads) -> None:
        self._descriptor = descriptor
        self._threads = threads
        self._unsynced = 0

    def write(self, block: bytes) -> None:
        """Write all of a block.

        Raises:
            OSError: The disk is full, read-only or failing.
        """
        view = memoryview(block)
        while view:
            view = view[os.write(self._descriptor, view) :]
        self._unsynced += len(block)
        if self._unsynced >= _SYNCED_AT_ONCE:
            self._unsynced = 0
            self._threads.hand("sync", os.fdatasync, self._descriptor)
