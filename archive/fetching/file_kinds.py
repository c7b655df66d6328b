# SPDX-License-Identifier: Apache-2.0
"""Which of the files in a folder are pages, which go along with them, and which only an operating system wants."""

from __future__ import annotations

import re
from enum import Enum, auto

from archive.fetching.file_lists import CHECKSUM_FILES
from archive.manifest.names import component_reason

PAGE_SUFFIXES = frozenset({".tif", ".tiff", ".jpg", ".jpeg", ".png", ".jp2"})
"""Images that can become masters (`archive.imaging.accession`)."""

_OF_SYSTEMS = frozenset(
    {"thumbs.db", "desktop.ini", "ehthumbs.db", ".ds_store", "__macosx", "@eadir", "$recycle.bin"}
)
_NUMBERS = re.compile(r"(\d+)")


class FileKind(Enum):
    """What a file in an item's folder is."""

    PAGE = auto()
    OTHER = auto()
    HIDDEN = auto()
    CHECKSUMS = auto()


def kind_of(name: str) -> FileKind:
    """The kind of a file, told by its name alone."""
    last = name.rpartition("/")[2].lower()
    if last.startswith((".", "~$")) or last in _OF_SYSTEMS:
        return FileKind.HIDDEN
    if last in CHECKSUM_FILES:
        return FileKind.CHECKSUMS
    stem, dot, ending = last.rpartition(".")
    return FileKind.PAGE if stem and f"{dot}{ending}" in PAGE_SUFFIXES else FileKind.OTHER


def natural_key(name: str) -> tuple[tuple[int, int, str], ...]:
    """A key that sorts names as people count: page2 before page10; equal numbers by their leading zeros."""
    parts = _NUMBERS.split(name.casefold())
    key = [(0, int(part), part) if part.isdecimal() else (1, 0, part) for part in parts if part]
    return (*key, (-1, 0, name))


def name_problem(name: str) -> str:
    """Why a path from a list or a folder cannot be used, as "holds a control character"; "" where it can.

    A path that climbs out of its folder, or begins at the root, is one that nobody should follow.
    """
    if "\\" in name:
        return "holds a backslash"
    for part in name.split("/"):
        if part in {"", ".", ".."}:
            return "leads out of its folder, or has an empty part"
        if reason := component_reason(part):
            return reason
    return ""
