# SPDX-License-Identifier: Apache-2.0
"""A file that is still coming: what lies here of it, what it is a part of, and how much of that is surely on disk."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import IO

from archive.durable import sync_directory, write_durably
from archive.errors import SourceBusy
from archive.fetching.remote import RemoteFacts

SMALLEST_RESUMED = 1 << 20
"""Bytes below which a file is sooner fetched anew than noted down durably."""

SYNCED = 32 << 20
"""Bytes after which what has come is brought to disk: as many are lost at most when a process or the power dies."""


class UnfinishedFile:
    """A file that takes its name when it is whole; see `unfinished`.

    Attributes:
        file: Open for reading and writing, and locked.
        url: Where it comes from.
    """

    def __init__(self, file: IO[bytes], part: Path, note: Path, url: str) -> None:
        self.file = file
        self.url = url
        self._part = part
        self._note = note
        self._facts: RemoteFacts | None = None
        self._kept = 0

    def known(self) -> tuple[RemoteFacts | None, int]:
        """What an earlier attempt has noted of the file, and how many bytes of it are surely here."""
        try:
            noted = json.loads(self._note.read_bytes())
            if noted.pop("url") == self.url:
                kept = int(noted.pop("kept"))
                return RemoteFacts(**noted), min(kept, os.fstat(self.file.fileno()).st_size)
        except (FileNotFoundError, ValueError, TypeError, KeyError, AttributeError):
            # no attempt was made before, or its note is damaged: nothing is known
            return None, 0
        return None, 0

    def begin(self, facts: RemoteFacts, offset: int) -> None:
        """Cut the file where what comes now belongs; from here on it is a part of what the facts tell."""
        self.file.seek(offset)
        self.file.truncate()
        worth = facts.can_be_known_again and (facts.size is None or facts.size > SMALLEST_RESUMED)
        self._facts, self._kept = (facts if worth else None), offset
        if not offset:
            self._note.unlink(missing_ok=True)
        self.file.seek(0)

    def grow(self) -> None:
        """Bring what has come to disk, once it is enough."""
        if self.file.tell() - self._kept >= SYNCED:
            self.keep()

    def keep(self) -> int:
        """Bring what has come to disk, and note that it is there.

        Returns:
            How many bytes lie here.
        """
        self.file.flush()
        size = os.fstat(self.file.fileno()).st_size
        if self._facts is not None and size > self._kept:
            os.fdatasync(self.file.fileno())
            noted = {"url": self.url, "kept": size, **asdict(self._facts)}
            write_durably(self._note, json.dumps(noted).encode())
            self._kept = size
        return size

    def finish(self, destination: Path) -> None:
        """Give it its name, in the place of a file that has it."""
        self.file.flush()
        os.fsync(self.file.fileno())
        self._part.replace(destination)
        sync_directory(destination.parent)
        self.forget_note()

    def forget_note(self) -> None:
        """Let the next attempt begin anew."""
        self._note.unlink(missing_ok=True)

    def throw_away(self) -> None:
        """Leave nothing of it."""
        self._part.unlink()
        self.forget_note()


@contextmanager
def unfinished(destination: Path, url: str) -> Iterator[UnfinishedFile]:
    """What lies beside a path of the file that shall get there, or nothing yet; it is ours alone during the block.

    Raises:
        SourceBusy: Another process has it: a worker that was given up may still be writing.
    """
    destination.parent.mkdir(parents=True, exist_ok=True)
    part = destination.with_name(f".{destination.name}.fetching")
    note = destination.with_name(f".{destination.name}.fetching.json")
    descriptor = os.open(part, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    with os.fdopen(descriptor, "r+b") as file:
        _lock(file, part, url)
        yield UnfinishedFile(file, part, note, url)


def _lock(file: IO[bytes], part: Path, url: str) -> None:
    try:
        fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise SourceBusy(f"Another process still fetches {url}.") from error
    except OSError:
        # a file system without locks: the registry's lease alone keeps others away
        return
    try:
        same = part.samefile(f"/proc/self/fd/{file.fileno()}")
    except FileNotFoundError:
        same = False
    if not same:
        # between opening and locking another process has finished it: what we hold has its name already
        raise SourceBusy(f"Another process has just fetched {url}.")
