# SPDX-License-Identifier: Apache-2.0
"""Taking an existing image file into the archive byte for byte, once it is known to decode whole."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from archive.digests import BLOCK, digest_file
from archive.durable import durable_file
from archive.errors import CopyMismatch, MasterExists
from archive.imaging.master import WrittenMaster
from archive.imaging.pixels import PIXEL_LIMIT, pixel_digest
from archive.imaging.read_back import read_back
from archive.imaging.regular_file import require_regular_file


def accession(source: Path, destination: Path, *, pixel_limit: int = PIXEL_LIMIT) -> WrittenMaster:
    """Copy a TIFF, JPEG, PNG or JPEG 2000 file to its place as a master, unchanged.

    The source is decoded whole before anything is written. The copy is synced, read back and
    compared before it takes its name. Called again for the same file it writes nothing.

    Args:
        source: The file as delivered.
        destination: The master's path.
        pixel_limit: Images that claim more pixels are refused without being decoded.

    Raises:
        DamagedImage: The source does not decode whole.
        UnsupportedImage: It is of a kind that is no page image.
        ImageTooLarge: It claims more than `pixel_limit` pixels.
        MasterExists: Another file stands at `destination`.
        CopyMismatch: The copy read back differs from the source, or the source changed meanwhile.
        OSError: The source cannot be read, or the disk is full; nothing is left at `destination`.
    """
    require_regular_file(source)
    delivered = digest_file(source).hexdigests()
    pixels = pixel_digest(source, pixel_limit=pixel_limit)
    if not destination.exists():
        with suppress(FileExistsError):  # another worker was quicker; its file is compared below
            _copy(source, destination, delivered)
    found = digest_file(destination)
    if found.hexdigests() != delivered:
        raise MasterExists(
            f"{destination} exists and is another file than {source}.",
            path=str(destination),
            found=found.hexdigests()["sha256"],
            expected=delivered["sha256"],
        )
    return WrittenMaster(destination, found.size, delivered["sha256"], delivered["md5"], pixels)


def _copy(source: Path, destination: Path, delivered: dict[str, str]) -> None:
    with source.open("rb") as original, durable_file(destination, overwrite=False) as copy:
        while block := original.read(BLOCK):
            copy.write(block)
        written = read_back(copy)
        if {"sha256": written.sha256, "md5": written.md5} != delivered:
            raise CopyMismatch(
                f"The copy of {source} at {destination} is not the file that was read.",
                path=str(destination),
                expected=delivered["sha256"],
                found=written.sha256,
            )
