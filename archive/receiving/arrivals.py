# SPDX-License-Identifier: Apache-2.0
"""A bag that arrived, what of it counts as the same content, and what is known of such bags already."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from archive.registry.states import State
from archive.storage.place import PlacedObject

TOLD_DIGESTS = ("bag-sha256", "sha256")
"""Names of metadata in which an uploader tells the SHA-256 of a tar; Recto's own writes the first."""

_SHA256 = re.compile(r"[0-9a-f]{64}")
_TAR = ".tar"
_BY_DIGEST = "sha256:"


@dataclass(frozen=True, slots=True)
class ArrivedBag:
    """A bag that is to be made a work item.

    Attributes:
        name: Key of the tar in the receiving location.
        bag: The bag's name: the last part of the key without its end.
        etag: The storage's tag of it.
        size: Bytes.
        modified_at: When it was stored there, ISO 8601 in UTC.
        bag_sha256: Of the tar, as the uploader told it; "" where nobody did.
    """

    name: str
    bag: str
    etag: str
    size: int
    modified_at: str
    bag_sha256: str

    @property
    def content(self) -> str:
        """What counts as the same content under one name.

        Where the digest was told, it is the same however it was cut into parts on its way, and whenever it came.
        """
        if self.bag_sha256:
            return f"{_BY_DIGEST}{self.bag_sha256}"
        # a service may give no tags
        return f"etag:{self.etag}:{self.size}" if self.etag else f"time:{self.modified_at}:{self.size}"


@dataclass(frozen=True, slots=True)
class KnownItem:
    """A work item that may stand against another one for the same bag.

    Attributes:
        id: Its number.
        etag: The storage's tag of the bag that it is for.
        size: Bytes of that bag.
        content: What counts as the same content.
        outcome: What became of it, "" where that is open.
        state: State of its ingest in the ledger.
    """

    id: int
    etag: str
    size: int
    content: str
    outcome: str
    state: State

    @property
    def is_by_told_digest(self) -> bool:
        """Whether its content is known by the digest that its uploader told."""
        return self.content.startswith(_BY_DIGEST)


def bag_of(key: str) -> str:
    """Name of the bag that an object is by its key; "" where it is none."""
    last = key.rpartition("/")[2]
    return last[: -len(_TAR)] if last.lower().endswith(_TAR) else ""


def arrived(found: PlacedObject) -> ArrivedBag:
    """A bag from what a look at it tells."""
    return ArrivedBag(
        name=found.key,
        bag=bag_of(found.key),
        etag=found.etag,
        size=found.size,
        modified_at=found.modified.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        bag_sha256=told_digest(found.metadata),
    )


def told_digest(metadata: Mapping[str, str]) -> str:
    """The SHA-256 that an uploader told, in small letters; "" where none was told that can be one."""
    for name in TOLD_DIGESTS:
        digest = metadata.get(name, "").strip().lower()
        if _SHA256.fullmatch(digest):
            return digest
    return ""
