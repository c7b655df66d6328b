# SPDX-License-Identifier: Apache-2.0
"""The order of files as people number them: page 2 before page 10."""

from __future__ import annotations

import re
from pathlib import Path

_DIGITS = re.compile(r"([0-9]+)")


def natural_order(path: Path) -> tuple[list[str | int], str]:
    """A key to sort paths by name, with runs of digits as numbers and letters whatever their case.

    Names that differ only in case or in leading zeros follow in the order of their characters.
    """
    # between two runs of digits there is always a text, so that numbers only meet numbers
    parts = _DIGITS.split(path.stem.casefold())
    return [int(part) if index % 2 else part for index, part in enumerate(parts)], path.name
