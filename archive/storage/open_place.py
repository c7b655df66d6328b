# SPDX-License-Identifier: Apache-2.0
"""From an address to the place behind it."""

from __future__ import annotations

from archive.errors import StorageUrlInvalid
from archive.storage.directory_place import DirectoryPlace
from archive.storage.local_directory import LocalDirectoryTarget
from archive.storage.open_target import open_target
from archive.storage.place import Place


def open_place(
    url: str,
    *,
    endpoint: str | None = None,
    region: str | None = None,
    addressing: str | None = None,
    ca: str | None = None,
    bandwidth: str | None = None,
    access_key: str | None = None,
    secret_key: str | None = None,
) -> Place:
    """The place of an address: a path, `file:///directory`, or `s3://bucket/prefix`; arguments as `open_target`.

    Raises:
        StorageUrlInvalid: The address cannot be understood, or its kind of storage only takes uploads.
        AccessRefused: No usable credential configuration (S3).
    """
    target = open_target(
        url,
        endpoint=endpoint,
        region=region,
        addressing=addressing,
        ca=ca,
        bandwidth=bandwidth,
        access_key=access_key,
        secret_key=secret_key,
    )
    if isinstance(target, LocalDirectoryTarget):
        return DirectoryPlace(target.directory)
    if target.url.startswith("s3:"):
        from archive.storage.s3 import S3Target  # boto3 takes a third of a second to import
        from archive.storage.s3_place import S3Place

        if isinstance(target, S3Target):
            return S3Place(target)
    raise StorageUrlInvalid(
        f"{url!r} cannot be listed and read: only paths, file:// and s3:// can.",
        consequence="Nothing was read there.",
        url=url,
    )
