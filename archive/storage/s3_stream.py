# SPDX-License-Identifier: Apache-2.0
"""A stream into a bucket: its parts leave as they fill, and a repeated stream sends only what is missing."""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
import io
import tempfile
from collections.abc import Callable, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import IO, TYPE_CHECKING, Any, cast

import botocore.exceptions

from archive.digests import BLOCK
from archive.errors import StorageRefused, UploadUnrecorded
from archive.progress_meter import ProgressMeter
from archive.storage.bandwidth import Bandwidth
from archive.storage.parts import MOST_PARTS
from archive.storage.s3_body import PartBody
from archive.storage.s3_completion import (
    KEY_IS_FREE,
    abort_upload,
    base64_of,
    begin_upload,
    compare_completed,
    complete_upload,
    held_parts,
    is_part,
    require_same,
)
from archive.storage.s3_errors import s3_errors
from archive.storage.s3_single import put_object
from archive.storage.stream_upload import StoredStream
from archive.storage.target import StoredCopy, UploadSession

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

IN_MEMORY = 64 << 20
"""Bytes up to which a part waits in memory; larger ones wait in temporary files without a name."""


@dataclasses.dataclass(frozen=True, slots=True)
class _SentPart:
    size: int
    etag: str
    sha256: str


class S3Stream:
    """A new object of a bucket.

    No more than `parts_at_once` parts are on their way while the next one fills. Whatever was sent
    before is compared with what is written now, part by part, so that a stream that turned out
    different is stored as it is now.

    Args:
        client: The S3 client.
        where: Bucket and key.
        copy: Key and address of the object.
        part_size: Bytes of each part but the last.
        facts: The object's metadata.
        session: Where arrived parts are remembered.
        parts_at_once: Parts on their way at the same time.
        bandwidth: The limit that holds for all of them.
        meter: Counts what has arrived; what its listener raises stops the stream.
        same_if_taken: The stored copy, where an error means that the very same object stands there
            already; raises what else it means.
        condition: What must hold of the key when the object is made.
    """

    def __init__(
        self,
        client: S3Client,
        where: Mapping[str, Any],
        copy: StoredCopy,
        part_size: int,
        facts: Mapping[str, str],
        session: UploadSession,
        parts_at_once: int,
        bandwidth: Bandwidth,
        meter: ProgressMeter,
        same_if_taken: Callable[[botocore.exceptions.ClientError, StoredCopy], StoredCopy],
        condition: Mapping[str, Any] = KEY_IS_FREE,
    ) -> None:
        self._client = client
        self._where = where
        self._copy = copy
        self._part_size = part_size
        self._facts = facts
        self._session = session
        self._parts_at_once = parts_at_once
        self._bandwidth = bandwidth
        self._meter = meter
        self._same_if_taken = same_if_taken
        self._condition = condition
        self._digest = hashlib.sha256()
        self._size = 0
        self._part = self._empty_part()
        self._in_part = 0
        self._state: dict[str, Any] = {}
        self._remembered: dict[str, Any] = {}
        self._held: Mapping[int, Any] = {}
        self._running: dict[Future[_SentPart], int] = {}
        self._sent: dict[int, _SentPart] = {}
        self._senders = ThreadPoolExecutor(parts_at_once, thread_name_prefix="stream-parts")
        meter.start()

    def write(self, block: bytes) -> None:
        """Take the next bytes; errors as `StreamUpload.write`."""
        self._digest.update(block)
        self._size += len(block)
        left = memoryview(block)
        while left:
            # only what is followed by more is a part by itself: a short stream goes in one request
            if self._in_part == self._part_size:
                self._send_part()
            piece = left[: self._part_size - self._in_part]
            self._part.write(piece)
            self._in_part += len(piece)
            left = left[len(piece) :]
        self._meter.advance(0)

    def finish(self) -> StoredStream:
        """Complete the object and hold its checksum against ours; errors as `StreamUpload.finish`."""
        copy = dataclasses.replace(self._copy, size=self._size, sha256=self._digest.hexdigest())
        already_there = False
        with s3_errors(copy.url):
            try:
                stored = self._complete(copy) if self._state else self._put_whole(copy)
            except botocore.exceptions.ClientError as error:
                stored = self._same_if_taken(error, copy)
                already_there = True
        self._session.clear()
        self._meter.finish()
        digests = tuple(self._sent[number].sha256 for number in sorted(self._sent)) or (copy.sha256,)
        return StoredStream(stored, self._part_size, digests, already_there)

    def drop(self) -> None:
        """Let the parts on their way arrive and remember them, and send no more."""
        self._senders.shutdown()
        for sent, number in self._running.items():
            if sent.exception() is None:
                # what ended the stream is told already
                with contextlib.suppress(UploadUnrecorded):
                    self._remember(number, sent.result())
        self._running.clear()
        self._part.close()

    def _empty_part(self) -> IO[bytes]:
        return io.BytesIO() if self._part_size <= IN_MEMORY else tempfile.TemporaryFile()

    def _send_part(self) -> None:
        """Hand the part that is full, or the last one, to a sender, once one is free."""
        with s3_errors(self._copy.url):
            if not self._state:
                self._begin_or_resume()
            self._collect(self._parts_at_once - 1)
        number = len(self._sent) + len(self._running) + 1
        if number > MOST_PARTS:
            raise StorageRefused(
                f"{self._copy.url} has more than {MOST_PARTS} parts of {self._part_size} bytes.",
                remedy="Send it again with larger parts.",
            )
        self._running[self._senders.submit(self._send, number, self._part, self._in_part)] = number
        self._part, self._in_part = self._empty_part(), 0

    def _collect(self, most: int) -> None:
        """Wait until at most so many parts are on their way, and remember those that arrived."""
        while len(self._running) > most:
            arrived, _ = wait(self._running, timeout=0.2, return_when=FIRST_COMPLETED)
            for sent in arrived:
                part = sent.result()
                self._remember(self._running.pop(sent), part)
                self._meter.advance(part.size)
            # also while nothing arrives the listener may stop us
            self._meter.advance(0)

    def _remember(self, number: int, part: _SentPart) -> None:
        self._sent[number] = part
        self._state["parts"][str(number)] = {"etag": part.etag, "sha256": part.sha256}
        self._session.save(self._state)

    def _begin_or_resume(self) -> None:
        identity = {
            "bucket": self._where["Bucket"],
            "key": self._where["Key"],
            "part_size": self._part_size,
            "stream": True,
        }
        state = self._session.load()
        if state and any(state.get(name) != value for name, value in identity.items()):
            abort_upload(self._client, state)
            state = None
        held = held_parts(self._client, self._where, state["upload_id"]) if state else None
        if state is None or held is None:
            upload_id = begin_upload(self._client, self._where, self._facts)
            state = {**identity, "upload_id": upload_id, "parts": {}}
            self._session.save(state)
        self._held = held or {}
        self._remembered = dict(state["parts"])
        self._state = state

    def _send(self, number: int, part: IO[bytes], size: int) -> _SentPart:
        with part:
            sha256 = _digest(part)
            held = self._held.get(number)
            if held is not None and is_part(held, size, sha256, self._remembered_etag(number, sha256)):
                return _SentPart(size, held["ETag"], sha256)
            answer = self._client.upload_part(
                **self._where,
                UploadId=self._state["upload_id"],
                PartNumber=number,
                Body=cast("IO[bytes]", PartBody(part, 0, size, self._bandwidth, may_change=False)),
                ChecksumSHA256=base64_of(sha256),
            )
        require_same(answer, sha256, self._copy.url, number)
        return _SentPart(size, answer["ETag"], sha256)

    def _remembered_etag(self, number: int, sha256: str) -> str | None:
        remembered = self._remembered.get(str(number))
        return remembered["etag"] if remembered and remembered["sha256"] == sha256 else None

    def _put_whole(self, copy: StoredCopy) -> StoredCopy:
        """Store a stream of one part in one request, which can still name its digest."""
        body = PartBody(self._part, 0, copy.size, self._bandwidth, may_change=False)
        facts = {**self._facts, "bag-sha256": copy.sha256}
        return put_object(self._client, self._where, body, copy, facts, self._meter, self._condition)

    def _complete(self, copy: StoredCopy) -> StoredCopy:
        self._send_part()
        self._collect(0)
        sent = [self._sent[number] for number in sorted(self._sent)]
        parts = [(part.etag, part.sha256) for part in sent]
        answer = complete_upload(self._client, self._where, self._state["upload_id"], parts, self._condition)
        return compare_completed(self._client, self._where, answer, copy, [part.sha256 for part in sent])


def _digest(part: IO[bytes]) -> str:
    digest = hashlib.sha256()
    part.seek(0)
    while block := part.read(BLOCK):
        digest.update(block)
    return digest.hexdigest()
