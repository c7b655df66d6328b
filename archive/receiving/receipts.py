# SPDX-License-Identifier: Apache-2.0
"""The receipt for a bag: what the archive made of it, signed so that anybody with the public key can prove it.

A receipt is one file of canonical JSON, `{"receipt": {...}, "signature": {algorithm, key, value}}`. The
signature is that of the canonical form of the inner document (`archive.canonical_json`): UTF-8, no white
space, names in code point order.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from archive.canonical_json import canonical_json
from archive.custody.keys import PublicKey, SigningKey
from archive.errors import ArchiveError, Retry

FORMAT = "recto.receipt"
VERSION = 1
ALGORITHM = "Ed25519"

LARGEST = 4 << 20
"""Bytes of a receipt that are believed; real ones have some thousand."""

KEPT = frozenset({"ingested", "unchanged"})
"""Verdicts which say that the archive keeps the bag."""

_TEXTS = ("verdict", "institution", "object", "decided_at")


class ReceiptRefused(ArchiveError):
    """What calls itself a receipt proves nothing."""

    code = "receipt.refused"
    retry = Retry.AFTER_OPERATOR
    default_consequence = "It was not accepted, and nothing was recorded or released because of it."
    default_remedy = (
        "Ask the archive for its public keys (recto key export --all there), name them in receiving.trusted_keys, "
        "and tell the archive if they are right and the receipt is not."
    )


@dataclass(frozen=True, slots=True)
class Receipt:
    """A receipt whose signature was proved.

    Attributes:
        key: Id of the key that signed.
        document: All that was signed.
    """

    key: str
    document: Mapping[str, Any]

    @property
    def verdict(self) -> str:
        """What became of the bag: "ingested", "unchanged" or "refused"."""
        return str(self.document["verdict"])

    @property
    def keeps(self) -> bool:
        """Whether the archive says that it keeps the bag."""
        return self.verdict in KEPT

    @property
    def bag_sha256(self) -> str:
        """SHA-256 of the whole tar that it is about, as the archive read it."""
        return str(self.document["bag"]["sha256"])


def receipt_key(name: str) -> str:
    """Where the receipt for a bag lies, beside the bag.

    Args:
        name: Key of the bag, as "letters.tar".
    """
    return f"{name}.receipt.json"


def sign_receipt(document: Mapping[str, Any], key: SigningKey) -> bytes:
    """A receipt as a file; the same document signed by the same key gives the same bytes."""
    inner = {**document, "format": FORMAT, "format_version": VERSION}
    signature = {"algorithm": ALGORITHM, "key": key.public.id, "value": key.sign(canonical_json(inner)).hex()}
    return canonical_json({"receipt": inner, "signature": signature}) + b"\n"


def prove_receipt(content: bytes, keys: Mapping[str, PublicKey]) -> Receipt:
    """Read a receipt, believing nothing but what one of these keys signed.

    Args:
        content: The file.
        keys: The public keys to believe, by their ids.

    Raises:
        ReceiptRefused: It is damaged, of another form, or signed by nobody who is believed.
    """
    inner, key_id, signature = _parts(content)
    key = keys.get(key_id)
    if key is None:
        raise ReceiptRefused(
            f"The receipt is signed with key {key_id!r}, which nobody here knows.", key=key_id
        )
    if not key.proves(signature, canonical_json(inner)):
        raise ReceiptRefused(f"The signature of the receipt is not that of key {key_id} over it.", key=key_id)
    if (inner.get("format"), inner.get("format_version")) != (FORMAT, VERSION) or not _is_whole(inner):
        raise ReceiptRefused(f"What was signed is no {FORMAT} of version {VERSION}.", key=key_id)
    return Receipt(key_id, inner)


def _parts(content: bytes) -> tuple[dict[str, Any], str, bytes]:
    """The document, the id of its key and the signature; nothing of it is proved yet."""
    try:
        file = _file(content)
        signature = file["signature"]
        return file["receipt"], str(signature["key"]), bytes.fromhex(signature["value"])
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise ReceiptRefused(f"The receipt cannot be read: {error}.") from error


def _file(content: bytes) -> dict[str, Any]:
    """The whole of it.

    Raises:
        ValueError, KeyError, TypeError: It has not the form of a receipt.
    """
    if len(content) > LARGEST:
        raise ValueError("it is far too large")
    file = json.loads(content)
    parts = {"receipt", "signature"}
    if not isinstance(file, dict) or set(file) != parts or not isinstance(file["receipt"], dict):
        raise ValueError("it has other parts than a receipt")
    if file["signature"]["algorithm"] != ALGORITHM:
        raise ValueError(f"it is not signed by {ALGORITHM}")
    # two readers could read another spelling in two ways
    if canonical_json(file) + b"\n" != content:
        raise ValueError("it is not in canonical form")
    return file


def _is_whole(inner: Mapping[str, Any]) -> bool:
    bag = inner.get("bag")
    return (
        all(isinstance(inner.get(name), str) for name in _TEXTS)
        and isinstance(bag, dict)
        and all(isinstance(bag.get(name), str) for name in ("name", "sha256"))
        and isinstance(inner.get("copies"), list)
    )
