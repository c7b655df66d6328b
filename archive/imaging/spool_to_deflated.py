# SPDX-License-Identifier: Apache-2.0
"""From the spool file of a page to a compressed master: strip by strip, and proved strip by strip."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import IO

from archive.durable import durable_file
from archive.errors import DamagedImage
from archive.imaging.deflated_strips import StripCodec
from archive.imaging.master_layout import BLOCK, ROWS_PER_STRIP, MasterLayout
from archive.imaging.raw_page import RawPage
from archive.imaging.read_back import ReadBack, read_back
from archive.imaging.spool_to_master import require_pixels


def deflate_to_master(
    raw: RawPage, destination: Path, layout: Callable[[Sequence[int]], MasterLayout]
) -> ReadBack:
    """Write a page's compressed master as a file of its own, and prove its pixels; the spool is only read.

    Memory holds one strip. The file takes its name only after it was synced, dropped from the page
    cache where the system can, digested, and every strip of it inflated to the pixels that the scanner
    delivered.

    Args:
        raw: The page.
        destination: The master's path.
        layout: What stands around the strips, by their sizes in bytes.

    Returns:
        The digests of the file, and as its part that of the pixels.

    Raises:
        MasterTagsUnfit: The layout says that the page is none that the tag set allows.
        WorkerExtraMissing: imagecodecs is not installed here; no file is left.
        FileExistsError: `destination` exists.
        PixelDigestMismatch: The pixels read back differ from those delivered; no file is left.
        OSError: The disk is full or failing; no file is left.
    """
    codec = StripCodec.of(raw)
    # a page that does not fit is refused before it is compressed
    layout([1] * -(-raw.height // ROWS_PER_STRIP))
    with durable_file(destination, overwrite=False) as file:
        file.write(bytes(BLOCK))
        sizes, spooled = _deflate(raw, codec, file)
        around = layout(sizes)
        file.seek(around.tail_offset)
        file.write(around.tail)
        file.seek(0)
        file.write(around.head)
        found = replace(read_back(file), part_sha256=_inflated_digest(raw, codec, file, sizes))
        require_pixels(raw, destination, found, spooled)
    return found


def _deflate(raw: RawPage, codec: StripCodec, file: IO[bytes]) -> tuple[list[int], str]:
    """Write the strips; returns their sizes, and the digest of the pixels as they left the spool."""
    digest = hashlib.sha256(usedforsecurity=False)
    sizes = []
    with raw.path.open("rb") as spool:
        spool.seek(raw.pixel_offset)
        for top in range(0, raw.height, ROWS_PER_STRIP):
            rows = spool.read(min(ROWS_PER_STRIP, raw.height - top) * raw.row_bytes)
            digest.update(rows)
            strip = codec.deflate(rows)
            file.write(strip)
            sizes.append(len(strip))
    return sizes, digest.hexdigest()


def _inflated_digest(raw: RawPage, codec: StripCodec, file: IO[bytes], sizes: Sequence[int]) -> str:
    digest = hashlib.sha256(usedforsecurity=False)
    offset = BLOCK
    for size, top in zip(sizes, range(0, raw.height, ROWS_PER_STRIP), strict=True):
        try:
            rows = codec.inflate(os.pread(file.fileno(), size, offset), min(ROWS_PER_STRIP, raw.height - top))
        except DamagedImage as error:
            # no digest of pixels can say this: whoever compares finds no match
            return f"none: {error.message}"
        digest.update(rows)
        offset += size
    return digest.hexdigest()
