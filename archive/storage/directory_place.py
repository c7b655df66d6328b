# SPDX-License-Identifier: Apache-2.0
"""A directory as a place: listed in the order of keys, read anywhere, written beside, read back, then named."""

from __future__ import annotations

import datetime as dt
import os
import stat
import time
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path

from archive.durable import durable_file, sync_directory, write_durably
from archive.errors import (
    ObjectExists,
    StorageUnreachable,
    StoredBytesDiffer,
    StoredObjectChanged,
    StoredObjectMissing,
)
from archive.progress import ProgressCallback, no_progress
from archive.progress_meter import ProgressMeter
from archive.storage.checked_blocks import checked_blocks
from archive.storage.directory_reader import DirectoryReader, etag_of, reading_refusal
from archive.storage.local_directory import LocalDirectoryTarget
from archive.storage.local_file import make_folder, prove_written, refusal, require_room
from archive.storage.place import PlacedObject
from archive.storage.target import Proof, StoredCopy, checked_key
from archive.unfinished_files import remove_unfinished


class DirectoryPlace:
    """The files below a directory, on this machine or on a mounted share.

    Names that begin with a dot are nobody's objects, nor are links, and neither are listed. Facts are not
    kept with a file.

    Args:
        directory: The top. Writing makes it; where it is missing, nothing can be read or listed, for a share
            that is not mounted must not be taken for an empty one.
    """

    def __init__(self, directory: Path) -> None:
        self._target = LocalDirectoryTarget(directory)
        self.directory = self._target.directory

    @property
    def url(self) -> str:
        """The address of the directory."""
        return self._target.url

    def objects(self, below: str = "") -> Iterator[PlacedObject]:
        """Its files in the order of their keys, a folder at a time; as `Place.objects`."""
        self._require_top()
        return self._walk("", below)

    def look(self, key: str) -> PlacedObject | None:
        """One file; as `Place.look`. Its metadata are empty."""
        path = self._path(key)
        try:
            found = path.lstat()
        except (FileNotFoundError, NotADirectoryError):
            self._require_top()
            return None
        except OSError as error:
            raise reading_refusal(path, error) from error
        return _placed(key, found) if stat.S_ISREG(found.st_mode) else None

    def open(self, key: str, etag: str = "") -> DirectoryReader:
        """Open a file; as `Place.open`."""
        path = self._path(key)
        try:
            return DirectoryReader(path, etag)
        except StoredObjectMissing:
            self._require_top()
            raise

    def put(
        self,
        key: str,
        blocks: Iterable[bytes],
        *,
        size: int,
        sha256: str,
        metadata: Mapping[str, str] | None = None,  # noqa: ARG002 - a directory keeps none
        instead_of: str = "",
        progress: ProgressCallback = no_progress,
    ) -> StoredCopy:
        """Write a file, read it back from the disk and only then give it its name; as `Place.put`."""
        path = self._path(key)
        copy = StoredCopy(path.as_uri(), key, size, sha256.lower(), "", Proof.WHOLE_DIGEST_READ_BACK)
        try:
            if instead_of or not os.path.lexists(path):
                self._write(path, copy, blocks, instead_of, progress)
                return copy
        except FileExistsError:
            # somebody else was faster: theirs must be the same bytes
            pass
        except OSError as error:
            raise refusal(path, error) from error
        self._require_same(path, copy, progress)
        return copy

    def replace(self, key: str, content: bytes, *, metadata: Mapping[str, str] | None = None) -> None:  # noqa: ARG002
        """Put a small document in place of the one before; as `Place.replace`."""
        path = self._path(key)
        try:
            make_folder(path.parent)
            write_durably(path, content)
        except OSError as error:
            raise refusal(path, error) from error

    def prove(self, key: str, *, size: int, sha256: str, progress: ProgressCallback = no_progress) -> Proof:
        """Read a file whole, from the disk and not from memory, and compare it; as `Place.prove`."""
        self._require_top()
        path = self._path(key)
        if path.is_symlink():
            raise StoredObjectMissing(f"There is no file {path}, but a link.", path=str(path))
        copy = StoredCopy(path.as_uri(), key, size, sha256.lower(), "", Proof.SIZE_ONLY)
        return Proof(self._target.confirm(copy, progress).proof)

    def delete(self, keys: Collection[str]) -> None:
        """Remove files, and make that last; as `Place.delete`. Folders stay: they may be somebody's."""
        folders = set()
        for key in keys:
            path = self._path(key)
            try:
                path.unlink()
                folders.add(path.parent)
            except (FileNotFoundError, NotADirectoryError):
                self._require_top()
            except OSError as error:
                raise reading_refusal(path, error) from error
        for folder in folders:
            try:
                sync_directory(folder)
            except OSError as error:
                raise reading_refusal(folder, error) from error

    def remove(self, key: str, etag: str) -> bool:
        """Remove one file if it has this tag; as `Place.remove`.

        It is taken aside first, under a hidden name, so that it is looked at where nobody replaces it any
        more. What a killed removal left aside is dealt with by the next one.
        """
        path = self._path(key)
        aside = path.with_name(f".{path.name}.removed")
        try:
            if not aside.exists():
                path.rename(aside)
            removed = etag_of(aside.lstat()) == etag
            if not removed:
                self._put_back(aside, path)
            aside.unlink()
            sync_directory(path.parent)
        except (FileNotFoundError, NotADirectoryError):
            self._require_top()
            return False
        except OSError as error:
            raise reading_refusal(path, error) from error
        return removed

    def _put_back(self, aside: Path, path: Path) -> None:
        try:
            path.hardlink_to(aside)
        except FileExistsError:
            # a yet newer one has come, in whose place this would not be any more
            return

    def _path(self, key: str) -> Path:
        return self.directory / checked_key(key)

    def _require_top(self) -> None:
        if not self.directory.is_dir():
            raise StorageUnreachable(
                f"There is no directory {self.directory}.",
                consequence="Nothing is known of what lies there, and nothing was taken for missing.",
                remedy="Mount the share or make the directory; the work is tried again by itself.",
                path=str(self.directory),
            )

    def _walk(self, folder: str, below: str) -> Iterator[PlacedObject]:
        for name, is_folder in self._entries(folder):
            key = f"{folder}{name}"
            if is_folder:
                if key.startswith(below) or below.startswith(f"{key}/"):
                    yield from self._walk(f"{key}/", below)
            elif key.startswith(below):
                found = self._still_there(key)
                if found is not None:
                    yield found

    def _entries(self, folder: str) -> list[tuple[str, bool]]:
        """Names in a folder and whether they are folders, in the order in which their keys stand in a bucket's list."""
        path = self.directory / folder
        try:
            with os.scandir(path) as entries:
                listed = [
                    (entry.name, entry.is_dir(follow_symlinks=False))
                    for entry in entries
                    if not entry.name.startswith(".")
                ]
        except FileNotFoundError:
            self._require_top()
            return []
        except OSError as error:
            raise reading_refusal(path, error) from error
        return sorted(listed, key=lambda entry: f"{entry[0]}/" if entry[1] else entry[0])

    def _still_there(self, key: str) -> PlacedObject | None:
        path = f"{self.directory}/{key}"
        try:
            found = os.lstat(path)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise reading_refusal(Path(path), error) from error
        return _placed(key, found) if stat.S_ISREG(found.st_mode) else None

    def _write(
        self,
        path: Path,
        copy: StoredCopy,
        blocks: Iterable[bytes],
        instead_of: str,
        progress: ProgressCallback,
    ) -> None:
        make_folder(path.parent)
        remove_unfinished(path)
        require_room(path.parent, copy.key, copy.size)
        meter = ProgressMeter(progress, f"Storing {copy.key}", copy.size)
        meter.start()
        with durable_file(path, overwrite=bool(instead_of)) as file:
            for block in checked_blocks(blocks, copy.key, size=copy.size, sha256=copy.sha256, meter=meter):
                file.write(block)
            prove_written(file, path, copy.sha256)
            if instead_of:
                self._require_tag(copy.key, instead_of)
        meter.finish()

    def _require_tag(self, key: str, etag: str) -> None:
        found = self.look(key)
        if found is None or found.etag != etag:
            raise StoredObjectChanged(
                f"{self._path(key)} is not the file any more that was to be overwritten.", key=key
            )

    def _require_same(self, path: Path, copy: StoredCopy, progress: ProgressCallback) -> None:
        """What stands there must be the very bytes, and last: its writer may have been killed before it did."""
        try:
            self.prove(copy.key, size=copy.size, sha256=copy.sha256, progress=progress)
        except (StoredBytesDiffer, StoredObjectMissing) as error:
            raise ObjectExists(f"{path} exists already and holds something else.", path=str(path)) from error
        try:
            remove_unfinished(path)
            sync_directory(path.parent)
        except OSError as error:
            raise refusal(path, error) from error


def _placed(key: str, found: os.stat_result) -> PlacedObject:
    now = time.time()
    # a time that is yet to come, by a wrong clock, would keep a file young for years
    stored = found.st_mtime if found.st_mtime <= now else min(found.st_ctime, now)
    return PlacedObject(
        key=key,
        size=found.st_size,
        etag=etag_of(found),
        modified=dt.datetime.fromtimestamp(stored, dt.UTC),
        age=dt.timedelta(seconds=now - stored),
    )
