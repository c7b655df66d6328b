# SPDX-License-Identifier: Apache-2.0
"""Whether the files that a manifest names are there, are regular files, and lie in its folder."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from archive.fetching.addresses import is_address, parse_address
from archive.manifest.nearest import nearest
from archive.manifest.problems import Code, Place, Problem, Refused, shown

IMAGE_SUFFIXES = frozenset(
    {".tif", ".tiff", ".jpg", ".jpeg", ".png", ".jp2", ".bmp", ".webp", ".pbm", ".pgm", ".ppm"}
)

MOST_PROPOSALS = 20
"""Missing files for which a near name is looked for: comparing names takes long in folders of thousands."""


class NamedFiles:
    """The files that a manifest's items name.

    Args:
        folder: The manifest's folder.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = Path(os.path.realpath(folder))
        self._item_of: dict[Path | str, int] = {}
        self._names_in: dict[Path, list[str]] = {}
        self._missing = 0

    def look(self, path: str, place: Place, item: int, *, page: bool = True) -> Problem | None:
        """What is wrong or doubtful with one file, or None.

        Args:
            path: Relative to the manifest's folder, or an address, of legal form.
            place: Where the path stands in the manifest.
            item: Number of the item that names it, to tell a repetition in one item from one across items.
            page: Whether it is to be a page image.
        """
        real: Path | str
        try:
            # whether a server has it, the server is asked when the batch runs
            real = parse_address(path).url if is_address(path) else self._regular_file(path)
        except Refused as refused:
            return Problem.at(place, refused.code, refused.message, refused.remedy)
        if real in self._item_of:
            whose = "this item" if self._item_of[real] == item else "another item"
            return Problem.at(
                place,
                Code.FILE_TWICE,
                f"{shown(path)} is named already by {whose}.",
                "Take it out here if it is not meant to be there twice.",
                "warning",
            )
        self._item_of[real] = item
        if page and isinstance(real, Path) and real.suffix.lower() not in IMAGE_SUFFIXES:
            return Problem.at(
                place,
                Code.FILE_TYPE,
                f"{shown(path)} does not look like a page image.",
                "Make sure that the file is an image; page images end in .tif, .jpg, .png or .jp2.",
                "warning",
            )
        return None

    def _regular_file(self, path: str) -> Path:
        """The real path of a file that can be read, below the folder even when links are followed."""
        written = self._folder / path
        real = Path(os.path.realpath(written))
        if not real.is_relative_to(self._folder):
            raise Refused(
                Code.PATH_LEAVES_FOLDER,
                f"{shown(path)} leads out of the manifest's folder through a link.",
                "Put the file itself below the manifest's folder.",
            )
        try:
            facts = real.stat()
        except OSError as error:
            raise Refused(
                Code.FILE_MISSING,
                f"There is no file {shown(path)} in the manifest's folder ({error.strerror}).",
                self._remedy_for_missing(written),
            ) from error
        if not stat.S_ISREG(facts.st_mode):
            kind = "a folder" if stat.S_ISDIR(facts.st_mode) else "no regular file"
            raise Refused(
                Code.FILE_NOT_REGULAR, f"{shown(path)} is {kind}.", "Name each image file, in page order."
            )
        if not os.access(real, os.R_OK):
            raise Refused(
                Code.FILE_UNREADABLE,
                f"{shown(path)} may not be read by this user.",
                "Give this user the right to read the file.",
            )
        if facts.st_size == 0:
            raise Refused(Code.FILE_EMPTY, f"{shown(path)} is empty.", "Copy the file again from its source.")
        return real

    def _remedy_for_missing(self, written: Path) -> str:
        folder = written.parent
        self._missing += 1
        if self._missing > MOST_PROPOSALS:
            return "Copy the file there, or correct the path."
        if folder not in self._names_in:
            try:
                self._names_in[folder] = sorted(entry.name for entry in folder.iterdir())
            except OSError:
                # the folder itself is missing: there is nothing to propose
                self._names_in[folder] = []
        if match := nearest(written.name, self._names_in[folder]):
            return f"Did you mean {shown(match)}?"
        return "Copy the file there, or correct the path."
