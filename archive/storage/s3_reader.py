# SPDX-License-Identifier: Apache-2.0
"""An object of a bucket that is being read from any byte on, and must stay the object that was opened."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import botocore.exceptions

from archive.digests import BLOCK
from archive.errors import StorageUnreachable, StoredObjectChanged
from archive.storage.bandwidth import Bandwidth
from archive.storage.s3_errors import error_status, s3_errors

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

READ_ON = 1 << 20
"""Bytes that are rather read and thrown away than asked for anew: a request costs more."""

ATTEMPTS = 4
"""How often a broken connection is taken up again without a single byte coming."""

_CHANGED = frozenset({412, 416})


class S3Reader:
    """An open object, as `ObjectReader`.

    Reading straight on is one request; one that breaks off is taken up where it broke.

    Args:
        client: The S3 client.
        where: Bucket and full key.
        url: The object's address, for messages.
        etag: The tag that it must have; "" for any.
        bandwidth: The limit that holds for all reading and writing there.

    Raises:
        StoredObjectMissing: There is no such object.
        StoredObjectChanged: It has another tag.
        StorageError: One of its other classes, by state.
    """

    def __init__(
        self, client: S3Client, where: Mapping[str, Any], url: str, etag: str, bandwidth: Bandwidth
    ) -> None:
        self._client = client
        self._where = where
        self._url = url
        self._etag = etag
        self._bandwidth = bandwidth
        self._position = 0
        self._body: Any = None
        self._body_at = 0
        answer = self._asked(0)
        self.size = int(answer["ContentLength"])
        self._etag = etag or answer.get("ETag", "").strip('"')
        self._body = answer["Body"]

    def read(self, size: int = -1, /) -> bytes:
        """The next bytes; errors as `ObjectReader.read`."""
        left = max(self.size - self._position, 0)
        wanted = left if size < 0 else min(size, left)
        blocks: list[bytes] = []
        broken = 0
        while wanted:
            try:
                block = self._some(wanted)
            except StorageUnreachable:
                broken += 1
                self._let_go()
                if broken == ATTEMPTS:
                    raise
                continue
            broken = 0
            blocks.append(block)
            wanted -= len(block)
        return blocks[0] if len(blocks) == 1 else b"".join(blocks)

    def seek(self, offset: int, whence: int = os.SEEK_SET, /) -> int:
        """Go on from another byte; nothing is asked for until it is read."""
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._position, os.SEEK_END: self.size}[whence]
        if base + offset < 0:
            raise ValueError(f"{base + offset} is before the beginning")
        self._position = base + offset
        return self._position

    def tell(self) -> int:
        """The byte that comes next."""
        return self._position

    def close(self) -> None:
        """Let the connection go."""
        self._let_go()

    def _some(self, size: int) -> bytes:
        """At least one of the next bytes.

        Raises:
            StorageUnreachable: The connection broke, or ended too early.
        """
        if self._body is None or not 0 <= self._position - self._body_at <= READ_ON:
            self._let_go()
            answer = self._asked(self._position)
            self._body = answer["Body"]
            self._body_at = _begin(answer, self._position)
        while self._body_at < self._position:
            self._take(min(self._position - self._body_at, BLOCK))
        block = self._take(size)
        self._position += len(block)
        return block

    def _take(self, size: int) -> bytes:
        with s3_errors(self._url):
            block: bytes = self._body.read(size)
        if not block:
            raise StorageUnreachable(f"{self._url} ended before its {self.size} bytes had come.")
        self._bandwidth.take(len(block))
        self._body_at += len(block)
        return block

    def _asked(self, position: int) -> Mapping[str, Any]:
        """The object from a byte on, if it is still the one that was opened."""
        asked: dict[str, Any] = {"Range": f"bytes={position}-"} if position else {}
        if self._etag:
            asked["IfMatch"] = f'"{self._etag}"'
        with s3_errors(self._url):
            try:
                answer: Any = self._client.get_object(**self._where, **asked)
            except botocore.exceptions.ClientError as error:
                if self._etag and error_status(error) in _CHANGED:
                    raise self._changed() from error
                raise
        # a service may know no conditions
        if self._etag and answer.get("ETag", "").strip('"') != self._etag:
            answer["Body"].close()
            raise self._changed()
        return answer  # type: ignore[no-any-return]

    def _changed(self) -> StoredObjectChanged:
        return StoredObjectChanged(
            f"{self._url} is not the object any more that was to be read.", url=self._url
        )

    def _let_go(self) -> None:
        if self._body is not None:
            self._body.close()
            self._body = None


def _begin(answer: Mapping[str, Any], position: int) -> int:
    """Where an answer begins: a service that knows no ranges sends the whole."""
    return position if str(answer.get("ContentRange", "")).startswith(f"bytes {position}-") else 0
