# SPDX-License-Identifier: Apache-2.0
"""Digests of byte streams: several algorithms in one reading."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Callable, Iterable
from pathlib import Path

BLOCK = 1 << 20
"""Bytes read at once: large enough that hashlib's release of the GIL pays, small enough for any node."""


def digest_constructor(name: str) -> Callable[..., hashlib._Hash]:
    """What makes a running digest by its hashlib name, faster than looking it up each time."""
    return functools.partial(getattr(hashlib, name), usedforsecurity=False)


class DigestSet:
    """Several digests over the same bytes.

    Args:
        algorithms: hashlib names, such as "sha256" and "md5".
    """

    def __init__(self, algorithms: Iterable[str] = ("sha256", "md5")) -> None:
        self._hashes = {name: hashlib.new(name, usedforsecurity=False) for name in algorithms}
        self.size = 0

    def update(self, block: bytes | memoryview) -> None:
        """Take in the next bytes."""
        for running in self._hashes.values():
            running.update(block)
        self.size += len(block)

    def hexdigests(self) -> dict[str, str]:
        """Lower-case hexadecimal digests by algorithm name, of everything taken in so far."""
        return {name: running.hexdigest() for name, running in self._hashes.items()}


def digest_file(path: Path, algorithms: Iterable[str] = ("sha256", "md5")) -> DigestSet:
    """Read a file once and return its digests and size.

    Raises:
        OSError: The file cannot be read to its end.
    """
    digests = DigestSet(algorithms)
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            digests.update(block)
    return digests
