# SPDX-License-Identifier: Apache-2.0
"""Whether two addresses mean one place, or one of them lies in the other."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from archive.errors import InstitutionInvalid
from archive.storage.open_target import require_understood
from workers.node import Node


def top_of(node: Node, location: str) -> str:
    """A location's address in one form for one place: links followed, without a slash at its end.

    Args:
        node: The settings.
        location: A storage target's name, or an address.

    Raises:
        InstitutionInvalid: It is a path that means another folder for each process.
        SettingsInvalid: It is no storage target of the settings.
        StorageUrlInvalid: It is an address that cannot be understood, or carries a credential.
    """
    address = node.address(location)
    require_understood(address)
    parts = urlsplit(address)
    if parts.scheme in {"", "file"}:
        path = Path(unquote(parts.path)).expanduser()
        if not path.is_absolute():
            raise InstitutionInvalid(
                f"{location} is not the whole path of a folder.",
                remedy="Give it from / or ~ on: commands and workers start in different folders.",
            )
        return os.path.realpath(path)
    known = node.settings.storage_targets().get(location)
    told = parse_qs(parts.query).get("endpoint", [""])[-1]
    service = ((known.endpoint if known else None) or told).rstrip("/")
    return f"{service} {parts.scheme}://{parts.netloc}{unquote(parts.path)}".rstrip("/")


def lies_in(inner: str, outer: str) -> bool:
    """Whether a place is another one or lies in it; both as `top_of` gives them."""
    return f"{inner}/".startswith(f"{outer.rstrip('/')}/")
