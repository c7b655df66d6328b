# SPDX-License-Identifier: Apache-2.0
"""An S3 multipart upload that survives its process: parts are remembered, compared and sent once."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, cast

import botocore.exceptions

from archive.errors import UploadSourceChanged, UploadUnrecorded
from archive.progress import ProgressCallback
from archive.progress_meter import ProgressMeter
from archive.storage.bandwidth import Bandwidth
from archive.storage.s3_body import PartOfFile
from archive.storage.s3_completion import (
    abort_upload,
    base64_of,
    begin_upload,
    compare_completed,
    complete_upload,
    held_parts,
    is_part,
    require_same,
)
from archive.storage.target import StoredCopy, UploadSession

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


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
        upload_id = begin_upload(self._client, self._where, facts)
        self._state = {**self._identity(), "upload_id": upload_id, "parts": {}}
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
        held = held_parts(self._client, self._where, state["upload_id"])
        if held is None:
            return False
        self._state["parts"] = {
            str(number): part["ETag"] for number, part in held.items() if self._is_ours(number, part)
        }
        self._session.save(self._state)
        return True

    def _is_ours(self, number: int, part: Mapping[str, Any]) -> bool:
        if not 1 <= number <= len(self._part_sha256):
            return False
        remembered = self._state["parts"].get(str(number))
        return is_part(part, self._length(number), self._part_sha256[number - 1], remembered)

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
                        # what stopped the upload is told already
                        with contextlib.suppress(UploadUnrecorded):
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
                    ChecksumSHA256=base64_of(expected),
                )
            except botocore.exceptions.ClientError:
                self._refuse_changed(number, body, expected)
                raise
            self._refuse_changed(number, body, expected)
        require_same(answer, expected, self._copy.url, number)
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
        parts = [
            (self._state["parts"][str(number)], digest)
            for number, digest in enumerate(self._part_sha256, start=1)
        ]
        answer = complete_upload(self._client, self._where, self._state["upload_id"], parts)
        return compare_completed(self._client, self._where, answer, self._copy, self._part_sha256)
