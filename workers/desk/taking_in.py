# SPDX-License-Identifier: Apache-2.0
"""Existing image files that a person drops into an item: copied to its folder, once they are known to open whole."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from archive.durable import sync_directory
from archive.errors import ImagingError
from archive.registry.clock import now_iso
from workers.desk.errors import FileRefused

KINDS = frozenset({".tif", ".tiff", ".jpg", ".jpeg", ".png", ".jp2"})
"""Suffixes of files that can become masters as they are."""


@dataclass(frozen=True, slots=True)
class TakenIn:
    """A file that was copied.

    Attributes:
        path: Where the copy lies, relative to the item's folder.
        source: Where it came from.
        taken_at: UTC, ISO 8601.
    """

    path: str
    source: Path
    taken_at: str


def copy_in(paths: Sequence[Path], folder: Path) -> list[TakenIn]:
    """Copy image files below an item's folder, each read back and compared: all of them, or none.

    Raises:
        FileRefused: A file is of another kind, does not open whole, or cannot be read.
        OSError: The disk is full or failing.
    """
    for path in paths:
        _require_file(path)
    files = folder / "desk" / "files"
    files.mkdir(parents=True, exist_ok=True)
    place = Path(tempfile.mkdtemp(prefix="taken-", dir=files))
    try:
        made = [_copy(path, place / f"{index:04d}", folder) for index, path in enumerate(paths, 1)]
    except BaseException:
        shutil.rmtree(place, ignore_errors=True)
        raise
    sync_directory(files)
    return made


def _require_file(path: Path) -> None:
    """Refuse what is no file that could be read: whoever opens a pipe may wait for ever."""
    if path.suffix.lower() not in KINDS:
        raise FileRefused(f"{path.name} is no TIFF, JPEG, PNG or JPEG 2000 file.", path=str(path))
    if path.exists() and not path.is_file():
        raise FileRefused(f"{path.name} is no file.", path=str(path))


def _copy(path: Path, place: Path, folder: Path) -> TakenIn:
    # decoding every kind of image takes long to load, and most items hold captured pages only
    from archive.imaging.accession import accession

    place.mkdir()
    try:
        copied = accession(path, place / path.name).path
    except ImagingError as error:
        raise FileRefused(f"{path.name} cannot become a page: {error.message}", path=str(path)) from error
    except FileNotFoundError as error:
        raise FileRefused(f"{path} is gone.", path=str(path)) from error
    except PermissionError as error:
        raise FileRefused(f"{path} may not be read.", path=str(path)) from error
    sync_directory(place.parent)
    return TakenIn(str(copied.relative_to(folder)), path, now_iso())
