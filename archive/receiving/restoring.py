# SPDX-License-Identifier: Apache-2.0
"""Rebuilding a bag's tar, or one file of it, from the copies of its contents, straight into a storage target.

The tar has its files in the order in which they arrived, and headers as Recto writes them: a bag that Recto
made comes back as the very same tar, byte for byte; a bag of others with the same files in another tar.
"""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from archive.bag.sinks import TarSink
from archive.bag.tag_files import BAG_INFO
from archive.errors import StorageError
from archive.progress import ProgressCallback, no_progress
from archive.progress_meter import ProgressMeter
from archive.receiving.good_bytes import CopyFailed, GoodBytes
from archive.registry.kept_objects import KeptFile
from archive.storage.parts import choose_part_size
from archive.storage.stream_upload import StoredStream, StreamUpload
from archive.storage.target import MemoryUploadSession, StorageTarget

_PER_FILE = 2048
"""Bytes of a tar for the header of a file and what fills its last block, at the most but for very long names."""


@dataclass(frozen=True, slots=True)
class BagToRestore:
    """A version of an object, as its tar is rebuilt.

    Attributes:
        name: The bag's name, the top folder of the tar.
        mtime: The time of every member, seconds since 1970.
        files: Gives the files in the order of the tar, as often as asked.
        count: How many there are; `size` their bytes.
        metadata: Facts kept with the restored object where the storage can.
    """

    name: str
    mtime: int
    files: Callable[[], Iterable[KeptFile]]
    count: int
    size: int
    metadata: Mapping[str, str]


def bagging_time(tags: Mapping[str, Sequence[Sequence[str]]], created_at: str) -> int:
    """The time of the members of a bag's tar: midnight of its Bagging-Date, as Recto writes it.

    Args:
        tags: The tags of the version: `{file: [[label, value], ...]}`.
        created_at: When the version was recorded, whose day is taken where the bag tells none.
    """
    told = [value for label, value in tags.get(BAG_INFO, ()) if label.lower() == "bagging-date"]
    for day in (*told, created_at[:10]):
        try:
            date = dt.date.fromisoformat(day.strip())
        except ValueError:
            continue
        return int(dt.datetime.combine(date, dt.time(), dt.UTC).timestamp())
    return 0


def restore_bag(
    bag: BagToRestore,
    copies: GoodBytes,
    target: StorageTarget,
    key: str,
    progress: ProgressCallback = no_progress,
) -> StoredStream:
    """Rebuild a bag's tar under a key; where that very tar stands there already, it is left as it is.

    A copy that fails behind its first bytes has the tar begun anew, from other copies.

    Args:
        bag: The bag.
        copies: Where its bytes come from; tells afterwards which copies failed.
        target: Where it goes.
        key: Its name there.
        progress: Told of bytes; what it raises cancels, and nothing is left.

    Returns:
        The restored tar, with its digest.

    Raises:
        CopiesLost: No copy of a file is good any more.
        StorageUnreachable: Copies, or the target, cannot be reached now.
        ObjectExists: Something else stands under the key.
        StorageError: One of its other classes, by state.
    """
    expected = bag.size + _PER_FILE * (bag.count + 8)

    def write(stream: StreamUpload) -> None:
        meter = ProgressMeter(progress, f"Restoring {bag.name}", bag.size)
        meter.start()
        _write_tar(bag, copies, stream.write, meter)
        meter.finish()

    return _stored(write, target, key, expected, bag.metadata)


def restore_file(
    file: KeptFile,
    copies: GoodBytes,
    target: StorageTarget,
    key: str,
    progress: ProgressCallback = no_progress,
) -> StoredStream:
    """Give one file back; arguments and errors as `restore_bag`."""

    def write(stream: StreamUpload) -> None:
        meter = ProgressMeter(progress, f"Restoring {file.path}", file.size)
        meter.start()
        for block in _blocks(file, None, copies, meter):
            stream.write(block)
        meter.finish()

    return _stored(write, target, key, file.size, {"sha256": file.sha256})


def _stored(
    write: Callable[[StreamUpload], None],
    target: StorageTarget,
    key: str,
    expected: int,
    metadata: Mapping[str, str],
) -> StoredStream:
    session = MemoryUploadSession()
    streaming: dict[str, Any] = {
        "part_size": choose_part_size(expected),
        "expected_size": expected,
        "metadata": metadata,
        "session": session,
    }
    try:
        while True:
            try:
                with target.streaming(key, **streaming) as stream:
                    write(stream)
                    return stream.finish()
            except CopyFailed:
                # parts that arrived are not sent again: the bytes before the bad copy are the same
                continue
    except BaseException:
        # what cannot be removed now goes with other uploads that nobody will finish
        with contextlib.suppress(StorageError):
            target.abandon(session)
        raise


def _write_tar(
    bag: BagToRestore, copies: GoodBytes, write: Callable[[bytes], None], meter: ProgressMeter
) -> None:
    sink = TarSink(write, bag.name, bag.mtime)
    sink.add_folder("")
    has_payload_folder = False
    with contextlib.closing(copies.ahead(bag.files())) as ahead:
        for file, content in ahead:
            # where Recto's own writer has it: behind the first tag files, before manifests if there is no payload
            if not has_payload_folder and file.path.startswith(("data/", "manifest-", "tagmanifest-")):
                sink.add_folder("data")
                has_payload_folder = True
            sink.add_file(file.path, file.size, _blocks(file, content, copies, meter))
    if not has_payload_folder:
        sink.add_folder("data")
    sink.finish()


def _blocks(
    file: KeptFile, content: bytes | None, copies: GoodBytes, meter: ProgressMeter
) -> Iterator[bytes]:
    blocks = copies.blocks(file) if content is None else iter([content])
    for block in blocks:
        yield block
        meter.advance(len(block))
