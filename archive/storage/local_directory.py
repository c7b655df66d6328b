# SPDX-License-Identifier: Apache-2.0
"""A directory as storage target: written beside, read back, then named."""

from __future__ import annotations

import dataclasses
import datetime as dt
import os
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from archive.digests import DigestSet
from archive.durable import durable_file, sync_directory
from archive.errors import ObjectExists, StoredBytesDiffer, StoredObjectMissing, UploadSourceChanged
from archive.progress import ProgressCallback, no_progress
from archive.progress_meter import ProgressMeter
from archive.storage.local_file import (
    blocks_of,
    blocks_of_source,
    digest_of,
    forget_cached,
    make_folder,
    prove_written,
    refusal,
    require_room,
)
from archive.storage.local_stream import LocalStream
from archive.storage.stream_upload import ComparedStream, StreamUpload
from archive.storage.target import Orphan, Proof, StoredCopy, UploadSession, checked_key, checked_source
from archive.unfinished_files import remove_unfinished


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
            self._settle(destination)
        else:
            try:
                self._copy(source, destination, copy, progress)
            except FileExistsError:
                self._compare(destination, copy, progress)
            except OSError as error:
                raise refusal(destination, error) from error
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

    @contextmanager
    def streaming(
        self,
        key: str,
        *,
        part_size: int,
        expected_size: int,
        metadata: Mapping[str, str],  # noqa: ARG002 - as in `upload`
        session: UploadSession,
        progress: ProgressCallback = no_progress,
    ) -> Iterator[StreamUpload]:
        """A stream into the directory, as `StorageTarget.streaming`; one that is left early leaves nothing."""
        destination = self._path(key)
        copy = StoredCopy(destination.as_uri(), key, 0, "", "", Proof.WHOLE_DIGEST_READ_BACK)
        session.clear()
        if os.path.lexists(destination):
            if not destination.is_file():
                raise ObjectExists(f"{destination} exists already and is no file.", path=str(destination))
            yield ComparedStream(self, copy, progress)
            self._settle(destination)
            return
        stream = LocalStream(self, destination, copy, part_size, expected_size, progress)
        try:
            yield stream
        finally:
            stream.drop()

    def first_bytes(self, key: str, size: int) -> bytes:
        """The beginning of a stored file, b"" where there is none; errors as `StorageTarget.first_bytes`."""
        path = self._path(key)
        try:
            with path.open("rb") as file:
                return file.read(size)
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            return b""
        except OSError as error:
            raise refusal(path, error) from error

    def abandon(self, session: UploadSession) -> None:
        """Nothing of an unfinished copy is ever left; forget it."""
        session.clear()

    def abandon_orphans(
        self,
        older_than: dt.timedelta,  # noqa: ARG002
        *,
        spare: Collection[str] = (),  # noqa: ARG002
        only_list: bool = False,  # noqa: ARG002
    ) -> list[Orphan]:
        """Nothing to do: what a killed copy left goes with the next one, and counts for nothing till then."""
        return []

    def _path(self, key: str) -> Path:
        return self.directory / checked_key(key)

    def _copy(self, source: Path, destination: Path, copy: StoredCopy, progress: ProgressCallback) -> None:
        make_folder(destination.parent)
        remove_unfinished(destination)
        require_room(destination.parent, copy.key, copy.size)
        meter = ProgressMeter(progress, f"Storing {copy.key}", copy.size)
        meter.start()
        with durable_file(destination, overwrite=False) as file:
            passed = digest_of(blocks_of_source(source), meter, file)
            if passed.size != copy.size or passed.hexdigests()["sha256"] != copy.sha256:
                raise UploadSourceChanged(
                    f"{source} is not the file whose digest was recorded.",
                    path=str(source),
                    expected=copy.sha256,
                    found=passed.hexdigests()["sha256"],
                )
            prove_written(file, destination, copy.sha256)
        meter.finish()

    def _settle(self, destination: Path) -> None:
        """End what a writer began that was killed between giving the name and removing the temporary one."""
        try:
            remove_unfinished(destination)
            sync_directory(destination.parent)
        except OSError as error:
            raise refusal(destination, error) from error

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
                forget_cached(file)
                found = digest_of(blocks_of(file), meter)
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError) as error:
            raise StoredObjectMissing(f"There is no file {path}.", path=str(path)) from error
        except OSError as error:
            raise refusal(path, error) from error
        meter.finish()
        return found
