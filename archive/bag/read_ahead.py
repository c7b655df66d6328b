# SPDX-License-Identifier: Apache-2.0
"""Opening files some steps before they are read, so that the disk is never idle between small files."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterable, Iterator
from types import TracebackType
from typing import Self

from archive.bag.contents import FOR_READING, PayloadFile, unreadable

_FILES_AHEAD = 16
"""Files that are open before their turn."""

_BYTES_AHEAD = 1 << 20
"""Bytes of each that the kernel is asked to fetch; what follows it fetches by itself while they are read."""


class ReadAhead:
    """Gives files in their order, each with a descriptor that stays open until the next one is asked for.

    Args:
        files: The files; links are not followed.
    """

    def __init__(self, files: Iterable[PayloadFile]) -> None:
        self._files = iter(files)
        self._waiting: deque[tuple[PayloadFile, int | OSError]] = deque()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        while self._waiting:
            self._leave_first()

    def __iter__(self) -> Iterator[tuple[PayloadFile, int]]:
        """The files and their descriptors.

        Raises:
            PayloadMissing: When it is the turn of a file that is gone, a link, or cannot be read.
        """
        while True:
            for file in self._files:
                self._waiting.append((file, _opened(file)))
                if len(self._waiting) > _FILES_AHEAD:
                    break
            if not self._waiting:
                return
            file, descriptor = self._waiting[0]
            if isinstance(descriptor, OSError):
                raise unreadable(file.source, descriptor) from descriptor
            yield file, descriptor
            self._leave_first()

    def _leave_first(self) -> None:
        _, descriptor = self._waiting.popleft()
        if isinstance(descriptor, int):
            os.close(descriptor)


def _opened(file: PayloadFile) -> int | OSError:
    try:
        descriptor = os.open(file.source, FOR_READING)
    except OSError as error:
        return error
    try:
        os.posix_fadvise(descriptor, 0, _BYTES_AHEAD, os.POSIX_FADV_WILLNEED)
    except OSError as error:
        os.close(descriptor)
        return error
    return descriptor
