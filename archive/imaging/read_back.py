# SPDX-License-Identifier: Apache-2.0
"""Reading a file again that was just written, from the disk and not from memory."""

from __future__ import annotations

import os
from typing import IO

from archive.digests import BLOCK, DigestSet


def read_back(file: IO[bytes]) -> DigestSet:
    """Bring a file to disk, drop it from the page cache where the system can, and digest it again.

    Args:
        file: The file, open for reading and writing; it is left at its end.

    Raises:
        OSError: The disk is full or failing.
    """
    file.flush()
    os.fsync(file.fileno())
    if hasattr(os, "posix_fadvise"):
        # only clean pages are dropped (posix_fadvise(2)), which the fsync has made them
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
    file.seek(0)
    digests = DigestSet()
    while block := file.read(BLOCK):
        digests.update(block)
    return digests
