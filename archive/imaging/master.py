# SPDX-License-Identifier: Apache-2.0
"""Writing a captured page as its preservation TIFF, and proving that the pixels arrived."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

import tifffile

from archive.digests import DigestSet, digest_file
from archive.durable import durable_file
from archive.errors import DamagedImage, ImageTooLarge, MasterExists, PixelDigestMismatch
from archive.imaging.image_header import clean_text
from archive.imaging.raw_page import RawPage
from archive.imaging.read_back import read_back
from archive.imaging.strips import strip_bytes
from archive.imaging.tiff_header import read_tiff_header
from archive.imaging.xmp import ascii_form, xmp_packet

ROWS_PER_STRIP = 64
"""Small enough to read a detail without the page, large enough that the tables stay short."""

LARGEST_TIFF = 2**32 - 2**20
"""Offsets in TIFF 6.0 have 32 bits; the rest is room for the directory."""

_PHOTOMETRIC = {"white_is_zero": "miniswhite", "black_is_zero": "minisblack", "rgb": "rgb"}
_EXTRA_TAGS = {"document_name": 269, "make": 271, "model": 272, "artist": 315, "copyright": 33432}
_XMP_TAG = 700
_BYTE = 1


@dataclass(frozen=True, slots=True)
class MasterTags:
    """What a master says about itself (TIFF 6.0 section 8); an empty text leaves its tag out.

    Attributes:
        document_name: Batch, item and page id.
        description: What is on the page or its item.
        make: The scanner's maker.
        model: The scanner's model.
        software: Name and version of the capturing software.
        artist: The institution.
        copyright: The rights statement.
        captured_at: ISO 8601 time of capture; DateTime is written in UTC, which TIFF cannot state.
    """

    document_name: str
    description: str
    make: str
    model: str
    software: str
    artist: str
    copyright: str
    captured_at: str

    def texts(self) -> dict[str, str]:
        """The tags that are texts, by field, without empty ones."""
        fields = ("document_name", "description", "make", "model", "software", "artist", "copyright")
        return {field: text for field in fields if (text := getattr(self, field))}


@dataclass(frozen=True, slots=True)
class WrittenMaster:
    """A master on disk, as it was read back.

    Attributes:
        path: Where it stands.
        size: Bytes.
        sha256: SHA-256 of the file.
        md5: MD5 of the file.
        pixel_sha256: SHA-256 of its decoded pixels.
    """

    path: Path
    size: int
    sha256: str
    md5: str
    pixel_sha256: str


def write_master(raw: RawPage, destination: Path, tags: MasterTags, icc: bytes | None) -> WrittenMaster:
    """Write a page as an uncompressed little-endian TIFF 6.0 in strips, and read it back.

    Memory stays flat: rows go from the spool to the file strip by strip. The file takes its name
    only after it was synced, dropped from the page cache where the system allows it, read again,
    and found to hold the pixels that the scanner delivered. Text that is not ASCII is written in
    an ASCII form in its tag and in full in an XMP packet.

    Called again for the same page it writes nothing and returns the record of what stands there.

    Args:
        raw: The captured page.
        destination: The master's path.
        tags: What it says about itself.
        icc: ICC profile to embed.

    Raises:
        SpoolIncomplete: The spool does not hold the rows of its geometry.
        ImageTooLarge: More pixels than TIFF 6.0 can address.
        MasterExists: Something else stands at `destination`.
        PixelDigestMismatch: The pixels read back differ from those delivered; no file is left.
        OSError: The disk is full or failing; no file is left.
    """
    if destination.exists():
        return _existing(raw, destination, tags)
    raw.require_whole()
    if raw.size > LARGEST_TIFF:
        raise ImageTooLarge(
            f"The page has {raw.size} bytes of pixels; a TIFF 6.0 file holds at most {LARGEST_TIFF}.",
            consequence="No master was written.",
            remedy="Scan at a lower resolution or bit depth, or in parts.",
        )
    try:
        with durable_file(destination, overwrite=False) as file:
            spooled = _write_tiff(raw, file, tags, icc)
            written = _record(file, destination)
            if written.pixel_sha256 != raw.pixel_sha256:
                raise _mismatch(raw, destination, spooled, written.pixel_sha256)
    except FileExistsError:
        return _existing(raw, destination, tags)
    return written


def _write_tiff(raw: RawPage, file: IO[bytes], tags: MasterTags, icc: bytes | None) -> str:
    """Write header, directory and strips; return the digest of the rows as they left the spool."""
    spooled = hashlib.sha256()
    color = raw.photometric == "rgb"
    # named by us: tifffile takes a file's own name, and a temporary file's is its descriptor
    handle = tifffile.FileHandle(file, mode="wb", name="master", size=0)
    with tifffile.TiffWriter(handle, bigtiff=False, byteorder="<") as tiff:
        tiff.write(
            _strips(raw, spooled),
            shape=(raw.height, raw.width, 3) if color else (raw.height, raw.width),
            dtype="uint16" if raw.bits_per_sample == 16 else "uint8",  # noqa: PLR2004 - bits
            bitspersample=raw.bits_per_sample,
            photometric=_PHOTOMETRIC[raw.photometric],
            planarconfig="contig" if color else None,
            rowsperstrip=ROWS_PER_STRIP,
            resolution=raw.dpi,
            resolutionunit="INCH",
            iccprofile=icc,
            metadata=None,
            **_tag_arguments(tags),
        )
    return spooled.hexdigest()


def _tag_arguments(tags: MasterTags) -> dict[str, Any]:
    texts = tags.texts()
    plain = {field: ascii_form(text) for field, text in texts.items()}
    extra: list[tuple[int, Any, int, Any, bool]] = [
        (code, "s", 0, plain[field], True) for field, code in _EXTRA_TAGS.items() if field in plain
    ]
    packet = xmp_packet(texts, tags.captured_at)
    if packet is not None:
        extra.append((_XMP_TAG, _BYTE, len(packet), packet, True))
    return {
        "description": plain.get("description"),
        "software": plain.get("software", False),
        "datetime": _tiff_time(tags.captured_at),
        "extratags": extra,
    }


def _tiff_time(captured_at: str) -> str:
    """The time as tag 306 has it (TIFF 6.0 section 8, DateTime), in UTC."""
    time = datetime.fromisoformat(captured_at)
    if time.tzinfo is not None:
        time = time.astimezone(UTC)
    return time.strftime("%Y:%m:%d %H:%M:%S")


def _strips(raw: RawPage, spooled: Any) -> Iterator[bytes]:
    with raw.path.open("rb") as spool:
        for row in range(0, raw.height, ROWS_PER_STRIP):
            strip = spool.read(min(ROWS_PER_STRIP, raw.height - row) * raw.row_bytes)
            spooled.update(strip)
            yield strip


def _record(file: IO[bytes], path: Path) -> WrittenMaster:
    digests = read_back(file)
    file.seek(0)
    return _master(path, digests, _pixel_sha256(file, path))


def _pixel_sha256(file: IO[bytes], path: Path) -> str:
    pixels = hashlib.sha256()
    for block in strip_bytes(file, path):
        pixels.update(block)
    return pixels.hexdigest()


def _master(path: Path, digests: DigestSet, pixel_sha256: str) -> WrittenMaster:
    hexdigests = digests.hexdigests()
    return WrittenMaster(path, digests.size, hexdigests["sha256"], hexdigests["md5"], pixel_sha256)


def _mismatch(raw: RawPage, destination: Path, spooled: str, found: str) -> PixelDigestMismatch:
    culprit = "the spool file changed after the scan" if spooled == found else "the disk returned other bytes"
    return PixelDigestMismatch(
        f"The pixels of {destination.name} are not those that the scanner delivered: {culprit}.",
        path=str(destination),
        delivered=raw.pixel_sha256,
        spooled=spooled,
        read_back=found,
    )


def _existing(raw: RawPage, destination: Path, tags: MasterTags) -> WrittenMaster:
    """The record of a master that is already there, if it is this page."""
    try:
        name = read_tiff_header(destination).tags.get("document_name", "")
        with destination.open("rb") as file:
            pixels = _pixel_sha256(file, destination)
    except DamagedImage as error:
        raise MasterExists(
            f"{destination} exists and is not a whole master: {error.message}", path=str(destination)
        ) from error
    if pixels != raw.pixel_sha256 or name != clean_text(ascii_form(tags.document_name)):
        raise MasterExists(
            f"{destination} exists and holds another page ({name or 'without a name'}).",
            path=str(destination),
            found=pixels,
            expected=raw.pixel_sha256,
        )
    return _master(destination, digest_file(destination), pixels)
