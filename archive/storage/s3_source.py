# SPDX-License-Identifier: Apache-2.0
"""Reading what others put into a bucket: a list of objects, page by page, and an object from any byte on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import botocore.exceptions

from archive.errors import StorageUrlInvalid
from archive.storage.s3_client import S3Options, make_client, service_of
from archive.storage.s3_errors import error_status, s3_errors

_CHANGED = frozenset({412, 416})


@dataclass(frozen=True, slots=True)
class ListedObject:
    """An object in a list.

    Attributes:
        key: Its key in the bucket.
        size: Bytes.
        etag: The storage's own tag, without quotation marks.
    """

    key: str
    size: int
    etag: str


class S3Object:
    """An object that is being read.

    Attributes:
        offset: The byte at which reading begins.
        size: Bytes of the whole.
        etag: The storage's own tag.
        modified: When it was stored, ISO 8601 in UTC.
    """

    def __init__(self, url: str, answer: Any, offset: int) -> None:
        self._url = url
        self._body = answer["Body"]
        self.offset = offset
        self.size = offset + int(answer["ContentLength"])
        self.etag = str(answer.get("ETag", "")).strip('"')
        self.modified = answer["LastModified"].isoformat() if "LastModified" in answer else ""

    def read(self, size: int) -> bytes:
        """The next bytes, at most `size`; b"" at the end.

        Raises:
            StorageUnreachable: The connection broke.
        """
        with s3_errors(self._url):
            block: bytes = self._body.read(size)
        return block

    def close(self) -> None:
        """Close the connection."""
        self._body.close()


class S3Source:
    """A bucket to read from.

    Args:
        bucket: Its name.
        options: How to reach it.

    Raises:
        StorageUrlInvalid: The endpoint is no address.
        CredentialsMissing: AWS_PROFILE names nothing.
    """

    def __init__(self, bucket: str, options: S3Options) -> None:
        self.url = f"s3://{bucket}"
        self._bucket = bucket
        try:
            service_of(options.endpoint)
            with s3_errors(self.url):
                self._client = make_client(options)
        except ValueError as error:
            raise StorageUrlInvalid(f"{self.url} cannot be reached as asked: {error}.") from error

    def objects(self, prefix: str) -> Iterator[ListedObject]:
        """All objects whose keys begin with a prefix, a page of a thousand at a time.

        Raises:
            StorageError: They cannot be listed; the class names the state.
        """
        url = f"{self.url}/{prefix}"
        with s3_errors(url):
            pages = iter(
                self._client.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=prefix)
            )
        while True:
            with s3_errors(url):
                page = next(pages, None)
            if page is None:
                return
            for found in page.get("Contents", []):
                yield ListedObject(found["Key"], found["Size"], found.get("ETag", "").strip('"'))

    def open(self, key: str, offset: int = 0, etag: str = "") -> S3Object:
        """Open an object from a byte on, or from its beginning where its tag is another by now.

        Raises:
            StorageError: It cannot be opened; the class names the state.
        """
        url = f"{self.url}/{key}"
        where: Any = {"Bucket": self._bucket, "Key": key}
        with s3_errors(url):
            if offset and etag:
                try:
                    answer = self._client.get_object(**where, Range=f"bytes={offset}-", IfMatch=f'"{etag}"')
                    return S3Object(url, answer, _begin(answer, offset))
                except botocore.exceptions.ClientError as error:
                    if error_status(error) not in _CHANGED:
                        raise
            return S3Object(url, self._client.get_object(**where), 0)

    def close(self) -> None:
        """Close the connections."""
        self._client.close()


def _begin(answer: Any, offset: int) -> int:
    """Where an answer begins: a service that knows no ranges sends the whole."""
    return offset if str(answer.get("ContentRange", "")).startswith(f"bytes {offset}-") else 0
