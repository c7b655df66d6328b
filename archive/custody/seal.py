# SPDX-License-Identifier: Apache-2.0
"""Signing an item's history together with its payload: the files that a bag carries as its chain of custody."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from archive.bag.contents import PayloadFile, TagFile
from archive.bag.manifest_lines import format_manifest
from archive.custody.errors import CustodyError
from archive.custody.history import History
from archive.custody.key_folder import KeyFolder
from archive.custody.keys import PublicKey
from archive.custody.statement import PUBLIC_KEY_PATH, SIGNATURE_PATH, STATEMENT_PATH, Statement
from archive.errors import ChainBroken


@dataclass(frozen=True, slots=True)
class Seal:
    """A signed statement.

    Attributes:
        statement: The bytes that are signed.
        signature: 64 bytes.
        key: The public key that proves it.
    """

    statement: bytes
    signature: bytes
    key: PublicKey

    def tag_files(self) -> list[TagFile]:
        """The seal as files of a bag."""
        return [
            TagFile(path=STATEMENT_PATH, content=self.statement),
            TagFile(path=SIGNATURE_PATH, content=self.signature),
            TagFile(path=PUBLIC_KEY_PATH, content=self.key.pem),
        ]


def seal(
    history: Iterable[Mapping[str, Any]],
    payload: Sequence[PayloadFile],
    metadata: Sequence[TagFile],
    keys: KeyFolder,
    earlier: tuple[bytes, bytes] | None = None,
) -> Seal:
    """Sign an item's events, its payload and its metadata.

    All that is signed comes from the arguments, no clock is asked: the same item sealed again by the
    same key gives the same bytes.

    Args:
        history: The item's events up to its bag, in order, each with its `sha256`.
        payload: Everything below data/, with its recorded SHA-256.
        metadata: Everything below metadata/, in memory or with its recorded SHA-256.
        keys: The station's keys; the signing key is made at first use.
        earlier: Statement and signature of an earlier seal. It is taken over when it says the same
            and one of the station's keys made it, so that a bag stays the same bag after rotation.

    Raises:
        ChainBroken: An event is not what was recorded; nothing is signed.
        CustodyError: The signing key is lost, exposed or cannot be made.
    """
    read = _checked(history)
    if earlier is not None:
        kept = _kept(earlier, read, payload, metadata, keys.public_keys())
        if kept is not None:
            return kept
    signer = keys.signing_key()
    statement = _statement(signer.public.id, read, payload, metadata).to_bytes()
    return Seal(statement, signer.sign(statement), signer.public)


def _checked(history: Iterable[Mapping[str, Any]]) -> History:
    read = History()
    for event in history:
        read.add(event)
    problems = [*read.problems]
    if len(read.named) != 1:
        problems.append(f"The events name {len(read.named)} items, not one.")
    if problems:
        raise ChainBroken(
            f"The history of this item cannot be signed: {problems[0]}",
            consequence="Nothing was signed and no bag was made.",
            problems=problems,
        )
    return read


def _kept(
    earlier: tuple[bytes, bytes],
    history: History,
    payload: Sequence[PayloadFile],
    metadata: Sequence[TagFile],
    keys: Mapping[str, PublicKey],
) -> Seal | None:
    content, signature = earlier
    try:
        key = keys.get(Statement.from_bytes(content).key)
    except ValueError:
        return None
    if key is None or _statement(key.id, history, payload, metadata).to_bytes() != content:
        return None
    return Seal(content, signature, key) if key.proves(signature, content) else None


def _statement(
    key: str, history: History, payload: Sequence[PayloadFile], metadata: Sequence[TagFile]
) -> Statement:
    [(batch, item)] = history.named
    sequence, head, at = history.last
    return Statement(
        key=key,
        batch=batch,
        item=item,
        at=at,
        events=len(history.leaves),
        events_root=history.root,
        chain_length=sequence,
        chain_head=head,
        payload_files=len(payload),
        payload_manifest_sha256=_digest((f"data/{file.path}", _recorded(file)) for file in payload),
        metadata_manifest_sha256=_digest((file.path, _of_metadata(file)) for file in metadata),
    )


def _digest(entries: Iterable[tuple[str, str]]) -> str:
    return hashlib.sha256(format_manifest(entries)).hexdigest()


def _of_metadata(file: TagFile) -> str:
    return hashlib.sha256(file.content).hexdigest() if file.source is None else _recorded(file)


def _recorded(file: PayloadFile | TagFile) -> str:
    digest = file.digests.get("sha256")
    if digest is None:
        raise CustodyError(f"No SHA-256 was recorded for {file.path}; it cannot be signed.")
    return digest
