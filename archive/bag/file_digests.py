# SPDX-License-Identifier: Apache-2.0
"""The digests of the files of a bag while they are copied: which are taken, which are compared, which are taken over."""

from __future__ import annotations

import functools
import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from archive.digest_threads import DigestThreads
from archive.digests import digest_constructor
from archive.errors import PayloadChanged

if TYPE_CHECKING:
    import hashlib

PROVING = ("sha256", "sha512", "sha384")
"""Digests of which one proves that bytes are those recorded; the quickest of them first."""

_HEXADECIMAL = re.compile(r"[0-9A-Fa-f]+")

TellDigests = Callable[[str, Mapping[str, str]], None]


@dataclass(slots=True)
class _Running:
    """A file whose digests are not all known yet."""

    path: str
    recorded: Mapping[str, str]
    found: dict[str, str]
    wanted: int


class FileDigests:
    """Takes the digests of one file after the other and tells them in the same order.

    Where a digest of `PROVING` was recorded, the bytes are held against that one, and the others that
    were recorded are taken over: whoever recorded them digested the same bytes in the same reading.
    Without one, everything recorded is compared. Blocks of large files go to a thread for each
    algorithm, which may still be busy with one file when the next one is copied.

    Args:
        algorithms: hashlib names of the digests that are needed of each file.
        threads: Where large blocks are digested.
        tell: Called with the path and all digests of each file, in the order of the files.
    """

    def __init__(self, algorithms: Iterable[str], threads: DigestThreads, tell: TellDigests) -> None:
        self._algorithms = tuple(sorted(algorithms))
        self._threads = threads
        self._tell = tell
        self._running: deque[_Running] = deque()
        self._constructor = functools.cache(digest_constructor)

    def small(self, path: str, content: bytes, recorded: Mapping[str, str]) -> None:
        """Take the digests of a file that is in memory.

        Raises:
            PayloadChanged: It is not the file that was recorded.
        """
        found = {name: self._constructor(name)(content).hexdigest() for name in self._to_take(recorded)}
        self._settle()
        if self._running:
            self._running.append(_Running(path, recorded, found, len(found)))
        else:
            self._end(path, recorded, found)

    def watched(self, path: str, blocks: Iterable[bytes], recorded: Mapping[str, str]) -> Iterator[bytes]:
        """Pass the blocks of a large file on while they are digested.

        Raises:
            PayloadChanged: An earlier file is not the one that was recorded.
        """
        hashes = {name: self._constructor(name)() for name in self._to_take(recorded)}
        for block in blocks:
            for name, running in hashes.items():
                self._threads.hand(name, running.update, block)
            yield block
        file = _Running(path, recorded, {}, len(hashes))
        self._running.append(file)
        for name, running in hashes.items():
            self._threads.hand(name, functools.partial(_keep, file.found, name), running)
        self._settle()

    def finish(self) -> None:
        """Wait until all digests are told.

        Raises:
            PayloadChanged: A file is not the one that was recorded.
        """
        self._threads.wait()
        self._settle()

    def _settle(self) -> None:
        while self._running and len(self._running[0].found) == self._running[0].wanted:
            file = self._running.popleft()
            self._end(file.path, file.recorded, file.found)

    def _to_take(self, recorded: Mapping[str, str]) -> Iterable[str]:
        if not recorded:
            return self._algorithms
        proving = next((name for name in PROVING if name in recorded), None)
        compared = {*recorded} if proving is None else {proving}
        taken_over = {name for name, digest in recorded.items() if self._is_digest(name, digest)} - compared
        return sorted({*self._algorithms, *recorded} - taken_over)

    def _is_digest(self, name: str, digest: str) -> bool:
        """Whether it has the form of one; what has not is compared, which tells it."""
        return len(digest) == 2 * _digest_size(name) and _HEXADECIMAL.fullmatch(digest) is not None

    def _end(self, path: str, recorded: Mapping[str, str], found: Mapping[str, str]) -> None:
        if not recorded:
            self._tell(path, found)
            return
        for algorithm, digest in found.items():
            expected = recorded.get(algorithm, digest)
            if digest != expected.lower():
                raise PayloadChanged(
                    f"{path} is not the file that was recorded: its {algorithm} is {digest}, "
                    f"recorded was {expected}.",
                    path=path,
                    algorithm=algorithm,
                    expected=expected,
                    found=digest,
                )
        self._tell(path, {**{name: digest.lower() for name, digest in recorded.items()}, **found})


@functools.cache
def _digest_size(name: str) -> int:
    return digest_constructor(name)().digest_size


def _keep(found: dict[str, str], name: str, running: hashlib._Hash) -> None:
    found[name] = running.hexdigest()
