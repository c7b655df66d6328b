# SPDX-License-Identifier: Apache-2.0
"""Keys in the staging place: batch, item and content, so that the same file is never sent twice."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote, unquote

_KEY = re.compile(r"(?P<batch>[^/]+)/(?:items/(?P<item>[^/]+)|batch)/(?P<sha256>[0-9a-f]{64})")


@dataclass(frozen=True, slots=True)
class StagedKey:
    """What a key says.

    Attributes:
        batch: The batch.
        item: The item; "" for a file of the whole batch.
        sha256: Of the file, hexadecimal.
    """

    batch: str
    item: str
    sha256: str

    def __str__(self) -> str:
        return f"{keys_below(self.batch, self.item)}{self.sha256}"


def keys_below(batch: str, item: str) -> str:
    """What the keys of an item start with, or those of files of the whole batch where the item is ""."""
    # whatever a name is made of, it stays one component
    place = f"items/={_component(item)}" if item else "batch"
    return f"={_component(batch)}/{place}/"


def read_key(key: str) -> StagedKey | None:
    """What a key says, or None where it is none of ours: whatever others put there stops nobody."""
    match = _KEY.fullmatch(key)
    if match is None or not match["batch"].startswith("=") or not (match["item"] or "=").startswith("="):
        return None
    try:
        made = StagedKey(_name(match["batch"]), _name(match["item"] or "="), match["sha256"])
    except UnicodeDecodeError:
        return None
    # no registry keeps such names, and PostgreSQL refuses to be asked for them
    return made if str(made) == key and "\0" not in made.batch + made.item else None


def _component(name: str) -> str:
    return quote(name, safe="")


def _name(component: str) -> str:
    return unquote(component[1:], errors="strict")
