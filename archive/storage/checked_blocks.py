# SPDX-License-Identifier: Apache-2.0
"""Bytes on their way into a place, held against the digest that they must have before anything gets their name."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator

from archive.errors import UploadSourceChanged
from archive.progress_meter import ProgressMeter


def checked_blocks(
    blocks: Iterable[bytes], key: str, *, size: int, sha256: str, meter: ProgressMeter
) -> Iterator[bytes]:
    """The blocks as they come; behind the last of them it is certain that they are the ones meant.

    Args:
        blocks: The bytes.
        key: What they are stored as, for the message.
        size: How many there must be.
        sha256: What they must have, hexadecimal.
        meter: Counts them.

    Raises:
        UploadSourceChanged: They are others, or cannot be read to their end.
    """
    digest, passed = hashlib.sha256(), 0
    try:
        for block in blocks:
            passed += len(block)
            if passed > size:
                raise _changed(key, f"it has more than the {size} bytes that were recorded")
            digest.update(block)
            meter.advance(len(block))
            yield block
    except OSError as error:
        raise _changed(key, f"it cannot be read to its end: {error.strerror or error}") from error
    if passed != size:
        raise _changed(key, f"it has {passed} bytes, and {size} were recorded")
    if digest.hexdigest() != sha256.lower():
        raise _changed(key, f"its SHA-256 is {digest.hexdigest()}, and {sha256} was recorded")


def _changed(key: str, why: str) -> UploadSourceChanged:
    return UploadSourceChanged(
        f"What was to be stored as {key} is not what was recorded: {why}.",
        consequence="Nothing was stored under this name.",
        remedy="Find out why the source changed; it is read again when the work is done again.",
        key=key,
    )
