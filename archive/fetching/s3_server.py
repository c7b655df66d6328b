# SPDX-License-Identifier: Apache-2.0
"""Files in buckets, with what goes wrong told in the words of fetching."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Self

from archive.errors import (
    AccessRefused,
    AnswerUnusable,
    BucketMissing,
    ClockSkewed,
    DamagedInTransit,
    FetchError,
    SourceGone,
    SourceRefused,
    SourceUnreachable,
    SourceUrlInvalid,
    StorageError,
    StorageUnreachable,
    StorageUrlInvalid,
    StoredObjectMissing,
)
from archive.fetching.access import Access
from archive.fetching.addresses import Declared, SourceAddress
from archive.fetching.remote import BLOCK, Entry, RemoteFacts

if TYPE_CHECKING:
    from archive.storage.s3_source import S3Object, S3Source

_SAME_STATE: tuple[tuple[type[StorageError], type[FetchError]], ...] = (
    (AccessRefused, SourceRefused),
    (StorageUnreachable, SourceUnreachable),
    (DamagedInTransit, SourceUnreachable),
    (StoredObjectMissing, SourceGone),
    (BucketMissing, SourceGone),
    (StorageUrlInvalid, SourceUrlInvalid),
    (ClockSkewed, SourceRefused),
)


@contextmanager
def as_fetching() -> Iterator[None]:
    """Tell the errors of storage targets as those of sources.

    Raises:
        FetchError: The class that names the state; its consequence speaks of fetching, not of storing.
    """
    try:
        yield
    except StorageError as error:
        for theirs, ours in _SAME_STATE:
            if isinstance(error, theirs):
                raise ours(error.message, remedy=error.remedy, **error.facts) from error
        raise AnswerUnusable(error.message, remedy=error.remedy, **error.facts) from error


class S3Server:
    """Buckets, reached as `Access` says; one client for each.

    Args:
        access: How they may be reached.
    """

    def __init__(self, access: Access) -> None:
        self._access = access
        self._buckets: dict[tuple[str, str], S3Source] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for bucket in self._buckets.values():
            bucket.close()
        self._buckets.clear()

    def open(self, address: SourceAddress, offset: int = 0, known: RemoteFacts | None = None) -> S3File:
        """Open an object, as `Server.open`."""
        with as_fetching():
            etag = known.etag if known is not None else ""
            return S3File(self._bucket(address).open(address.plain_path.lstrip("/"), offset, etag))

    def files(self, folder: SourceAddress) -> Iterator[Entry]:
        """All objects below a prefix, as `Server.files`."""
        folder = folder.as_folder()
        prefix = folder.plain_path.lstrip("/")
        with as_fetching():
            bucket = self._bucket(folder)
            for found in bucket.objects(prefix):
                name = found.key.removeprefix(prefix)
                # consoles of stores make empty objects that stand for folders
                if name and not (found.key.endswith("/") and found.size == 0):
                    yield Entry(name, folder.below(name, Declared(size=found.size)))

    def _bucket(self, address: SourceAddress) -> S3Source:
        from archive.storage.s3_client import S3Options
        from archive.storage.s3_source import S3Source

        self._access.require_host(address)
        options = dict(self._access.bucket_of(address))
        key = address.host, str(options.get("endpoint"))
        if key not in self._buckets:
            ca = str(self._access.ca) if self._access.ca else None
            chosen = S3Options(ca=ca, timeout=self._access.timeout, **options)
            self._buckets[key] = S3Source(address.host, chosen)
        return self._buckets[key]


class S3File:
    """An object that is being read; see `RemoteFile`."""

    def __init__(self, found: S3Object) -> None:
        self._found = found
        self.offset = found.offset
        self.facts = RemoteFacts(found.size, found.etag, found.modified)

    def read(self) -> bytes:
        """The next bytes."""
        with as_fetching():
            return self._found.read(BLOCK)

    def close(self) -> None:
        """Close the connection."""
        self._found.close()
