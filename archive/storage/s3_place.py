# SPDX-License-Identifier: Apache-2.0
"""A prefix of a bucket as a place: listed page by page, read anywhere, stored whole or not at all."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import botocore.exceptions

from archive.errors import ObjectExists, StoredBytesDiffer, StoredObjectChanged, StoredObjectMissing
from archive.progress import ProgressCallback, no_progress
from archive.progress_meter import ProgressMeter
from archive.storage.bandwidth import Bandwidth
from archive.storage.checked_blocks import checked_blocks
from archive.storage.parts import choose_part_size
from archive.storage.place import PlacedObject
from archive.storage.s3 import S3Target, ascii_metadata
from archive.storage.s3_body import PartBody
from archive.storage.s3_completion import KEY_IS_FREE, base64_of
from archive.storage.s3_errors import error_code, error_status, s3_errors
from archive.storage.s3_keys import delete_keys, listed_objects
from archive.storage.s3_orphans import storage_time
from archive.storage.s3_reader import S3Reader
from archive.storage.s3_single import content_type, put_object
from archive.storage.s3_stream import S3Stream
from archive.storage.target import MemoryUploadSession, Proof, StoredCopy, checked_key, url_below

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

PART = 16 << 20
"""Bytes up to which an object goes in one request, and waits for it in memory; larger ones go in parts of so many."""

_NOT_FOUND = 404
_PRECONDITION_FAILED = 412
_NOT_IMPLEMENTED = 501


class S3Place:
    """What lies below a prefix of a bucket, or in all of it.

    Args:
        target: The prefix as a storage target.
    """

    def __init__(self, target: S3Target) -> None:
        self._target = target
        self._client: S3Client = target.client
        self._bandwidth = Bandwidth(target.options.bytes_per_second)
        self._top = f"{target.prefix}/" if target.prefix else ""

    @property
    def url(self) -> str:
        """Its address, without credentials."""
        return self._target.url

    def objects(self, below: str = "") -> Iterator[PlacedObject]:
        """Its objects, a page of a thousand at a time; as `Place.objects`."""
        return listed_objects(self._client, self._target.bucket, self._top, below, self.url)

    def look(self, key: str) -> PlacedObject | None:
        """One object with its metadata; as `Place.look`."""
        with s3_errors(url_below(self.url, key)):
            head = self._head(key)
            if head is None:
                self._require_bucket(key)
                return None
        now = storage_time(head)
        return PlacedObject(
            key=key,
            size=head["ContentLength"],
            etag=head.get("ETag", "").strip('"'),
            modified=head["LastModified"],
            age=now - head["LastModified"],
            metadata={name.lower(): unquote(value) for name, value in head["Metadata"].items()},
        )

    def open(self, key: str, etag: str = "") -> S3Reader:
        """Open an object; as `Place.open`."""
        return S3Reader(self._client, self._where(key), url_below(self.url, key), etag, self._bandwidth)

    def put(
        self,
        key: str,
        blocks: Iterable[bytes],
        *,
        size: int,
        sha256: str,
        metadata: Mapping[str, str] | None = None,
        instead_of: str = "",
        progress: ProgressCallback = no_progress,
    ) -> StoredCopy:
        """Store bytes, each request with its SHA-256, unless the key is taken; as `Place.put`."""
        sha256 = sha256.lower()
        copy = StoredCopy(url_below(self.url, key), key, size, sha256, "", Proof.SIZE_ONLY)
        with s3_errors(copy.url):
            # asked first, for some services overlook the condition that is sent with the bytes
            head = self._head(key)
        if instead_of and (head is None or head.get("ETag", "").strip('"') != instead_of):
            raise _changed(copy)
        if head is not None and not instead_of:
            return self._same(copy, progress)
        sending = _Sending(copy, {**(metadata or {}), "sha256": sha256}, instead_of, progress)
        counted = ProgressMeter(_silently, f"Storing {key}", size)
        passed = checked_blocks(blocks, key, size=size, sha256=sha256, meter=counted)
        return self._put_in_parts(sending, passed) if size > PART else self._put_whole(sending, passed)

    def replace(self, key: str, content: bytes, *, metadata: Mapping[str, str] | None = None) -> None:
        """Put a small document in one request; as `Place.replace`."""
        with s3_errors(url_below(self.url, key)):
            self._client.put_object(
                **self._where(key),
                Body=content,
                ChecksumSHA256=base64_of(hashlib.sha256(content).hexdigest()),
                ContentType=content_type(key),
                Metadata=ascii_metadata(metadata or {}),
            )

    def prove(self, key: str, *, size: int, sha256: str, progress: ProgressCallback = no_progress) -> Proof:
        """Read an object whole and compare it; as `Place.prove`."""
        copy = StoredCopy(url_below(self.url, key), key, size, sha256.lower(), "", Proof.SIZE_ONLY)
        return Proof(self._target.confirm(copy, progress).proof)

    def delete(self, keys: Collection[str]) -> None:
        """Remove objects, a thousand in a request; as `Place.delete`."""
        full = [self._where(key)["Key"] for key in keys]
        delete_keys(self._client, self._target.bucket, full, self.url)

    def remove(self, key: str, etag: str) -> bool:
        """Remove one object under the condition that it has this tag; as `Place.remove`."""
        with s3_errors(url_below(self.url, key)):
            head = self._head(key)
            if head is None or head.get("ETag", "").strip('"') != etag:
                return False
            try:
                self._client.delete_object(**self._where(key), IfMatch=f'"{etag}"')
            except botocore.exceptions.ClientError as error:
                if error_status(error) in {_NOT_FOUND, _PRECONDITION_FAILED}:
                    return False
                if error_status(error) != _NOT_IMPLEMENTED:
                    raise
                self._client.delete_object(**self._where(key))
        return True

    def _where(self, key: str) -> dict[str, Any]:
        return {"Bucket": self._target.bucket, "Key": f"{self._top}{checked_key(key)}"}

    def _head(self, key: str) -> Any:
        try:
            return self._client.head_object(**self._where(key))
        except botocore.exceptions.ClientError as error:
            if error_status(error) == _NOT_FOUND:
                return None
            raise

    def _require_bucket(self, key: str) -> None:
        """Raise what is missing where it is more than this key: a look has no body that could tell."""
        try:
            self._client.get_object(**self._where(key), Range="bytes=0-0")["Body"].close()
        except botocore.exceptions.ClientError as error:
            if error.response.get("Error", {}).get("Code") == "NoSuchBucket":
                raise

    def _same(self, copy: StoredCopy, progress: ProgressCallback) -> StoredCopy:
        """The copy, proved by reading, if what has the key is these very bytes.

        Raises:
            ObjectExists: It is something else.
        """
        try:
            return self._target.confirm(copy, progress)
        except (StoredBytesDiffer, StoredObjectMissing) as error:
            raise ObjectExists(
                f"{copy.url} exists already and holds something else.", url=copy.url
            ) from error

    def _put_whole(self, sending: _Sending, blocks: Iterable[bytes]) -> StoredCopy:
        content = b"".join(blocks)
        body = PartBody(io.BytesIO(content), 0, len(content), self._bandwidth, may_change=False)
        with s3_errors(sending.copy.url):
            try:
                return put_object(
                    self._client,
                    self._where(sending.copy.key),
                    body,
                    sending.copy,
                    sending.facts,
                    sending.meter(),
                    sending.condition,
                )
            except botocore.exceptions.ClientError as error:
                return self._same_if_taken(error, sending)

    def _put_in_parts(self, sending: _Sending, blocks: Iterable[bytes]) -> StoredCopy:
        """Store a stream; what ends it early leaves no part of it in the bucket."""
        session = MemoryUploadSession()
        stream = S3Stream(
            self._client,
            self._where(sending.copy.key),
            sending.copy,
            choose_part_size(sending.copy.size, PART),
            sending.facts,
            session,
            self._target.options.parts_at_once,
            self._bandwidth,
            sending.meter(),
            lambda error, _: self._same_if_taken(error, sending),
            sending.condition,
        )
        try:
            for block in blocks:
                stream.write(block)
            return stream.finish().copy
        finally:
            stream.drop()
            # nothing where it was finished
            self._target.abandon(session)

    def _same_if_taken(self, error: botocore.exceptions.ClientError, sending: _Sending) -> StoredCopy:
        """What an error says stands under the key, where that is these very bytes.

        Raises:
            ClientError: The error means something else.
            ObjectExists: Other bytes stand there.
            StoredObjectChanged: The object that was to be overwritten is gone or another.
        """
        # a lost answer to the completion: the upload is gone because the object is there
        if error_status(error) != _PRECONDITION_FAILED and error_code(error) != "NoSuchUpload":
            raise error
        if not sending.instead_of:
            return self._same(sending.copy, no_progress)
        try:
            return self._target.confirm(sending.copy)
        except (StoredBytesDiffer, StoredObjectMissing):
            raise _changed(sending.copy) from error


@dataclass(frozen=True, slots=True)
class _Sending:
    """An object on its way: what it is, what is told of it, and what it may overwrite."""

    copy: StoredCopy
    metadata: Mapping[str, str]
    instead_of: str
    progress: ProgressCallback

    @property
    def facts(self) -> dict[str, str]:
        return ascii_metadata(self.metadata)

    @property
    def condition(self) -> Mapping[str, Any]:
        return {"IfMatch": f'"{self.instead_of}"'} if self.instead_of else KEY_IS_FREE

    def meter(self) -> ProgressMeter:
        return ProgressMeter(self.progress, f"Storing {self.copy.key}", self.copy.size)


def _silently(_: object) -> None:
    """Bytes are counted once, where they arrive."""


def _changed(copy: StoredCopy) -> StoredObjectChanged:
    return StoredObjectChanged(
        f"{copy.url} is not the object any more that was to be overwritten.", url=copy.url
    )
