# SPDX-License-Identifier: Apache-2.0
"""What is signed: one small canonical JSON document that binds an item's events, its payload and its metadata."""

from __future__ import annotations

import dataclasses
import json
import re
from dataclasses import dataclass
from typing import Any, get_type_hints

from archive.canonical_json import canonical_json

FORMAT = "recto.custody"
VERSION = 1

METADATA = "metadata/"
"""The folder of a bag that Recto's own tag files are in."""

STATEMENT_PATH = "metadata/custody.json"
SIGNATURE_PATH = "metadata/custody.sig"
PUBLIC_KEY_PATH = "metadata/custody-key.pem"
EVENTS_PATH = "metadata/events.jsonl"

CUSTODY_PATHS = frozenset({STATEMENT_PATH, SIGNATURE_PATH, PUBLIC_KEY_PATH})
"""What a signature cannot cover: itself, what it signs, and the key."""

LARGEST_STATEMENT = 1 << 16
"""Bytes; real ones have less than a thousand."""

_DIGESTS = ("events_root", "chain_head", "payload_manifest_sha256", "metadata_manifest_sha256")
_COUNTS = ("version", "events", "chain_length", "payload_files")


@dataclass(frozen=True, slots=True)
class Statement:
    """What the holder of a key says of an item.

    Attributes:
        key: Id of the key that signs.
        batch: The batch.
        item: The item.
        at: When the last event happened, RFC 3339.
        events: How many events the item has in the bag.
        events_root: Merkle root over the canonical bodies of these events, in order (RFC 6962).
        chain_length: How many events the whole batch had when the last of these happened.
        chain_head: SHA-256 of that last event, which is the head of the batch's chain at that moment.
        payload_files: How many files are below data/.
        payload_manifest_sha256: SHA-256 of manifest-sha256.txt, as Recto writes it.
        metadata_manifest_sha256: SHA-256 of the same lines for the files below metadata/, without
            the statement itself, its signature and the public key.
        format: Tells this document from all others.
        version: Of the format.
    """

    key: str
    batch: str
    item: str
    at: str
    events: int
    events_root: str
    chain_length: int
    chain_head: str
    payload_files: int
    payload_manifest_sha256: str
    metadata_manifest_sha256: str
    format: str = FORMAT
    version: int = VERSION

    def to_bytes(self) -> bytes:
        """The bytes that are signed."""
        return canonical_json(dataclasses.asdict(self)) + b"\n"

    @classmethod
    def from_bytes(cls, content: bytes) -> Statement:
        """Read a statement.

        Raises:
            ValueError: The bytes are not a statement in exactly the form that `to_bytes` gives.
        """
        try:
            document = json.loads(content)
        except (ValueError, RecursionError) as error:
            raise ValueError(f"it is not JSON ({error})") from error
        _check(document)
        statement = cls(**document)
        if statement.to_bytes() != content:
            raise ValueError("it is not in canonical form")
        return statement


def _check(document: Any) -> None:
    kinds = get_type_hints(Statement)
    if not isinstance(document, dict) or set(document) != set(kinds):
        raise ValueError("it does not have exactly the members of a custody statement")
    if document["format"] != FORMAT or document["version"] != VERSION:
        raise ValueError(f"only {FORMAT} version {VERSION} is known here")
    wrong = [name for name, kind in kinds.items() if type(document[name]) is not kind]
    wrong += [
        name
        for name in _DIGESTS
        if name not in wrong and not re.fullmatch(r"[0-9a-f]{64}", document[name], re.ASCII)
    ]
    wrong += [name for name in _COUNTS if name not in wrong and document[name] < 0]
    if wrong:
        raise ValueError(f"its members {', '.join(wrong)} cannot be right")
