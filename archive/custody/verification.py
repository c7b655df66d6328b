# SPDX-License-Identifier: Apache-2.0
"""Checking a bag's chain of custody in one reading, with nothing but the bag and public keys."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from archive.bag.manifest_lines import format_manifest, parse_manifest
from archive.bag.readers import BagReader, Member, open_bag, printable
from archive.custody.history import History
from archive.custody.keys import PublicKey
from archive.custody.report import CustodyReport, PageCustody, page_custody
from archive.custody.statement import (
    CUSTODY_PATHS,
    EVENTS_PATH,
    LARGEST_STATEMENT,
    METADATA,
    PUBLIC_KEY_PATH,
    SIGNATURE_PATH,
    STATEMENT_PATH,
    Statement,
)
from archive.progress import ProgressCallback, no_progress
from archive.progress_meter import ProgressMeter

_MANIFEST = "manifest-sha256.txt"
_LARGEST_MANIFEST = 512 << 20
_LARGEST_FACTS = 8 << 20
_SIGNATURE_BYTES = 64


@dataclass(slots=True)
class _Reading:
    """What one reading of a bag gave: a digest of every file, the few that speak, and the history."""

    history: History
    problems: list[str]
    digests: dict[str, str] = field(default_factory=dict)
    texts: dict[str, bytes] = field(default_factory=dict)

    def below(self, folder: str) -> Iterator[tuple[str, str]]:
        """Path and digest of the files below a folder, without those a signature cannot cover."""
        return (
            (path, digest)
            for path, digest in self.digests.items()
            if path.startswith(folder) and path not in CUSTODY_PATHS
        )


def verify_custody(
    path: Path,
    keys: Mapping[str, PublicKey],
    *,
    page: int | None = None,
    progress: ProgressCallback = no_progress,
) -> CustodyReport:
    """Prove that the events and the payload of a bag are those that were signed.

    The bag is read once and not unpacked; nothing in it is changed. The public key that lies in it
    proves nothing; it is only held against the one that does.

    Args:
        path: A bag, as a folder or a tar.
        keys: The public keys to believe, by their ids.
        page: A page whose origin is asked for; a problem when no event tells of it. It is told only
            when everything else is proved.
        progress: Told of bytes; what it raises cancels.

    Returns:
        All problems. A bag that was tampered with in any way is a report, not an exception.

    Raises:
        BagUnreadable: There is no such folder or file.
    """
    with open_bag(path) as reader:
        problems = [f"{finding.file or path.name}: {finding.message}" for finding in reader.inventory.errors]
        reading = _Reading(History(page), problems)
        _read(reader, reading, path.name, progress)
    statement = _signed_statement(reading, keys)
    if statement is None:
        return CustodyReport(path, None, tuple(reading.problems))
    reading.problems += _event_problems(reading.history, statement)
    reading.problems += _payload_problems(reading, statement)
    reading.problems += _metadata_problems(reading, statement)
    reading.problems += _key_problems(reading, statement)
    # nothing is told about a page as long as anything about the bag is in doubt
    origin = None if page is None or reading.problems else _origin(reading, page)
    if page is not None and origin is None and not reading.problems:
        reading.problems.append(f"No event tells of the capture of page {page}.")
    return CustodyReport(path, statement, tuple(reading.problems), origin)


def _read(reader: BagReader, reading: _Reading, name: str, progress: ProgressCallback) -> None:
    size = sum(member.size for member in reader.inventory.members)
    meter = ProgressMeter(progress, f"Verifying {name}", size)
    kept = {
        STATEMENT_PATH: LARGEST_STATEMENT,
        SIGNATURE_PATH: _SIGNATURE_BYTES,
        PUBLIC_KEY_PATH: LARGEST_STATEMENT,
        _MANIFEST: _LARGEST_MANIFEST,
    }
    if reading.history.page is not None:
        kept[_facts_path(reading.history.page)] = _LARGEST_FACTS
    meter.start()
    for member in reader.inventory.members:
        if member.size > kept.get(member.path, member.size):
            reading.problems.append(f"{member.path}: With {member.size} bytes it is too large to be true.")
            continue
        try:
            _read_member(reader, member, reading, meter, keep=member.path in kept)
        except OSError as error:
            reading.problems.append(
                f"{printable(member.path)}: It cannot be read: {error.strerror or error}."
            )
    reading.history.end()
    meter.finish()


def _read_member(
    reader: BagReader, member: Member, reading: _Reading, meter: ProgressMeter, *, keep: bool
) -> None:
    digest, text = hashlib.sha256(), bytearray()
    for block in reader.blocks(member):
        digest.update(block)
        if keep:
            text += block
        if member.path == EVENTS_PATH:
            reading.history.feed(block)
        meter.advance(len(block))
    reading.digests[member.path] = digest.hexdigest()
    if keep:
        reading.texts[member.path] = bytes(text)


def _signed_statement(reading: _Reading, keys: Mapping[str, PublicKey]) -> Statement | None:
    missing = [path for path in (STATEMENT_PATH, SIGNATURE_PATH) if path not in reading.texts]
    if missing:
        reading.problems.append(
            f"The bag carries no signed chain of custody: {' and '.join(missing)} missing."
        )
        return None
    content = reading.texts[STATEMENT_PATH]
    try:
        statement = Statement.from_bytes(content)
    except ValueError as error:
        reading.problems.append(f"{STATEMENT_PATH} cannot be believed: {error}.")
        return None
    key = keys.get(statement.key)
    if key is None:
        known = ", ".join(sorted(keys)) or "none"
        reading.problems.append(
            f"The bag says it was signed by key {statement.key}, which is not among the keys given ({known})."
        )
        return None
    if not key.proves(reading.texts[SIGNATURE_PATH], content):
        reading.problems.append(f"The signature is not that of key {key.id} over {STATEMENT_PATH}.")
        return None
    return statement


def _event_problems(history: History, statement: Statement) -> Iterator[str]:
    yield from history.problems
    if len(history.leaves) != statement.events:
        yield f"The bag holds {len(history.leaves)} events of the item; {statement.events} were signed."
    if history.root != statement.events_root:
        yield "The events are not those that were signed: their Merkle root is another."
    if history.last != (statement.chain_length, statement.chain_head, statement.at):
        yield "The last event is not the one at which the chain was signed."
    if history.named - {(statement.batch, statement.item)}:
        yield f"There are events of other items than {statement.item} of batch {statement.batch}."


def _payload_problems(reading: _Reading, statement: Statement) -> Iterator[str]:
    payload = dict(reading.below("data/"))
    if len(payload) != statement.payload_files:
        yield f"The payload has {len(payload)} files; {statement.payload_files} were signed."
    if _digest(payload) != statement.payload_manifest_sha256:
        yield "The payload is not the one that was signed."
        yield from _culprits(reading, payload, statement)
    for file, digest in reading.history.captured.items():
        path = f"data/{file}"
        if payload.get(path) != digest:
            yield f"{path} does not have the SHA-256 that the event of its capture records."


def _culprits(reading: _Reading, payload: Mapping[str, str], statement: Statement) -> Iterator[str]:
    """Which files differ, as far as the manifest in the bag is the signed one and can tell."""
    content = reading.texts.get(_MANIFEST, b"")
    if hashlib.sha256(content).hexdigest() != statement.payload_manifest_sha256:
        yield f"{_MANIFEST} is not the one that was signed either."
        return
    lines, _ = parse_manifest(content.decode("utf-8", "surrogateescape"))
    signed = {line.path: line.digest for line in lines}
    for path in sorted(signed.keys() | payload.keys()):
        if path not in payload:
            yield f"{printable(path)} is missing."
        elif path not in signed:
            yield f"{printable(path)} was added."
        elif payload[path] != signed[path]:
            yield f"{printable(path)} was altered."


def _metadata_problems(reading: _Reading, statement: Statement) -> Iterator[str]:
    if _digest(dict(reading.below(METADATA))) != statement.metadata_manifest_sha256:
        yield f"The files in {METADATA} are not those that were signed: one was altered, added or removed."


def _key_problems(reading: _Reading, statement: Statement) -> Iterator[str]:
    """The key in the bag is never believed; one that is not the signer's would still mislead a reader."""
    try:
        told = PublicKey.from_pem(reading.texts.get(PUBLIC_KEY_PATH, b"")).id
    except ValueError:
        told = ""
    if told != statement.key:
        yield f"{PUBLIC_KEY_PATH} is not the key that signed."


def _digest(digests: Mapping[str, str]) -> str:
    entries = ((printable(path), digest) for path, digest in digests.items())
    return hashlib.sha256(format_manifest(entries)).hexdigest()


def _origin(reading: _Reading, page: int) -> PageCustody | None:
    history = reading.history
    try:
        facts: Any = json.loads(reading.texts.get(_facts_path(page), b"{}"))
    except (ValueError, RecursionError):
        facts = {}
    paths = [history.path_of(event.index) for event in history.of_page]
    return page_custody(page, history.of_page, paths, facts if isinstance(facts, dict) else {})


def _facts_path(page: int) -> str:
    return f"{METADATA}capture/{page:04d}.json"
