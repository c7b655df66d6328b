# SPDX-License-Identifier: Apache-2.0
"""Where files wait for other hosts: a prefix of a bucket, each file under a key that names its SHA-256."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import botocore.exceptions

from archive.digests import BLOCK, DigestSet, digest_file
from archive.durable import sync_directory
from archive.errors import (
    DamagedInTransit,
    StorageUrlInvalid,
    StoredBytesDiffer,
    UploadSourceChanged,
)
from archive.progress import Progress
from archive.progress_meter import ProgressMeter
from archive.storage.bandwidth import Bandwidth
from archive.storage.open_target import open_target
from archive.storage.part_download import locked_part
from archive.storage.s3 import S3Target
from archive.storage.s3_body import PartOfFile
from archive.storage.s3_client import make_client
from archive.storage.s3_errors import error_status, s3_errors
from archive.storage.s3_keys import delete_keys, listed_objects
from archive.storage.s3_single import put_object
from archive.storage.target import (
    MemoryUploadSession,
    Proof,
    StoredCopy,
    UploadSession,
    checked_key,
    url_below,
)

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

ONE_REQUEST = 64 << 20
"""Bytes up to which a file goes in one request: a page's master does, a bag goes in parts that can be resumed."""

PART = 16 << 20

SECONDS = 20.0
"""How long the service may be silent: who waits is a program, which tries again by itself."""

_PRECONDITION_FAILED = 412
_NOT_FOUND = 404


def _go_on() -> None:
    """Nobody wants to stop a transfer."""


@dataclass(frozen=True, slots=True)
class StagedObject:
    """What lies in the staging place.

    Attributes:
        key: Below the place.
        size: Bytes.
        age: How long ago it was put there, by the storage's own clock.
    """

    key: str
    size: int
    age: dt.timedelta


class StagingPlace:
    """A prefix of a bucket that is Recto's alone; what lies there is never the only copy that counts.

    Args:
        target: The prefix as a storage target.

    Raises:
        StorageUrlInvalid: It is no bucket, or all of one: a sweep must not reach what is somebody else's.
    """

    def __init__(self, target: S3Target) -> None:
        if not target.prefix:
            raise StorageUrlInvalid(f"{target.url} names a whole bucket; staging needs a prefix of its own.")
        self._target = S3Target(
            target.bucket, target.prefix, replace(target.options, timeout=SECONDS, attempts=2)
        )
        self._client: S3Client = make_client(self._target.options)
        self._bandwidth = Bandwidth(self._target.options.bytes_per_second)

    @property
    def url(self) -> str:
        """Its address, without credentials."""
        return self._target.url

    def put(
        self,
        source: Path,
        key: str,
        *,
        sha256: str,
        size: int,
        session: UploadSession | None = None,
        going_on: Callable[[], None] = _go_on,
    ) -> int:
        """Put a file there, unless it is there already.

        Args:
            source: The file.
            key: Where to; it must name the content, for what is there counts as this file.
            sha256: Of the file, hexadecimal; the storage checks it.
            size: Its bytes.
            session: Where parts of a large file are remembered, so that a broken transfer goes on.
            going_on: Called between blocks; what it raises stops the transfer.

        Returns:
            Bytes that were sent; 0 where the file was there.

        Raises:
            UploadSourceChanged: The file is not what was recorded.
            StorageError: One of its classes, by state.
        """
        going_on()
        if size > ONE_REQUEST:
            return self._put_in_parts(source, key, sha256, size, session or MemoryUploadSession(), going_on)
        copy = StoredCopy(url_below(self.url, key), key, size, sha256, "", Proof.SIZE_ONLY)
        try:
            body = PartOfFile(source, 0, size, self._bandwidth)
        except OSError as error:
            raise UploadSourceChanged(
                f"{source} cannot be read: {error.strerror}.", path=str(source)
            ) from error
        with body:
            try:
                with s3_errors(copy.url):
                    sent = self._put_once(body, copy)
            except DamagedInTransit as error:
                # the storage refused other bytes than the digest names: were they changed here?
                raise self._changed(source, sha256) or error from error
            if sent and body.sha256() != sha256:
                self.delete([key])
                raise self._changed(source, sha256) or DamagedInTransit(f"{copy.url} was sent damaged.")
        return sent

    def _put_once(self, body: PartOfFile, copy: StoredCopy) -> int:
        where = self._where(copy.key)
        meter = ProgressMeter(lambda _progress: None, "Staging", copy.size)
        try:
            put_object(self._client, where, body, copy, {"sha256": copy.sha256}, meter)
        except botocore.exceptions.ClientError as error:
            if error_status(error) != _PRECONDITION_FAILED:
                raise
            return 0
        return copy.size

    def _put_in_parts(
        self,
        source: Path,
        key: str,
        sha256: str,
        size: int,
        session: UploadSession,
        going_on: Callable[[], None],
    ) -> int:
        with s3_errors(url_below(self.url, key)):
            if self._size_of(key) == size:
                return 0

        def listen(_progress: Progress) -> None:
            going_on()

        self._target.upload(
            source,
            key,
            sha256=sha256,
            part_size=PART,
            part_sha256=(),
            metadata={},
            session=session,
            progress=listen,
        )
        return size

    def _size_of(self, key: str) -> int | None:
        try:
            return self._client.head_object(**self._where(key))["ContentLength"]
        except botocore.exceptions.ClientError as error:
            if error_status(error) == _NOT_FOUND:
                return None
            raise

    def _changed(self, source: Path, sha256: str) -> UploadSourceChanged | None:
        found = digest_file(source, ["sha256"]).hexdigests()["sha256"]
        if found == sha256:
            return None
        return UploadSourceChanged(
            f"{source} is not the file whose digest was recorded.",
            path=str(source),
            expected=sha256,
            found=found,
        )

    def fetch(
        self,
        key: str,
        destination: Path,
        *,
        sha256: str,
        size: int,
        going_on: Callable[[], None] = _go_on,
    ) -> int:
        """Fetch a file, verify its digest, and only then give it its name, in place of what had it.

        What an interrupted fetch left is gone on with. Of two that fetch the same file at once, one waits.

        Args:
            key: Where it lies.
            destination: The file; its folder is made.
            sha256: What it must have, hexadecimal.
            size: Its bytes.
            going_on: Called between blocks; what it raises stops the transfer.

        Returns:
            Bytes that were received.

        Raises:
            StoredObjectMissing: There is nothing under the key.
            StoredBytesDiffer: It holds other bytes; nothing was placed.
            StorageError: One of its other classes, by state.
            OSError: The disk is full, read-only or failing.
        """
        destination.parent.mkdir(parents=True, exist_ok=True)
        part = destination.with_name(f".{destination.name[:100]}.{sha256[:16]}.fetched")
        received = 0
        with locked_part(part, going_on) as file:
            if _is_that(destination, sha256, size):
                # who was here before us has fetched it
                part.unlink(missing_ok=True)
                return 0
            for _ in range(2):
                received += self._receive(file, key, size, going_on)
                if _digest(file) == sha256:
                    file.flush()
                    os.fsync(file.fileno())
                    os.fchmod(file.fileno(), 0o644)
                    part.replace(destination)
                    sync_directory(destination.parent)
                    return received
                # begun by another version of the file, or damaged on the way: from the start, once
                file.truncate(0)
            part.unlink(missing_ok=True)
        url = url_below(self.url, key)
        raise StoredBytesDiffer(
            f"{url} does not hold the bytes that were put there.", url=url, expected=sha256
        )

    def _receive(self, file: IO[bytes], key: str, size: int, going_on: Callable[[], None]) -> int:
        have = file.seek(0, os.SEEK_END)
        if have > size:
            file.truncate(0)
            have = 0
        if have == size and size:
            return 0
        asked: dict[str, Any] = {"Range": f"bytes={have}-{size - 1}"} if have else {}
        received = 0
        file.seek(have)
        with s3_errors(url_below(self.url, key)):
            answer = self._client.get_object(**self._where(key), **asked)
            with closing(answer["Body"]) as body:
                while block := body.read(BLOCK):
                    going_on()
                    self._bandwidth.take(len(block))
                    file.write(block)
                    received += len(block)
        return received

    def delete(self, keys: Sequence[str]) -> None:
        """Remove files; one that is gone already is no error.

        Raises:
            StorageError: One of its classes, by state; those that are left can be removed later.
        """
        full = [self._where(key)["Key"] for key in keys]
        delete_keys(self._client, self._target.bucket, full, self.url)

    def objects(self, below: str = "") -> Iterator[StagedObject]:
        """What lies there, never anything beside the prefix.

        Args:
            below: Only keys that start with this.

        Raises:
            StorageError: One of its classes, by state.
        """
        top = f"{self._target.prefix}/"
        for found in listed_objects(self._client, self._target.bucket, top, below, self.url):
            yield StagedObject(found.key, found.size, found.age)

    def abandon_transfers(self, older_than: dt.timedelta) -> int:
        """Remove the parts of files that were begun longer ago than this and never ended; how many files.

        Raises:
            StorageError: One of its classes, by state.
        """
        return len(self._target.abandon_orphans(older_than))

    def _where(self, key: str) -> dict[str, Any]:
        return {"Bucket": self._target.bucket, "Key": f"{self._target.prefix}/{checked_key(key)}"}


def open_staging_place(
    url: str,
    *,
    endpoint: str | None = None,
    region: str | None = None,
    access_key: str | None = None,
    secret_key: str | None = None,
) -> StagingPlace:
    """The staging place of an address; as `open_target`.

    Raises:
        StorageUrlInvalid: It is not `s3://bucket/prefix`.
        AccessRefused: No usable credential configuration.
    """
    target = open_target(url, endpoint=endpoint, region=region, access_key=access_key, secret_key=secret_key)
    if not isinstance(target, S3Target):
        raise StorageUrlInvalid(f"{url!r} is no staging place: give s3://bucket/prefix.", url=url)
    return StagingPlace(target)


def _is_that(path: Path, sha256: str, size: int) -> bool:
    if not path.is_file() or path.stat().st_size != size:
        return False
    return digest_file(path, ["sha256"]).hexdigests()["sha256"] == sha256


def _digest(file: IO[bytes]) -> str:
    file.seek(0)
    digests = DigestSet(["sha256"])
    while block := file.read(BLOCK):
        digests.update(block)
    return digests.hexdigests()["sha256"]
