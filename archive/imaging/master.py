# SPDX-License-Identifier: Apache-2.0
"""Writing a captured page as its preservation TIFF, and proving that the pixels arrived."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from archive.durable import sync_directory
from archive.errors import DamagedImage, ImageTooLarge, MasterExists
from archive.imaging.image_header import clean_text
from archive.imaging.master_layout import MasterContent, deflated_layout, master_layout
from archive.imaging.master_policy import MasterPolicy
from archive.imaging.raw_page import RawPage
from archive.imaging.read_back import ReadBack
from archive.imaging.spool_to_master import become_master, copy_to_master
from archive.imaging.tag_sets import load_tag_set
from archive.imaging.xmp import ascii_form

LARGEST_TIFF = 2**32 - 2**20
"""Offsets in TIFF 6.0 have 32 bits; the rest is room for the directory."""


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


def write_master(
    raw: RawPage,
    destination: Path,
    tags: MasterTags,
    icc: bytes | None,
    policy: MasterPolicy = MasterPolicy(),  # noqa: B008 - frozen
) -> WrittenMaster:
    """Write a page as a little-endian TIFF 6.0 in strips, and read it back.

    Uncompressed, where the spool file has room for the header it becomes the master itself, under a second name: no
    pixel is copied. Elsewhere the rows are copied into a file of the same bytes. A compressed master
    is made strip by strip, and inflated again strip by strip when it is proved. Always memory stays flat, and the master takes its name only after it was synced, dropped from the page cache
    where the system allows it, read again, and found to hold the pixels that the scanner delivered.
    Text that is not ASCII is written in an ASCII form in its tag and in full in an XMP packet.

    The caller removes the spool file when the page is recorded, and not before.

    Called again for the same page it writes nothing and returns the record of what stands there.

    Args:
        raw: The captured page.
        destination: The master's path.
        tags: What it says about itself.
        icc: ICC profile to embed.
        policy: How it is written, and which tags it must, may and must not have.

    Raises:
        MasterTagsUnfit: The page is none that the policy's tag set allows.
        TagSetUnknown, TagSetInvalid: There is no such set.
        WorkerExtraMissing: It is to be compressed, and imagecodecs is not installed here.
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
    content = MasterContent(tags.texts(), tags.captured_at, icc, load_tag_set(policy.tag_set))
    try:
        found = _write(raw, destination, content, policy)
    except FileExistsError:
        return _existing(raw, destination, tags)
    return WrittenMaster(destination, found.size, found.sha256, found.md5, found.part_sha256)


def _write(raw: RawPage, destination: Path, content: MasterContent, policy: MasterPolicy) -> ReadBack:
    if policy.compression == "none":
        layout = master_layout(raw, content)
        return become_master(raw, destination, layout) or copy_to_master(raw, destination, layout)
    # the compressing writer is loaded by stations that want it
    from archive.imaging.spool_to_deflated import deflate_to_master

    return deflate_to_master(raw, destination, lambda sizes: deflated_layout(raw, content, sizes))


def _existing(raw: RawPage, destination: Path, tags: MasterTags) -> WrittenMaster:
    """The record of a master that is already there, if it is this page."""
    # the readers of TIFF are wanted only after an interruption, and take as long to load as a small page to write
    from archive.imaging.standing_master import read_standing_master

    try:
        found, name = read_standing_master(destination)
    except DamagedImage as error:
        raise MasterExists(
            f"{destination} exists and is not a whole master: {error.message}", path=str(destination)
        ) from error
    if found.part_sha256 != raw.pixel_sha256 or name != clean_text(ascii_form(tags.document_name)):
        raise MasterExists(
            f"{destination} exists and holds another page ({name or 'without a name'}).",
            path=str(destination),
            found=found.part_sha256,
            expected=raw.pixel_sha256,
        )
    # whoever gave it its name may have been killed before the name was on disk
    sync_directory(destination.parent)
    return WrittenMaster(destination, found.size, found.sha256, found.md5, found.part_sha256)
