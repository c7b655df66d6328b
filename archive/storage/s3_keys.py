# SPDX-License-Identifier: Apache-2.0
"""Listing the objects below a prefix of a bucket, page by page, and removing many at once."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

from archive.errors import AccessRefused, StorageError, StorageRefused
from archive.storage.place import PlacedObject
from archive.storage.s3_errors import s3_errors
from archive.storage.s3_orphans import storage_time

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import ObjectIdentifierTypeDef

DELETED_AT_ONCE = 1000
"""Keys of one request (Amazon S3 API reference, DeleteObjects)."""


def listed_objects(client: S3Client, bucket: str, top: str, below: str, url: str) -> Iterator[PlacedObject]:
    """All objects whose keys begin with a prefix, however many; a page of them is held at a time.

    Args:
        client: The S3 client.
        bucket: The bucket.
        top: What is left out of the keys that are told: the prefix with its slash, "" for none.
        below: Only keys that begin with this, behind the top.
        url: What is listed, for messages.

    Raises:
        StorageError: They cannot be listed to their end; the class names the state.
    """
    with s3_errors(url):
        pages = iter(client.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=top + below))
    while True:
        # not around the yield: what the listener raises is none of the storage's errors
        with s3_errors(url):
            page = next(pages, None)
        if page is None:
            return
        now = storage_time(page)
        for found in page.get("Contents", []):
            # not every S3 service keeps to the prefix asked for
            if not found["Key"].startswith(top + below):
                continue
            yield PlacedObject(
                key=found["Key"][len(top) :],
                size=found["Size"],
                etag=found.get("ETag", "").strip('"'),
                modified=found["LastModified"],
                age=now - found["LastModified"],
            )


def delete_keys(client: S3Client, bucket: str, keys: Collection[str], url: str) -> None:
    """Remove objects; one that is gone already is no error.

    Args:
        client: The S3 client.
        bucket: The bucket.
        keys: Their full keys.
        url: Where they lie, for messages.

    Raises:
        StorageError: Some cannot be removed; the first of them is told, all the others were tried.
    """
    refused: StorageError | None = None
    listed = list(keys)
    for start in range(0, len(listed), DELETED_AT_ONCE):
        some: list[ObjectIdentifierTypeDef] = [
            {"Key": key} for key in listed[start : start + DELETED_AT_ONCE]
        ]
        with s3_errors(url):
            answer = client.delete_objects(Bucket=bucket, Delete={"Objects": some, "Quiet": True})
        for problem in answer.get("Errors", []):
            if problem.get("Code") != "NoSuchKey":
                kind = AccessRefused if problem.get("Code") == "AccessDenied" else StorageRefused
                refused = refused or kind(
                    f"{problem.get('Key')} cannot be removed from {url}: {problem.get('Message')}.",
                    consequence="It stays there, and is removed when the work is done again.",
                    code=problem.get("Code"),
                )
    if refused is not None:
        raise refused
