# SPDX-License-Identifier: Apache-2.0
"""Files that look like images and would break, fool or exhaust who opens them."""

from __future__ import annotations

import os
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image

BOMB_SIDE = 50_000


def _page(path: Path, **options: object) -> bytearray:
    samples = np.random.default_rng(5).integers(150, 230, (900, 700), dtype=np.uint8)
    Image.fromarray(samples).save(path, dpi=(300, 300), **options)  # type: ignore[arg-type]
    return bytearray(path.read_bytes())


def _tiff(path: Path, side: int, strip: bytes, *, compression: int, offset: int | None = None) -> None:
    """A gray TIFF of one strip that claims `side` x `side` pixels."""
    fields = (
        (256, 4, side), (257, 4, side), (258, 3, 8), (259, 3, compression), (262, 3, 1),
        (273, 4, 8 if offset is None else offset), (277, 3, 1), (278, 4, side), (279, 4, len(strip)),
    )  # fmt: skip
    at = 8 + len(strip) + len(strip) % 2
    directory = b"".join(struct.pack("<2H2I", tag, kind, 1, value) for tag, kind, value in fields)
    path.write_bytes(
        struct.pack("<2sHI", b"II", 42, at)
        + strip
        + bytes(len(strip) % 2)
        + struct.pack("<H", len(fields))
        + directory
        + bytes(4)
    )


def _zeros(count: int) -> bytes:
    """Zlib's answer to so many zeros, made block by block."""
    packing = zlib.compressobj(9)
    block = bytes(1 << 20)
    parts = [packing.compress(block) for _ in range(count >> 20)]
    return b"".join(parts) + packing.compress(bytes(count & 0xFFFFF)) + packing.flush()


def _png(path: Path, side: int, packed: bytes) -> None:
    header = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", packed), (b"IEND", b""))
    path.write_bytes(
        b"\x89PNG\r\n\x1a\n"
        + b"".join(
            struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
            for name, data in chunks
        )
    )


def truncated_tiff(path: Path) -> None:
    content = _page(path)
    path.write_bytes(content[: len(content) // 2])


def truncated_jpeg(path: Path) -> None:
    content = _page(path, format="JPEG")
    path.write_bytes(content[: len(content) // 2])


def truncated_png(path: Path) -> None:
    content = _page(path, format="PNG")
    path.write_bytes(content[: len(content) // 2])


def flipped_deflate(path: Path) -> None:
    content = _page(path, format="TIFF", compression="tiff_adobe_deflate")
    content[len(content) // 2] ^= 0x10
    path.write_bytes(content)


def flipped_png(path: Path) -> None:
    content = _page(path, format="PNG")
    content[len(content) // 2] ^= 0x10
    path.write_bytes(content)


def strips_beyond_the_end(path: Path) -> None:
    _tiff(path, 600, bytes(600 * 600), compression=1, offset=0x7FFFFF00)


def huge_and_uncompressed(path: Path) -> None:
    _tiff(path, 30_000, bytes(1000), compression=1)


def png_bomb(path: Path) -> None:
    _png(path, BOMB_SIDE, zlib.compress(bytes(1 << 20)))


def tiff_bomb(path: Path) -> None:
    _tiff(path, BOMB_SIDE, zlib.compress(bytes(1 << 20)), compression=8)


def bomb_below_the_limit(path: Path) -> None:
    """As many pixels as a large map has, in a few kilobytes: 900 million zeros, packed as well as deflate can."""
    _tiff(path, 30_000, _zeros(30_000 * 30_000), compression=8)


def strips_on_each_other(path: Path) -> None:
    """A page of 225 million pixels whose strips are all the same kilobyte."""
    side, rows = 15_000, 60
    count, strip = side // rows, zlib.compress(bytes(side * rows), 9)
    offsets, lengths = (struct.pack(f"<{count}I", *([value] * count)) for value in (8, len(strip)))
    strip += bytes(len(strip) % 2)
    lists = 8 + len(strip)
    fields = (
        (256, 4, 1, side), (257, 4, 1, side), (258, 3, 1, 8), (259, 3, 1, 8), (262, 3, 1, 1),
        (273, 4, count, lists), (277, 3, 1, 1), (278, 4, 1, rows), (279, 4, count, lists + len(offsets)),
    )  # fmt: skip
    at = lists + len(offsets) + len(lengths)
    directory = b"".join(struct.pack("<2H2I", *field) for field in fields)
    start = struct.pack("<2sHI", b"II", 42, at)
    path.write_bytes(
        start + strip + offsets + lengths + struct.pack("<H", len(fields)) + directory + bytes(4)
    )


def text_with_an_image_name(path: Path) -> None:
    path.write_text("Dear archive, this is no image.", encoding="utf-8")


def empty(path: Path) -> None:
    path.write_bytes(b"")


def folder(path: Path) -> None:
    path.mkdir()


def pipe(path: Path) -> None:
    os.mkfifo(path)


def link_to_itself(path: Path) -> None:
    path.symlink_to(path)


HOSTILE: dict[str, tuple[Callable[[Path], None], str]] = {
    "truncated.tif": (truncated_tiff, ""),
    "truncated.jpg": (truncated_jpeg, "does not decode whole"),
    "truncated.png": (truncated_png, "does not decode whole"),
    "flipped-deflate.tif": (flipped_deflate, "does not decode whole"),
    "flipped.png": (flipped_png, "does not decode whole"),
    "strips-beyond.tif": (strips_beyond_the_end, ""),
    "huge-uncompressed.tif": (huge_and_uncompressed, "900000000 bytes of pixels in a file of"),
    "bomb.png": (png_bomb, "50000 x 50000"),
    "bomb.tif": (tiff_bomb, "50000 x 50000"),
    "bomb-below-limit.tif": (bomb_below_the_limit, "30000 x 30000"),
    "strips-on-each-other.tif": (strips_on_each_other, "15000 x 15000"),
    "letter.tif": (text_with_an_image_name, "is not a TIFF"),
    "empty.jpg": (empty, "is empty"),
    "folder.tif": (folder, "is a folder"),
    "pipe.tif": (pipe, "is a named pipe"),
    "loop.tif": (link_to_itself, "cannot be read"),
}
"""By the name of the file: what makes it, and what of the finding must be said."""
