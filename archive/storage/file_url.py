# SPDX-License-Identifier: Apache-2.0
"""Addresses of local files as `file:` URLs (RFC 8089), there and back."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote, urlsplit


def path_of(address: str) -> Path:
    """The path that a `file:` URL or a plain path names.

    Raises:
        ValueError: The address is of another scheme, or of another host.
    """
    parts = urlsplit(address)
    if parts.scheme == "":
        return Path(address)
    if parts.scheme != "file" or parts.netloc not in {"", "localhost"}:
        raise ValueError(f"{address} is not the address of a local file")
    return Path(unquote(parts.path))
