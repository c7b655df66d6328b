# SPDX-License-Identifier: Apache-2.0
"""The JPEG 2000 access image of a master: full size, sRGB, lossy, made for image servers that read parts of it."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from archive.errors import UnsupportedImage
from archive.imaging.derivatives import Derivative, standard_color, store, upright_dpi
from archive.imaging.jp2_boxes import with_profile_and_resolution
from archive.imaging.pixels import decode_for_viewing
from archive.imaging.technical_metadata import read_header

RATIO = 10
"""Compression: a tenth of the bytes of the pixels, as FADGI and the national libraries have it (8:1 to 20:1)."""

MIME = "image/jp2"
_LEVELS = 6
_LAYERS = 6
_TILE = 1024
_PRECINCT = 256


def make_jpeg2000(
    master: Path, destination: Path, *, ratio: int = RATIO, dpi: float | None = None
) -> Derivative:
    """Make a JP2 of a master, in sRGB or gray with its profile and its resolution.

    The transform is the irreversible 9-7 with six levels and six layers, in tiles of 1024 pixels and
    precincts of 256, ordered by resolution (RPCL), so that a server can send small views from the first
    bytes. A page costs some 40 times the work of a JPEG and, for A4 at 600 dpi, 0.6 GB of memory.

    Args:
        master: The master image; the encoder has it in memory as a whole.
        destination: The JP2's path.
        ratio: Bytes of the pixels for each byte of the file.
        dpi: Resolution where the master tells none.

    Raises:
        DamagedImage, UnsupportedImage, ImageTooLarge, WorkerExtraMissing: The master does not decode,
            or Pillow was built without OpenJPEG.
        OSError: The disk is full or failing; no half file stays.
    """
    header = read_header(master)
    image, icc = standard_color(decode_for_viewing(master, header), header.icc)
    smallest = min(*image.size, _TILE)
    encoded = BytesIO()
    try:
        image.save(
            encoded,
            "JPEG2000",
            quality_mode="rates",
            quality_layers=[ratio * 2**step for step in range(_LAYERS - 1, -1, -1)],
            # each level halves a tile, which must not vanish
            num_resolutions=min(_LEVELS, smallest.bit_length() - 1) + 1,
            tile_size=(_TILE, _TILE) if max(image.size) > _TILE else None,
            precinct_size=(_PRECINCT, _PRECINCT),
            codeblock_size=(64, 64),
            progression="RPCL",
            irreversible=True,
            mct=1 if image.mode == "RGB" else 0,
            plt=True,
        )
    except (KeyError, ValueError) as error:
        raise UnsupportedImage(
            f"No JPEG 2000 image can be made of {destination.stem}: {error}.",
            consequence="The page has no JPEG 2000 image; its other files were not touched.",
            remedy="Install a Pillow with OpenJPEG, or take the stage out of the pipeline.",
        ) from error
    told = upright_dpi(header) or (None if dpi is None else (dpi, dpi))
    content = with_profile_and_resolution(encoded.getvalue(), icc, told)
    return store(destination, content, image.size, MIME)
