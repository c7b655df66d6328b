# SPDX-License-Identifier: Apache-2.0
"""Bringing one file here: streamed, continued where it broke off, proved by its digests, and whole or not there."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from archive.errors import SourceDiffers, SourceTooLarge, SourceUnreachable
from archive.fetching.addresses import Declared, SourceAddress
from archive.fetching.remote import BLOCK, RemoteFile
from archive.fetching.servers import Servers
from archive.fetching.unfinished import UnfinishedFile, unfinished
from archive.progress import ProgressCallback, no_progress
from archive.progress_meter import ProgressMeter

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
    watch = _Watch(admit, still, progress)
    with unfinished(destination, address.url) as part:
        fetched = _attempt(servers, address, part, watch)
        if (problem := _problem(address.declared, fetched)) and fetched.resumed_at:
            # the beginning may be another file's: once more, from the first byte
            part.forget_note()
            fetched = _attempt(servers, address, part, watch)
            problem = _problem(address.declared, fetched)
        if problem:
            part.throw_away()
            raise SourceDiffers(
                f"{address.url} is not the file that was declared: {problem}.", url=address.url
            )
        part.finish(destination)
    return replace(fetched, path=destination)


@dataclass(frozen=True, slots=True)
class _Watch:
    """Who is asked and told while a file comes."""

    admit: Admit
    still: Callable[[], None]
    progress: ProgressCallback


def _attempt(servers: Servers, address: SourceAddress, part: UnfinishedFile, watch: _Watch) -> Fetched:
    known, arrived = part.known()
    remote = servers.of(address).open(address, arrived, known)
    with closing(remote):
        facts = remote.facts
        _require_bounds(address, facts.size, servers.access.largest_file)
        watch.admit(None if facts.size is None else facts.size - remote.offset)
        part.begin(facts, remote.offset)
        total = address.declared.size if facts.size is None else facts.size
        meter = ProgressMeter(watch.progress, f"Fetching {address.plain_path.rpartition('/')[2]}", total)
        blocks = _checked(remote, address, servers.access.largest_file, watch.still)
        size, sha256, md5 = _receive(blocks, part, meter)
    return Fetched(Path(), address.url, size, sha256, md5, facts.etag, facts.modified, remote.offset)


def _checked(
    remote: RemoteFile, address: SourceAddress, largest: int, still: Callable[[], None]
) -> Iterator[bytes]:
    """The blocks that come, as long as they are wanted and no more than there may be."""
    size, whole = remote.offset, remote.facts.size
    while block := remote.read():
        size += len(block)
        _require_bounds(address, size, largest)
        yield block
        still()
    if whole is not None and size < whole:
        raise SourceUnreachable(f"The connection to {address.url} ended after {size} of {whole} bytes.")


def _receive(blocks: Iterator[bytes], part: UnfinishedFile, meter: ProgressMeter) -> tuple[int, str, str]:
    """Write what comes behind what is there; size and digests of the whole. Whatever ends it, what came is kept."""
    sha256, md5 = hashlib.sha256(), hashlib.md5(usedforsecurity=False)
    while block := part.file.read(BLOCK):
        sha256.update(block)
        md5.update(block)
    meter.start(part.file.tell())
    try:
        for arrived in blocks:
            part.file.write(arrived)
            sha256.update(arrived)
            md5.update(arrived)
            part.grow()
            meter.advance(len(arrived))
    except SourceUnreachable as error:
        error.facts["arrived"] = part.keep()
        raise
    except BaseException:
        with suppress(OSError):  # such as a full disk, which is what is being told
            part.keep()
        raise
    meter.finish()
    return part.file.tell(), sha256.hexdigest(), md5.hexdigest()


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
