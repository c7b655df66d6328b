# SPDX-License-Identifier: Apache-2.0
"""Bringing one file here: streamed, continued where it broke off, proved by its digests, and whole or not there."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import IO

from archive.durable import sync_directory, write_durably
from archive.errors import SourceBusy, SourceDiffers, SourceTooLarge, SourceUnreachable
from archive.fetching.addresses import Declared, SourceAddress
from archive.fetching.remote import BLOCK, RemoteFacts, RemoteFile
from archive.fetching.servers import Servers
from archive.progress import ProgressCallback, no_progress
from archive.progress_meter import ProgressMeter

SMALLEST_RESUMED = 1 << 20
"""Bytes below which a file is sooner fetched anew than noted down durably."""

Admit = Callable[[int | None], None]
"""Asked with the bytes that are still to come, None where nobody knows; raises where there is no room."""


def admit_all(size: int | None) -> None:
    """There is room for anything."""
    del size


def still_wanted() -> None:
    """Nobody cancels."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """A file that was brought here.

    Attributes:
        path: Where it lies.
        url: Where it came from.
        size: Bytes.
        sha256: Of what lies here, lower-case hexadecimal.
        md5: Likewise.
        etag: The server's own tag, "" where it has none.
        modified: When it was changed last, in the server's words.
        resumed_at: The byte at which an earlier attempt was continued; 0 for none.
    """

    path: Path
    url: str
    size: int
    sha256: str
    md5: str
    etag: str = ""
    modified: str = ""
    resumed_at: int = 0


def download(
    servers: Servers,
    address: SourceAddress,
    destination: Path,
    *,
    admit: Admit = admit_all,
    still: Callable[[], None] = still_wanted,
    progress: ProgressCallback = no_progress,
) -> Fetched:
    """Fetch a file to a path of its own, which comes to be there whole and proved, or not at all.

    What arrives lies beside it under a hidden name until then, with a note of what it is a part of. A later
    call goes on from there where the server says that its file is still the same, and else begins anew.

    Args:
        servers: The servers.
        address: The file, with what is declared of it.
        destination: Where it shall lie; a file there is replaced.
        admit: Asked before the first byte is written.
        still: Called between blocks; what it raises ends the download, and what arrived stays.
        progress: Told of bytes.

    Raises:
        FetchError: It cannot be had, or is not what was declared; the class names the state. Where a connection
            broke, `facts["arrived"]` tells how many bytes lie here.
        OSError: The disk is full or failing.
    """
    destination.parent.mkdir(parents=True, exist_ok=True)
    part = destination.with_name(f".{destination.name}.fetching")
    note = destination.with_name(f".{destination.name}.fetching.json")
    watch = _Watch(admit, still, progress)
    with _alone(part, address.url) as file:
        try:
            fetched = _attempt(servers, address, file, note, watch)
        except SourceUnreachable as error:
            file.flush()
            error.facts["arrived"] = os.fstat(file.fileno()).st_size
            raise
        if (problem := _problem(address.declared, fetched)) and fetched.resumed_at:
            # the beginning may be another file's: once more, from the first byte
            note.unlink(missing_ok=True)
            fetched = _attempt(servers, address, file, note, watch)
            problem = _problem(address.declared, fetched)
        if problem:
            part.unlink()
            note.unlink(missing_ok=True)
            raise SourceDiffers(
                f"{address.url} is not the file that was declared: {problem}.", url=address.url
            )
        file.flush()
        os.fsync(file.fileno())
        part.replace(destination)
        sync_directory(destination.parent)
        note.unlink(missing_ok=True)
    return replace(fetched, path=destination)


@dataclass(frozen=True, slots=True)
class _Watch:
    """Who is asked and told while a file comes."""

    admit: Admit
    still: Callable[[], None]
    progress: ProgressCallback


@contextmanager
def _alone(part: Path, url: str) -> Iterator[IO[bytes]]:
    """The unfinished file, open and locked: a worker that was given up may still be writing to it."""
    descriptor = os.open(part, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    with os.fdopen(descriptor, "r+b") as file:
        try:
            fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise SourceBusy(f"Another process still fetches {url}.") from error
        except OSError:
            # a file system without locks: the registry's lease alone keeps others away
            yield file
            return
        yield file


def _attempt(servers: Servers, address: SourceAddress, file: IO[bytes], note: Path, watch: _Watch) -> Fetched:
    known = _known(note, address.url)
    arrived = os.fstat(file.fileno()).st_size if known is not None else 0
    remote = servers.of(address).open(address, arrived, known)
    with closing(remote):
        facts = remote.facts
        _require_bounds(address, facts.size, servers.access.largest_file)
        watch.admit(None if facts.size is None else facts.size - remote.offset)
        file.seek(remote.offset)
        file.truncate()
        if _is_worth_resuming(facts) and not remote.offset:
            write_durably(note, json.dumps({"url": address.url, **asdict(facts)}).encode())
        file.seek(0)
        total = address.declared.size if facts.size is None else facts.size
        meter = ProgressMeter(watch.progress, f"Fetching {address.plain_path.rpartition('/')[2]}", total)
        largest = servers.access.largest_file
        size, sha256, md5 = _receive(_checked(remote, address, largest, watch.still), file, meter)
    if facts.size is not None and size < facts.size:
        raise SourceUnreachable(f"The connection to {address.url} ended after {size} of {facts.size} bytes.")
    return Fetched(note, address.url, size, sha256, md5, facts.etag, facts.modified, remote.offset)


def _is_worth_resuming(facts: RemoteFacts) -> bool:
    return facts.can_be_known_again and (facts.size is None or facts.size > SMALLEST_RESUMED)


def _known(note: Path, url: str) -> RemoteFacts | None:
    """What an earlier attempt has noted of the file, if it was the same address."""
    try:
        noted = json.loads(note.read_bytes())
        if noted.pop("url") == url:
            return RemoteFacts(**noted)
    except (FileNotFoundError, ValueError, TypeError, KeyError, AttributeError):
        # no attempt was made before, or its note is damaged: nothing is known
        return None
    return None


def _checked(
    remote: RemoteFile, address: SourceAddress, largest: int, still: Callable[[], None]
) -> Iterator[bytes]:
    """The blocks that come, as long as they are wanted and no more than there may be."""
    size = remote.offset
    while block := remote.read():
        size += len(block)
        _require_bounds(address, size, largest)
        yield block
        still()


def _receive(blocks: Iterator[bytes], file: IO[bytes], meter: ProgressMeter) -> tuple[int, str, str]:
    """Write what comes behind what is there; size and digests of the whole."""
    sha256, md5 = hashlib.sha256(), hashlib.md5(usedforsecurity=False)
    while block := file.read(BLOCK):
        sha256.update(block)
        md5.update(block)
    meter.start(file.tell())
    for arrived in blocks:
        file.write(arrived)
        sha256.update(arrived)
        md5.update(arrived)
        meter.advance(len(arrived))
    meter.finish()
    return file.tell(), sha256.hexdigest(), md5.hexdigest()


def _require_bounds(address: SourceAddress, size: int | None, largest: int) -> None:
    if size is None:
        return
    if size > largest:
        raise SourceTooLarge(
            f"{address.url} has {size} bytes or more; the settings allow {largest}.",
            remedy="Make sure that it is a page image, then raise fetch.largest_file_bytes in the settings.",
        )
    declared = address.declared.size
    if declared is not None and size > declared:
        raise SourceDiffers(f"{address.url} has {size} bytes or more; {declared} were declared.")


def _problem(declared: Declared, fetched: Fetched) -> str:
    """In what a file is unlike what was declared of it; "" where it is the same."""
    for name in ("size", "sha256", "md5"):
        wanted, found = getattr(declared, name), getattr(fetched, name)
        if wanted not in (None, "") and wanted != found:
            return f"its {name} is {found}, not {wanted}"
    return ""
