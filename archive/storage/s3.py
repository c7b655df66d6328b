# SPDX-License-Identifier: Apache-2.0
"""S3 as storage target: one request for small files, resumable parts for large, nothing overwritten."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import botocore.exceptions

from archive.digest_threads import DigestThreads
from archive.digests import BLOCK, digest_file
from archive.errors import (
    ObjectExists,
    StorageRefused,
    StorageUrlInvalid,
    StoredBytesDiffer,
    UploadSourceChanged,
)
from archive.progress import ProgressCallback, no_progress
from archive.progress_meter import ProgressMeter
from archive.storage.bandwidth import Bandwidth
from archive.storage.parts import (
    DEFAULT_PART_SIZE,
    PartedStream,
    StreamDigests,
    choose_part_size,
    digest_for_upload,
    is_composite_sha256,
    limit_problem,
)
from archive.storage.s3_body import PartOfFile
from archive.storage.s3_client import S3Options, make_client, service_of
from archive.storage.s3_completion import abort_upload
from archive.storage.s3_errors import error_code, error_status, s3_errors
from archive.storage.s3_orphans import abort_orphans, find_orphans
from archive.storage.s3_parts import MultipartUpload
from archive.storage.s3_single import put_object
from archive.storage.s3_stream import S3Stream
from archive.storage.shared_clients import client_for
from archive.storage.stream_upload import ComparedStream, StreamUpload
from archive.storage.target import (
    Orphan,
    Proof,
    StoredCopy,
    UploadSession,
    checked_key,
    checked_source,
    url_below,
)

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

__all__ = ["S3Options", "S3Target"]

_PRECONDITION_FAILED = 412
_NOT_FOUND = 404
_REASON_IN_BODY = frozenset({400, 403})


class S3Target:
    """Keeps files in a bucket, below a prefix.

    Every part is sent with its SHA-256, which S3 checks; what the answers, and then the bytes read
    back, prove is told in the copy. Credentials come from the environment and the AWS chain only.

    Args:
        bucket: Name of the bucket, which must exist.
        prefix: What all keys start with, "" for nothing.
        options: How to reach it.

    Raises:
        StorageUrlInvalid: The endpoint is no address.
        CredentialsMissing: AWS_PROFILE names nothing.
    """

    def __init__(self, bucket: str, prefix: str = "", options: S3Options | None = None) -> None:
        self.bucket = bucket
        self.prefix = prefix
        self.options = options or S3Options()
        self._service = ""
        self._bandwidth = Bandwidth(self.options.bytes_per_second)
        try:
            self._service = service_of(self.options.endpoint)
            with s3_errors(self.url):
                self._client: S3Client = client_for(self.options, make_client)
                # the environment and the AWS configuration may name a service too
                self._service = service_of(self._client.meta.endpoint_url)
        except ValueError as error:
            raise StorageUrlInvalid(f"{self.url} cannot be reached as asked: {error}") from error

    @property
    def url(self) -> str:
        """The address of the bucket and prefix, with the service where that is not Amazon's own."""
        place = f"s3://{self.bucket}/{self.prefix}" if self.prefix else f"s3://{self.bucket}"
        # two services may both have a bucket of this name
        return f"{place}?endpoint={quote(self._service, safe=':/[]')}" if self._service else place

    @property
    def client(self) -> S3Client:
        """The client that reaches it; it may be used by many threads."""
        return self._client

    def upload(
        self,
        source: Path,
        key: str,
        *,
        sha256: str,
        part_size: int,
        part_sha256: Sequence[str],
        metadata: Mapping[str, str],
        session: UploadSession,
        progress: ProgressCallback = no_progress,
    ) -> StoredCopy:
        """Store a file; arguments and errors as `StorageTarget.upload`.

        A file of one part goes in one request. An object that is there already counts as stored
        when its metadata name this digest and its bytes, read back, prove it.
        """
        size = checked_source(source, sha256, part_size, part_sha256)
        if size and not part_sha256:
            part_size, part_sha256 = _taken_parts(source, sha256, part_size, progress)
        if problem := limit_problem(size, part_size):
            raise StorageRefused(
                f"{source} cannot be stored: {problem}.",
                remedy="Make the bag again with a part size that suits its size, or divide it into several bags.",
            )
        full_key = self._full_key(key)
        copy = StoredCopy(url_below(self.url, key), key, size, sha256.lower(), "", Proof.SIZE_ONLY)
        facts = ascii_metadata({**metadata, "bag-sha256": copy.sha256, "part-size": str(part_size)})
        with s3_errors(copy.url):
            if self._head(full_key) is not None:
                return self._same_object(copy, session, progress)
            try:
                if size <= part_size:
                    stored = self._put_file(source, copy, facts, progress)
                else:
                    upload = MultipartUpload(
                        self._client,
                        self.bucket,
                        full_key,
                        source,
                        copy,
                        part_size,
                        tuple(part_sha256),
                        session,
                        self.options.parts_at_once,
                        self._bandwidth,
                    )
                    stored = upload.run(facts, progress)
            except botocore.exceptions.ClientError as error:
                stored = self._same_if_taken(error, copy, session, progress)
        session.clear()
        return stored

    @contextmanager
    def streaming(
        self,
        key: str,
        *,
        part_size: int,
        expected_size: int,
        metadata: Mapping[str, str],
        session: UploadSession,
        progress: ProgressCallback = no_progress,
    ) -> Iterator[StreamUpload]:
        """A stream into the bucket, as `StorageTarget.streaming`; its parts can be resumed.

        The digest of the whole is known too late for the metadata of an object of several parts.
        """
        if problem := limit_problem(expected_size, part_size):
            raise StorageRefused(f"{url_below(self.url, key)} cannot be stored: {problem}.")
        copy = StoredCopy(url_below(self.url, key), key, 0, "", "", Proof.SIZE_ONLY)
        facts = ascii_metadata({**metadata, "part-size": str(part_size)})
        with s3_errors(copy.url):
            there = self._head(self._full_key(key)) is not None
        if there:
            # parts of our own have no future under this key
            self.abandon(session)
            yield ComparedStream(self, copy, progress)
            return
        where = self._where(key)
        meter = ProgressMeter(progress, f"Uploading {key}", expected_size)
        stream = S3Stream(
            self._client,
            where,
            copy,
            part_size,
            facts,
            session,
            self.options.parts_at_once,
            self._bandwidth,
            meter,
            lambda error, whole: self._same_if_taken(error, whole, session, progress),
        )
        try:
            yield stream
        finally:
            stream.drop()

    def first_bytes(self, key: str, size: int) -> bytes:
        """The beginning of an object, b"" where there is none; errors as `StorageTarget.first_bytes`."""
        full_key = self._full_key(key)
        with s3_errors(url_below(self.url, key)):
            head = self._head(full_key)
            if head is None or head["ContentLength"] == 0:
                # S3 refuses any range of an empty object
                return b""
            answer = self._client.get_object(Bucket=self.bucket, Key=full_key, Range=f"bytes=0-{size - 1}")
            with closing(answer["Body"]) as body:
                return body.read(size)

    def confirm(self, copy: StoredCopy, progress: ProgressCallback = no_progress) -> StoredCopy:
        """Read the whole object back and compare; errors as `StorageTarget.confirm`.

        Where the storage tells a composite checksum that the bytes read back have too, the proof says so.
        """
        meter = ProgressMeter(progress, f"Reading back {copy.key}", copy.size)
        meter.start()
        with s3_errors(copy.url):
            answer: Any = self._client.get_object(
                Bucket=self.bucket, Key=self._full_key(copy.key), ChecksumMode="ENABLED"
            )
            if (size := answer.get("ContentLength", copy.size)) != copy.size:
                answer["Body"].close()
                raise _differs(copy, f"{size} bytes")
            recorded = answer["Metadata"].get("part-size", "")
            part_size = int(recorded) if recorded.isdigit() and int(recorded) else max(copy.size, 1)
            found = self._read_back(answer["Body"], part_size, meter)
        meter.finish()
        if found.size != copy.size or found.sha256 != copy.sha256:
            raise _differs(copy, found.sha256)
        proof = Proof.WHOLE_DIGEST_READ_BACK
        told = answer.get("ChecksumSHA256", "")
        if told and len(found.part_sha256) > 1 and is_composite_sha256(told, found.part_sha256):
            proof = Proof.WHOLE_DIGEST_READ_BACK_AND_COMPOSITE
        return dataclasses.replace(copy, etag=answer.get("ETag", "").strip('"'), proof=proof)

    def abandon(self, session: UploadSession) -> None:
        """Remove the parts of an unfinished upload from the bucket, and forget it."""
        state = session.load()
        if state:
            with s3_errors(self.url):
                abort_upload(self._client, state)
        session.clear()

    def abandon_orphans(
        self, older_than: dt.timedelta, *, spare: Collection[str] = (), only_list: bool = False
    ) -> list[Orphan]:
        """Abort unfinished uploads below the prefix that were begun longer ago, whoever began them.

        As `StorageTarget.abandon_orphans`.
        """
        with s3_errors(self.url):
            orphans = find_orphans(self._client, self.bucket, self.prefix, older_than, spare)
            if not only_list:
                abort_orphans(self._client, self.bucket, orphans)
        return orphans

    def _where(self, key: str) -> dict[str, str]:
        return {"Bucket": self.bucket, "Key": self._full_key(key)}

    def _full_key(self, key: str) -> str:
        return f"{self.prefix}/{checked_key(key)}" if self.prefix else checked_key(key)

    def _head(self, full_key: str) -> Mapping[str, Any] | None:
        try:
            return self._client.head_object(Bucket=self.bucket, Key=full_key)
        except botocore.exceptions.ClientError as error:
            # without a body S3 cannot say whether key or bucket is missing; the upload itself will
            if error_status(error) == _NOT_FOUND:
                return None
            if error_status(error) in _REASON_IN_BODY:
                self._ask_for_reason(full_key)
            raise

    def _ask_for_reason(self, full_key: str) -> None:
        """Raise the refusal with its code: an expired session and a wrong clock are told in a body only."""
        try:
            self._client.get_object(Bucket=self.bucket, Key=full_key, Range="bytes=0-0")["Body"].close()
        except botocore.exceptions.ClientError as error:
            if error_status(error) in _REASON_IN_BODY:
                raise

    def _same_object(
        self, copy: StoredCopy, session: UploadSession, progress: ProgressCallback
    ) -> StoredCopy:
        """The copy, proved, if the object under its key is this very file.

        Raises:
            ObjectExists: It is another.
        """
        # whichever it is, parts of our own have no future under this key
        self.abandon(session)
        head = self._head(self._full_key(copy.key))
        metadata = head["Metadata"] if head else {}
        # what was stored as a stream could not name its digest yet; reading it back tells
        claimed = metadata.get("bag-sha256", copy.sha256)
        if head is None or head["ContentLength"] != copy.size or claimed != copy.sha256:
            raise ObjectExists(f"{copy.url} exists already and holds something else.", url=copy.url)
        try:
            return self.confirm(copy, progress)
        except StoredBytesDiffer as error:
            raise ObjectExists(
                f"{copy.url} exists already, claims to be this file and is not.", url=copy.url
            ) from error

    def _same_if_taken(
        self,
        error: botocore.exceptions.ClientError,
        copy: StoredCopy,
        session: UploadSession,
        progress: ProgressCallback,
    ) -> StoredCopy:
        """The object that an error says stands under the key, where it is this very one.

        Raises:
            ClientError: The error means something else.
            ObjectExists: Another object stands there.
        """
        # a lost answer to the completion: the upload is gone because the object is there
        lost = error_code(error) == "NoSuchUpload" and self._head(self._full_key(copy.key)) is not None
        if error_status(error) != _PRECONDITION_FAILED and not lost:
            raise error
        return self._same_object(copy, session, progress)

    def _put_file(
        self, source: Path, copy: StoredCopy, facts: Mapping[str, str], progress: ProgressCallback
    ) -> StoredCopy:
        found = digest_file(source, ["sha256"]).hexdigests()["sha256"]
        if found != copy.sha256:
            raise UploadSourceChanged(
                f"{source} is not the file whose digest was recorded.",
                path=str(source),
                expected=copy.sha256,
                found=found,
            )
        meter = ProgressMeter(progress, f"Uploading {copy.key}", copy.size)
        with PartOfFile(source, 0, copy.size, self._bandwidth) as body:
            return put_object(self._client, self._where(copy.key), body, copy, facts, meter)

    def _read_back(self, body: Any, part_size: int, meter: ProgressMeter) -> StreamDigests:
        with closing(body), DigestThreads() as threads:
            stream = PartedStream(len, part_size, threads)
            while block := body.read(BLOCK):
                self._bandwidth.take(len(block))
                stream.write(block)
                meter.advance(len(block))
            return stream.finish()


def _taken_parts(
    source: Path, sha256: str, part_size: int, progress: ProgressCallback
) -> tuple[int, tuple[str, ...]]:
    """Size and digests of the parts of a file that was written for storages without parts."""
    part_size = choose_part_size(source.stat().st_size, part_size or DEFAULT_PART_SIZE)
    try:
        digests = digest_for_upload(source, part_size, progress)
    except OSError as error:
        raise UploadSourceChanged(f"{source} cannot be read: {error.strerror}.", path=str(source)) from error
    if digests.sha256 != sha256.lower():
        raise UploadSourceChanged(
            f"{source} is not the file that was recorded: its SHA-256 is {digests.sha256}, recorded was {sha256}.",
            path=str(source),
        )
    return part_size, digests.part_sha256


def _differs(copy: StoredCopy, found: str) -> StoredBytesDiffer:
    return StoredBytesDiffer(
        f"{copy.url} does not hold the bytes that were sent.", url=copy.url, expected=copy.sha256, found=found
    )


def ascii_metadata(metadata: Mapping[str, str]) -> dict[str, str]:
    """Metadata as HTTP headers can carry them: what is not printable ASCII is percent-encoded."""
    printable = "".join(chr(code) for code in range(0x20, 0x7F) if chr(code) != "%")
    return {name.lower(): quote(value, safe=printable) for name, value in metadata.items() if value}
