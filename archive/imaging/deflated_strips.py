# SPDX-License-Identifier: Apache-2.0
"""Strips of pixels, deflated losslessly and inflated again: libdeflate behind a horizontal predictor."""

from __future__ import annotations

from dataclasses import dataclass
from types import ModuleType

import numpy as np
import numpy.typing as npt

from archive.errors import DamagedImage, WorkerExtraMissing
from archive.imaging.raw_page import RawPage

LEVEL = 1
"""Of libdeflate: 218 MB/s of scanned pixels where level 6 does 50, for one hundredth of the size. The zlib
of Python itself does 12 at its own level 6, and is never used here."""


@dataclass(frozen=True, slots=True)
class StripCodec:
    """Deflates the strips of one page.

    Differences of neighbours are taken within a row, sample by sample (TIFF 6.0, section 14); pages of
    1 bit have none.

    Attributes:
        width: Pixels in a row.
        samples_per_pixel: 1 or 3.
        bits_per_sample: 1, 8 or 16.
        row_bytes: Bytes of one packed row.
    """

    width: int
    samples_per_pixel: int
    bits_per_sample: int
    row_bytes: int

    @classmethod
    def of(cls, raw: RawPage) -> StripCodec:
        """The codec of a spooled page."""
        return cls(raw.width, raw.samples_per_pixel, raw.bits_per_sample, raw.row_bytes)

    @property
    def predicts(self) -> bool:
        """Whether strips hold differences of neighbours."""
        return self.bits_per_sample > 1

    def deflate(self, rows: bytes) -> bytes:
        """Whole packed rows as the bytes of a strip.

        Raises:
            WorkerExtraMissing: imagecodecs is not installed here.
        """
        codecs = _imagecodecs()
        content = codecs.delta_encode(self._samples(rows), axis=-2) if self.predicts else rows
        return bytes(codecs.deflate_encode(content, level=LEVEL))

    def inflate(self, strip: bytes, rows: int) -> bytes:
        """The packed rows of a strip.

        Raises:
            DamagedImage: The strip does not inflate to so many rows.
            WorkerExtraMissing: imagecodecs is not installed here.
        """
        codecs = _imagecodecs()
        size = rows * self.row_bytes
        try:
            # a buffer of the promised size: a strip that holds more is refused, not followed
            content = codecs.deflate_decode(strip, out=bytearray(size))
        except (RuntimeError, ValueError) as error:
            raise DamagedImage(f"A strip of {rows} rows does not inflate: {error}.") from error
        if len(content) != size:
            raise DamagedImage(f"A strip holds {len(content)} bytes where {rows} rows need {size}.")
        if not self.predicts:
            return bytes(content)
        return bytes(codecs.delta_decode(self._samples(content), axis=-2).tobytes())

    def _samples(self, rows: bytes | bytearray) -> npt.NDArray[np.uint8] | npt.NDArray[np.uint16]:
        samples: npt.NDArray[np.uint8] | npt.NDArray[np.uint16]
        samples = np.frombuffer(rows, "<u2" if self.bits_per_sample == 16 else "u1")  # noqa: PLR2004 - bits
        return samples.reshape(-1, self.width, self.samples_per_pixel)


def _imagecodecs() -> ModuleType:
    try:
        import imagecodecs
    except ImportError as error:
        raise WorkerExtraMissing(
            "Compressed masters need the library imagecodecs, which is not installed here."
        ) from error
    module: ModuleType = imagecodecs
    return module
