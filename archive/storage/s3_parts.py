# SPDX-License-Identifier: Apache-2.0
"""An S3 multipart upload that survives its process: parts are remembered, compared and sent once."""

from __future__ import annotations

import base64
import dataclasses
import threading
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, cast

import botocore.exceptions

from archive.errors import DamagedInTransit, StoredBytesDiffer, UploadSourceChanged
from archive.progress import ProgressCallback
from archive.progress_meter import ProgressMeter
from archive.storage.bandwidth import Bandwidth
from archive.storage.parts import composite_sha256, is_composite_sha256
from archive.storage.s3_body import PartOfFile
from archive.storage.s3_errors import error_code, error_status
from archive.storage.target import Proof, StoredCopy, UploadSession

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import CompletedPartTypeDef

_NOT_IMPLEMENTED = 501


class MultipartUpload:
    """One file on its way into a bucket.

    Args:
        client: The S3 client.
        bucket: Where to.
        key: The full key.
        source: The file.
        copy: What is to be stored: size and digest.
        part_size: Bytes of each part but the last.
        part_sha256: Digest of each part, hexadecimal.
        session: Where finished parts are remembered.
        parts_at_once: Parts on their way at the same time.
        bandwidth: The limit that holds for all of them.
    """

    def __init__(
        self,
        client: S3Client,
        bucket: str,
        key: str,
        source: Path,
        copy: StoredCopy,
        part_size: int,
        part_sha256: tuple[str, ...],
        session: UploadSession,
        parts_at_once: int,
        bandwidth: Bandwidth,
    ) -> None:
        self._parts_at_once = parts_at_once
        self._bandwidth = bandwidth
        self._client = client
        self._where: dict[str, Any] = {"Bucket": bucket, "Key": key}
        self._source = source
        self._copy = copy
        self._part_size = part_size
        self._part_sha256 = part_sha256
        self._session = session
        self._state: dict[str, Any] = {}

    def run(self, facts: Mapping[str, str], progress: ProgressCallback) -> StoredCopy:
        """Send what is missing and complete the upload.

        Args:
            facts: The object's metadata.
            progress: Told of bytes as parts arrive.

        Raises:
            UploadSourceChanged: The file differs from its recorded digests; the upload is aborted.
            DamagedInTransit: The storage says that it has other bytes.
            ClientError, BotoCoreError: For the caller to translate; the upload can be resumed.
        """
        if not self._resume():
            self._begin(facts)
        meter = ProgressMeter(progress, f"Uploading {self._copy.key}", self._copy.size)
        meter.start(sum(self._length(int(number)) for number in self._state["parts"]))
        self._send_missing(meter)
        stored = self._complete()
        meter.finish()
        return stored

    def _length(self, number: int) -> int:
        return min(self._part_size, self._copy.size - (number - 1) * self._part_size)

    def _identity(self) -> dict[str, Any]:
        return {
            "bucket": self._where["Bucket"],
            "key": self._where["Key"],
            "size": self._copy.size,
            "sha256": self._copy.sha256,
            "part_size": self._part_size,
        }

    def _begin(self, facts: Mapping[str, str]) -> None:
        answer = self._client.create_multipart_upload(
            **self._where,
            ChecksumAlgorithm="SHA256",
            ContentType="application/x-tar",
            Metadata=dict(facts),
        )
        self._state = {**self._identity(), "upload_id": answer["UploadId"], "parts": {}}
        self._session.save(self._state)

    def _resume(self) -> bool:
        """Take up the remembered upload, as far as the storage still holds its parts."""
        state = self._session.load()
        if state is None:
            return False
        if any(state.get(name) != value for name, value in self._identity().items()):
            abort_upload(self._client, state)
            return False
        self._state = state
        held = self._held_parts()
        if held is None:
            return False
        self._state["parts"] = {
            str(number): part["ETag"] for number, part in held.items() if self._is_ours(number, part)
        }
        self._session.save(self._state)
        return True

    def _held_parts(self) -> dict[int, Any] | None:
        pages = self._client.get_paginator("list_parts")
        try:
            return {
                part["PartNumber"]: part
                for page in pages.paginate(**self._where, UploadId=self._state["upload_id"])
                for part in page.get("Parts", [])
            }
        except botocore.exceptions.ClientError as error:
            if error_code(error) == "NoSuchUpload":
                return None
            raise

    def _is_ours(self, number: int, part: Mapping[str, Any]) -> bool:
        """Whether a part in the storage is the one recorded: by its digest, else by the tag we were given."""
        if not 1 <= number <= len(self._part_sha256) or part["Size"] != self._length(number):
            return False
        if "ChecksumSHA256" in part:
            return bool(part["ChecksumSHA256"] == _base64(self._part_sha256[number - 1]))
        return bool(part["ETag"] == self._state["parts"].get(str(number)))

    def _send_missing(self, meter: ProgressMeter) -> None:
        """Send parts, several at once; each is remembered as soon as the storage has it.

        Only this thread remembers and reports. The first failure lets the parts on their way arrive,
        remembers them and begins no other.
        """
        numbers = range(1, len(self._part_sha256) + 1)
        missing = [number for number in numbers if str(number) not in self._state["parts"]]
        stop = threading.Event()
        with ThreadPoolExecutor(self._parts_at_once, thread_name_prefix="upload-parts") as senders:
            sending = {senders.submit(self._send_unless, stop, number): number for number in missing}
            try:
                for sent in as_completed(sending):
                    if self._remember(sending[sent], sent):
                        meter.advance(self._length(sending[sent]))
            except BaseException as error:
                stop.set()
                for sent in as_completed(sending):
                    if sent.exception() is None:
                        self._remember(sending[sent], sent)
                if isinstance(error, UploadSourceChanged):
                    abort_upload(self._client, self._state)
                    self._session.clear()
                raise

    def _remember(self, number: int, sent: Future[str]) -> bool:
        """Keep a part that has arrived; whether it has."""
        etag = sent.result()
        if etag and self._state["parts"].get(str(number)) != etag:
            self._state["parts"][str(number)] = etag
            self._session.save(self._state)
        return bool(etag)

    def _send_unless(self, stop: threading.Event, number: int) -> str:
        """Send one part; its tag in the storage, "" where another part has failed meanwhile."""
        if stop.is_set():
            return ""
        try:
            return self._send(number)
        except BaseException:
            stop.set()
            raise

    def _send(self, number: int) -> str:
        expected = self._part_sha256[number - 1]
        start = (number - 1) * self._part_size
        with PartOfFile(self._source, start, self._length(number), self._bandwidth) as body:
            try:
                answer = self._client.upload_part(
                    **self._where,
                    UploadId=self._state["upload_id"],
                    PartNumber=number,
                    Body=cast("IO[bytes]", body),
                    ChecksumSHA256=_base64(expected),
                )
            except botocore.exceptions.ClientError:
                self._refuse_changed(number, body, expected)
                raise
            self._refuse_changed(number, body, expected)
        if answer.get("ChecksumSHA256", _base64(expected)) != _base64(expected):
            raise DamagedInTransit(
                f"The storage has other bytes of part {number} of {self._copy.url} than were sent.",
                part=number,
            )
        return answer["ETag"]

    def _refuse_changed(self, number: int, body: PartOfFile, expected: str) -> None:
        """Bytes that are not the recorded ones end the upload, whether the storage noticed or not."""
        if body.tell() != self._length(number) or body.sha256() == expected.lower():
            return
        raise UploadSourceChanged(
            f"Part {number} of {self._source} is not the one whose digest was recorded.",
            path=str(self._source),
            part=number,
            expected=expected,
            found=body.sha256(),
        )

    def _complete(self) -> StoredCopy:
        parts: list[CompletedPartTypeDef] = [
            {
                "PartNumber": number,
                "ETag": self._state["parts"][str(number)],
                "ChecksumSHA256": _base64(digest),
            }
            for number, digest in enumerate(self._part_sha256, start=1)
        ]
        request: dict[str, Any] = {
            **self._where,
            "UploadId": self._state["upload_id"],
            "MultipartUpload": {"Parts": parts},
        }
        try:
            answer: Any = self._client.complete_multipart_upload(**request, IfNoneMatch="*")
        except botocore.exceptions.ClientError as error:
            if error_status(error) != _NOT_IMPLEMENTED:
                raise
            answer = self._client.complete_multipart_upload(**request)
        return self._compare(answer)

    def _compare(self, answer: Mapping[str, Any]) -> StoredCopy:
        """Hold what the storage says of the finished object against what was sent."""
        head: Any = self._client.head_object(**self._where, ChecksumMode="ENABLED")
        told = answer.get("ChecksumSHA256") or head.get("ChecksumSHA256") or ""
        equal = is_composite_sha256(told, self._part_sha256)
        if head["ContentLength"] != self._copy.size or (told and not equal):
            raise StoredBytesDiffer(
                f"The storage made something else of {self._copy.url} than was sent.",
                url=self._copy.url,
                size=head["ContentLength"],
                expected=composite_sha256(self._part_sha256),
                found=told,
            )
        proof = Proof.COMPOSITE_SHA256 if told else Proof.SIZE_ONLY
        return dataclasses.replace(self._copy, etag=head.get("ETag", "").strip('"'), proof=proof)


def abort_upload(client: S3Client, state: Mapping[str, Any]) -> None:
    """Remove the parts of a remembered upload; one that is gone already is no error."""
    if not all(state.get(name) for name in ("bucket", "key", "upload_id")):
        return
    try:
        client.abort_multipart_upload(Bucket=state["bucket"], Key=state["key"], UploadId=state["upload_id"])
    except botocore.exceptions.ClientError as error:
        if error_code(error) not in {"NoSuchUpload", "NoSuchBucket", "NoSuchKey"}:
            raise


def _base64(digest: str) -> str:
    return base64.b64encode(bytes.fromhex(digest)).decode()
