# SPDX-License-Identifier: Apache-2.0
"""What every storage target can do: take a file under a key, and prove what it holds."""

from __future__ import annotations

import contextlib
import copy
import datetime as dt
import json
from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from archive.durable import write_durably
from archive.errors import StorageUrlInvalid, UploadSourceChanged, UploadUnrecorded
from archive.progress import ProgressCallback, no_progress
from archive.storage.parts import part_count

if TYPE_CHECKING:
    from archive.storage.stream_upload import StreamUpload


class Proof(StrEnum):
    """What has been proved of a stored copy, from the weakest to the strongest."""

    READ_BACK_FAILED = "read-back-failed"
    SIZE_ONLY = "size-only"
    COMPOSITE_SHA256 = "composite-sha256"
    STORE_SHA256 = "store-sha256"
    ARCHIVE_RECEIPT = "archive-receipt"
    WHOLE_DIGEST_READ_BACK = "whole-digest-read-back"
    WHOLE_DIGEST_READ_BACK_AND_COMPOSITE = "whole-digest-read-back+composite-sha256"


@dataclass(frozen=True, slots=True)
class StoredCopy:
    """A file in a storage target.

    Attributes:
        url: Its full address.
        key: Its key below the target.
        size: Bytes.
        sha256: Of the whole, lower-case hexadecimal, as it left here.
        etag: The storage's own tag, "" where it has none.
        proof: What was really proved of the stored bytes (`Proof`).
    """

    url: str
    key: str
    size: int
    sha256: str
    etag: str
    proof: str

    @property
    def was_read_back(self) -> bool:
        """Whether all bytes were read back, so that reading them again would tell nothing new now."""
        return self.proof.startswith(Proof.WHOLE_DIGEST_READ_BACK)


@dataclass(frozen=True, slots=True)
class Orphan:
    """An upload that was begun and never ended.

    Attributes:
        url: The address that its object would have had.
        upload_id: The storage's own id of it.
        begun_at: When it was begun, ISO 8601 in UTC, by the storage's clock.
    """

    url: str
    upload_id: str
    begun_at: str


class UploadSession(Protocol):
    """Where an upload remembers how far it came, so that another process can resume it."""

    def load(self) -> dict[str, Any] | None:
        """What was saved last, or None."""

    def save(self, state: dict[str, Any]) -> None:
        """Keep a JSON object, durably, in place of the one before."""

    def clear(self) -> None:
        """Forget: the upload is finished or abandoned."""


class MemoryUploadSession:
    """Remembers within this process only."""

    def __init__(self) -> None:
        self._state: dict[str, Any] | None = None

    def load(self) -> dict[str, Any] | None:
        """What was saved last, or None."""
        return copy.deepcopy(self._state)

    def save(self, state: dict[str, Any]) -> None:
        """Keep a state."""
        self._state = copy.deepcopy(state)

    def clear(self) -> None:
        """Forget."""
        self._state = None


class FileUploadSession:
    """Remembers in a JSON file.

    Args:
        path: The file; it need not exist.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def load(self) -> dict[str, Any] | None:
        """What was saved last, or None; also None where the file holds no JSON object.

        Raises:
            UploadUnrecorded: It cannot be read.
        """
        try:
            state = json.loads(self._path.read_bytes())
        except (FileNotFoundError, ValueError, RecursionError):
            return None
        except OSError as error:
            raise UploadUnrecorded(
                f"{self._path} cannot be read: {error.strerror or error}.", path=str(self._path)
            ) from error
        return state if isinstance(state, dict) else None

    def save(self, state: dict[str, Any]) -> None:
        """Keep a state.

        Raises:
            UploadUnrecorded: The disk is full, read-only or failing; what was kept before is kept.
        """
        try:
            write_durably(self._path, json.dumps(state, sort_keys=True).encode())
        except OSError as error:
            raise UploadUnrecorded(
                f"{self._path} cannot be written: {error.strerror or error}.", path=str(self._path)
            ) from error

    def clear(self) -> None:
        """Forget. A note that cannot be removed does no harm: what it names has ended."""
        with contextlib.suppress(OSError):
            self._path.unlink(missing_ok=True)


class StorageTarget(Protocol):
    """One place where bags are kept."""

    @property
    def url(self) -> str:
        """The address of the target."""

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
        """Store a file under a key, unless it is there already; never overwrite another.

        Args:
            source: The file.
            key: Where to, relative to the target, with slashes.
            sha256: Of the whole file, hexadecimal.
            part_size: Bytes of each part but the last.
            part_sha256: Of each part, hexadecimal, in order; empty where nobody has taken them: a
                storage that sends parts then takes them itself, for which it reads the file once more.
            metadata: Facts kept with the object where the storage can.
            session: Where to remember finished parts.
            progress: Told of bytes; what it raises stops the upload, which can then be resumed.

        Raises:
            StorageError: One of its classes, by state.
        """

    def streaming(
        self,
        key: str,
        *,
        part_size: int,
        expected_size: int,
        metadata: Mapping[str, str],
        session: UploadSession,
        progress: ProgressCallback = no_progress,
    ) -> AbstractContextManager[StreamUpload]:
        """Store a stream under a key, unless it is there already; never overwrite another.

        Left without `finish`, no object is made; what arrived is remembered where the storage keeps
        parts. The same bytes written again after a crash are sent only as far as they are missing.

        Args:
            key: Where to, relative to the target, with slashes.
            part_size: Bytes of each part but the last.
            expected_size: Bytes that the stream is likely to have; for room and progress only.
            metadata: Facts kept with the object where the storage can.
            session: Where to remember finished parts.
            progress: Told of bytes; what it raises stops the stream.

        Raises:
            StorageError: One of its classes, by state.
        """

    def first_bytes(self, key: str, size: int) -> bytes:
        """The beginning of what is stored under a key, b"" where nothing is.

        Raises:
            StorageError: One of its classes, by state.
        """

    def confirm(self, copy: StoredCopy, progress: ProgressCallback = no_progress) -> StoredCopy:
        """Prove the stored bytes by reading them back.

        Returns:
            The copy with the proof that was really made.

        Raises:
            StoredBytesDiffer: Other bytes are stored.
            StoredObjectMissing: Nothing is stored under the key.
            StorageError: One of its classes, by state.
        """

    def abandon(self, session: UploadSession) -> None:
        """Give up an unfinished upload: remove its parts from the storage and forget it."""

    def abandon_orphans(
        self, older_than: dt.timedelta, *, spare: Collection[str] = (), only_list: bool = False
    ) -> list[Orphan]:
        """Remove what uploads left that were begun longer ago than this and never ended.

        Args:
            older_than: How long ago, by the storage's own clock.
            spare: Ids of uploads that somebody still counts on.
            only_list: Whether to tell of them and remove nothing.

        Returns:
            Those that there were.

        Raises:
            StorageError: One of its classes, by state.
        """


def url_below(place: str, key: str) -> str:
    """The address of a key below that of its target, options of the address staying at the end."""
    path, mark, options = place.partition("?")
    return f"{path}/{key}{mark}{options}"


def checked_key(key: str) -> str:
    """The key, if it names something below a target on every kind of storage.

    Raises:
        StorageUrlInvalid: It is empty, absolute, climbs out, or has characters no storage keeps.
    """
    components = key.split("/")
    legal = all(component not in {"", ".", ".."} and component.isprintable() for component in components)
    if not legal or len(key.encode(errors="replace")) > 1024:  # noqa: PLR2004 - S3's longest key
        raise StorageUrlInvalid(f"{key!r} cannot be the key of a stored file.", key=key)
    return key


def checked_source(source: Path, sha256: str, part_size: int, part_sha256: Sequence[str]) -> int:
    """The size of a file to upload, if its recorded part digests, where there are any, can belong to it.

    Raises:
        UploadSourceChanged: It is gone, no regular file, or its size does not fit the parts.
    """
    try:
        size = source.stat().st_size
    except OSError as error:
        raise UploadSourceChanged(f"{source} cannot be read: {error.strerror}.", path=str(source)) from error
    one_part_differs = (
        size <= part_size and len(part_sha256) == 1 and part_sha256[0].lower() != sha256.lower()
    )
    parts_differ = bool(part_sha256) and len(part_sha256) != part_count(size, part_size)
    if not source.is_file() or parts_differ or one_part_differs:
        raise UploadSourceChanged(
            f"{source} has {size} bytes, which do not fit its {len(part_sha256)} recorded part digests.",
            path=str(source),
            size=size,
        )
    return size
