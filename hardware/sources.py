# SPDX-License-Identifier: Apache-2.0
"""What a source of paper is, by the free words that drivers use for it."""

from __future__ import annotations

import re

# Sources and types have free names: "ADF Duplex", "Automatic Document Feeder", "sheetfed scanner";
# but "Document Table" is the glass of some Epsons
_FEEDER = re.compile(r"adf|feeder|duplex|sheet-?fed", re.IGNORECASE)

_DUPLEX = re.compile(r"duplex|both sides|double[- ]sided", re.IGNORECASE)


def is_feeder(words: str) -> bool:
    """Whether a source, or a type of device, is a feeder by its name."""
    return bool(_FEEDER.search(words))


def is_duplex(words: str) -> bool:
    """Whether a source, or a value of a feeder's mode, takes both sides by its name."""
    return bool(_DUPLEX.search(words))
