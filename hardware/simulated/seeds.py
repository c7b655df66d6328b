# SPDX-License-Identifier: Apache-2.0
"""From names and numbers to the seed of a random sequence, the same on every machine."""

from __future__ import annotations

import hashlib


def seed_of(*parts: object) -> int:
    """A seed of 64 bits for these parts; parts that only run together differently give another."""
    digest = hashlib.sha256("\x1f".join(map(str, parts)).encode()).digest()
    return int.from_bytes(digest[:8], "big")
