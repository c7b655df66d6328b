# SPDX-License-Identifier: Apache-2.0
"""How an institution wants its masters written: plain or compressed, and with which tags."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from archive.errors import MasterPolicyUnknown

Compression = Literal["none", "deflate"]
"""LZW is not among them: it makes pages of 16 bits larger than they are (docs/adr/0029)."""

COMPRESSIONS: tuple[Compression, ...] = get_args(Compression)
BASELINE = "baseline"


@dataclass(frozen=True, slots=True)
class MasterPolicy:
    """How masters are written.

    Attributes:
        compression: "none", or "deflate" with the horizontal predictor.
        tag_set: A tag set that comes with Recto, or the path of an institution's own.

    Raises:
        MasterPolicyUnknown: No master is written with such a compression.
    """

    compression: Compression = "none"
    tag_set: str = BASELINE

    def __post_init__(self) -> None:
        if self.compression not in COMPRESSIONS:
            known = " or ".join(COMPRESSIONS)
            raise MasterPolicyUnknown(
                f"No master is written with the compression {self.compression!r}, only with {known}.",
                compression=self.compression,
            )
