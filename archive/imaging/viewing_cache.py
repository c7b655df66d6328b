# SPDX-License-Identifier: Apache-2.0
"""Files of the image cache: written so that none is ever half there under its name, and kept within a size."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from archive.unfinished_files import mark_alive, remove_all_unfinished

CACHE_LIMIT = 4_000_000_000
"""Bytes that viewing copies may take: some 2,000 pages of A4 at 300 dpi."""


@contextmanager
def cache_file(destination: Path) -> Iterator[IO[bytes]]:
    """A temporary file that takes its name when the block ends well; unlike `durable_file` without sync."""
    destination.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(
        prefix=f".{destination.name[:100]}.", suffix=".part", dir=destination.parent
    )
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "w+b") as file:
            mark_alive(file.fileno())
            yield file
            file.flush()
            temporary.replace(destination)
    finally:
        temporary.unlink(missing_ok=True)


def prune_cache(folder: Path, limit: int = CACHE_LIMIT) -> int:
    """Remove what was not used for longest until a cache is within its limit, and what killed writers left.

    Args:
        folder: The cache; every file in it may go. Readers mark use by the file's modification time.
        limit: Bytes in all.

    Returns:
        How many files were removed.

    Raises:
        OSError: A file cannot be removed.
    """
    if not folder.is_dir():
        return 0
    remove_all_unfinished(folder)
    files = [(path.stat(), path) for path in folder.rglob("*") if path.is_file() and path.suffix != ".part"]
    size = sum(status.st_size for status, _ in files)
    removed = 0
    for status, path in sorted(files, key=lambda file: file[0].st_mtime_ns):
        if size <= limit:
            break
        path.unlink(missing_ok=True)
        size -= status.st_size
        removed += 1
    return removed
