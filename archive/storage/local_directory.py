# SPDX-License-Identifier: Apache-2.0
"""A directory as storage target: written beside, read back, then named."""

from __future__ import annotations

import dataclasses
import datetime as dt
import errno
import os
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO

from archive.digests import BLOCK, DigestSet
from archive.durable import durable_file
from archive.errors import (
    ObjectExists,
    StorageFull,
    StorageUnreachable,
    StoredBytesDiffer,
    StoredObjectMissing,
    UploadSourceChanged,
)
from archive.progress import ProgressCallback, no_progress
from archive.progress_meter import ProgressMeter
from archive.storage.target import Proof, StoredCopy, UploadSession, checked_key, checked_source
from archive.unfinished_files import mark_alive, remove_unfinished

_SPARE = 1 << 20
"""Bytes to leave free: the file system needs some for the name itself."""


class LocalDirectoryTarget:
    """Keeps files below a directory, on this machine or on a mounted share.

    Args:
        directory: The top; made when missing.
    """

    def __init__(self, directory: Path) -> None:
        self.directory = Path(os.path.abspath(directory))  # noqa: PTH100 - links are the site's business

    @property
    def url(self) -> str:
        """The address of the directory."""
        return self.directory.as_uri()

    def upload(
        self,
        source: Path,
        key: str,
        *,
        sha256: str,
        part_size: int,
        part_sha256: Sequence[str],
        metadata: Mapping[str, str],  # noqa: ARG002 - a directory keeps none; the registry has them
        session: UploadSession,
        progress: ProgressCallback = no_progress,
    ) -> StoredCopy:
        """Copy a file in, compare its digest on the way and read it back before it gets its name.

        Errors as `StorageTarget.upload`; an interrupted copy leaves nothing and starts again.
        """
        size = checked_source(source, sha256, part_size, part_sha256)
        destination = self._path(key)
        copy = StoredCopy(destination.as_uri(), key, size, sha256.lower(), "", Proof.WHOLE_DIGEST_READ_BACK)
        if os.path.lexists(destination):
            self._compare(destination, copy, progress)
        else:
            try:
                self._copy(source, destination, copy, progress)
            except FileExistsError:
                self._compare(destination, copy, progress)
            except OSError as error:
                raise self._refusal(destination, error) from error
        session.clear()
        return copy

    def confirm(self, copy: StoredCopy, progress: ProgressCallback = no_progress) -> StoredCopy:
        """Read the whole file back from the disk; errors as `StorageTarget.confirm`."""
        path = self._path(copy.key)
        found = self._read_back(path, copy.size, progress)
        if found.size != copy.size or found.hexdigests()["sha256"] != copy.sha256:
            raise StoredBytesDiffer(
                f"{path} does not hold the bytes that were stored there.",
                path=str(path),
                expected=copy.sha256,
                found=found.hexdigests()["sha256"],
            )
        return dataclasses.replace(copy, proof=Proof.WHOLE_DIGEST_READ_BACK)

    def abandon(self, session: UploadSession) -> None:
        """Nothing of an unfinished copy is ever left; forget it."""
        session.clear()

    def abandon_orphans(self, older_than: dt.timedelta) -> int:  # noqa: ARG002
        """Nothing to do: what a killed copy left goes with the next one, and counts for nothing till then."""
        return 0

    def _path(self, key: str) -> Path:
        return self.directory / checked_key(key)

    def _copy(self, source: Path, destination: Path, copy: StoredCopy, progress: ProgressCallback) -> None:
        destination.parent.mkdir(parents=True, exist_ok=True)
        remove_unfinished(destination)
        free = shutil.disk_usage(destination.parent).free
        if free < copy.size + _SPARE:
            raise StorageFull(
                f"{self.directory} has {free} bytes free, and {copy.key} needs {copy.size}.",
                free=free,
                needed=copy.size,
            )
        meter = ProgressMeter(progress, f"Storing {copy.key}", copy.size)
        meter.start()
        with durable_file(destination, overwrite=False) as file, source.open("rb") as original:
            mark_alive(file.fileno())
            passed = _digest(original, meter, file)
            if passed.size != copy.size or passed.hexdigests()["sha256"] != copy.sha256:
                raise UploadSourceChanged(
                    f"{source} is not the file whose digest was recorded.",
                    path=str(source),
                    expected=copy.sha256,
                    found=passed.hexdigests()["sha256"],
                )
            file.flush()
            os.fsync(file.fileno())
            _forget_cached(file)
            file.seek(0)
            if _digest(file).hexdigests()["sha256"] != copy.sha256:
                raise StoredBytesDiffer(
                    f"{self.directory} gave back other bytes for {copy.key} than were written.", key=copy.key
                )
        meter.finish()

    def _compare(self, path: Path, copy: StoredCopy, progress: ProgressCallback) -> None:
        """An existing file must be the very one to be stored."""
        same_form = path.is_file() and path.stat().st_size == copy.size
        if not same_form or self._read_back(path, copy.size, progress).hexdigests()["sha256"] != copy.sha256:
            raise ObjectExists(f"{path} exists already and holds something else.", path=str(path))

    def _read_back(self, path: Path, size: int, progress: ProgressCallback) -> DigestSet:
        meter = ProgressMeter(progress, f"Reading back {path.name}", size)
        meter.start()
        try:
            with path.open("rb") as file:
                _forget_cached(file)
                found = _digest(file, meter)
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError) as error:
            raise StoredObjectMissing(f"There is no file {path}.", path=str(path)) from error
        except OSError as error:
            raise self._refusal(path, error) from error
        meter.finish()
        return found

    def _refusal(self, path: Path, error: OSError) -> StorageFull | StorageUnreachable:
        message = f"{path} cannot be written or read: {error.strerror or error}."
        if error.errno in _STALE:
            return StorageUnreachable(message, path=str(path))
        return StorageFull(message, path=str(path))


_STALE = frozenset({errno.ESTALE, errno.EIO, errno.ETIMEDOUT, errno.EHOSTDOWN})


def _digest(
    file: IO[bytes], meter: ProgressMeter | None = None, copy_to: IO[bytes] | None = None
) -> DigestSet:
    digests = DigestSet(["sha256"])
    while block := file.read(BLOCK):
        if copy_to is not None:
            copy_to.write(block)
        digests.update(block)
        if meter is not None:
            meter.advance(len(block))
    return digests


def _forget_cached(file: IO[bytes]) -> None:
    """Have the next reading come from the disk, as far as the kernel grants it."""
    os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
