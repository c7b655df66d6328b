# SPDX-License-Identifier: Apache-2.0
"""The station's side of receipts: they are fetched from where bags went, proved, and recorded with the copies."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import structlog

from archive.custody.key_folder import KeyFolder
from archive.custody.keys import PublicKey, read_public_keys
from archive.errors import ArchiveError, ItemUnknown, StoredObjectMissing
from archive.receiving.receipts import LARGEST, Receipt, ReceiptRefused, prove_receipt, receipt_key
from archive.registry.batches import get_batch, items_of
from archive.registry.copies import copies_of, record_receipt, unanswered_copies
from archive.registry.tables import CopyRow, ItemRow
from archive.storage.place import Place
from archive.storage.target import url_below
from workers.node import Node
from workers.versions import recto_agent

log = structlog.get_logger(__name__)

ASKED_ONE_BY_ONE = 50
"""Receipts of a target that are asked for by their names; for more of them the target is listed."""


class Answer(StrEnum):
    """How an archive has answered to a copy."""

    ACCEPTED = "accepted"
    WAITING = "waiting"
    REFUSED = "refused"
    UNPROVED = "unproved"
    UNREACHABLE = "unreachable"


@dataclass(frozen=True, slots=True)
class CopyAnswer:
    """What is known of an archive's answer to one copy.

    Attributes:
        item: Id of the item.
        target: The storage target.
        answer: How it stands.
        told: The answer, as it is kept with the copy; empty before there is one.
        message: Why it is not accepted, a sentence; "" where it is.
    """

    item: str
    target: str
    answer: Answer
    told: Mapping[str, Any]
    message: str = ""

    def to_json(self) -> dict[str, Any]:
        """The answer as a JSON object."""
        told = {name: value for name, value in self.told.items() if name != "content"}
        return {
            "item": self.item,
            "target": self.target,
            "state": str(self.answer),
            "message": self.message,
            "receipt": told or None,
        }


def believed_keys(node: Node) -> dict[str, PublicKey]:
    """The keys whose receipts count: those of the settings, and this station's own.

    Raises:
        PublicKeyUnreadable: One of the files is damaged.
    """
    trusted = node.settings.receiving.trusted_keys
    own = KeyFolder(node.settings.key_directory).public_keys()
    return own if trusted is None else own | read_public_keys(trusted)


def fetch_receipts(node: Node, batch: str, item: str | None = None) -> list[CopyAnswer]:
    """Ask for the receipts of a batch's copies that have none yet, and record those that are proved.

    Args:
        node: Settings and registry.
        batch: The batch.
        item: Only this item.

    Returns:
        How each copy stands now.

    Raises:
        BatchUnknown, ItemUnknown: There is no such batch or item.
        PublicKeyUnreadable: As `believed_keys`.
    """
    with node.registry.reading() as session:
        get_batch(session, batch)
        rows = [row for row in items_of(session, batch) if item in {None, row.name}]
        copies = [(copy, row) for row in rows for copy in copies_of(session, row.id)]
    if item is not None and not rows:
        raise ItemUnknown(f"Batch {batch} has no item {item!r}.")
    keys = believed_keys(node)
    return [_ask(node, keys, copy, row) for copy, row in copies]


def answer_to(node: Node, copy: CopyRow, row: ItemRow) -> CopyAnswer:
    """Ask for the receipt of one copy, and record it where it is proved.

    Raises:
        PublicKeyUnreadable: As `believed_keys`.
    """
    return _ask(node, believed_keys(node), copy, row)


def fetch_all_receipts(node: Node) -> int:
    """Ask for all receipts that are wanted, if receipts are of any use here; returns how many were accepted."""
    settings = node.settings
    if settings.receiving.trusted_keys is None and settings.release.policy != "after-receipt":
        return 0
    keys = believed_keys(node)
    with node.registry.reading() as session:
        wanted = unanswered_copies(session)
    accepted = 0
    for target, some in itertools.groupby(wanted, key=lambda pair: pair[0].target):
        copies = list(some)
        try:
            there = _names_at(node.place(target), copies) if len(copies) > ASKED_ONE_BY_ONE else None
        except ArchiveError as error:
            log.warning("receipts.not_listed", target=target, code=error.code, message=error.message)
            continue
        for copy, row in copies:
            if there is None or receipt_key(_key_of(row)) in there:
                accepted += _ask(node, keys, copy, row).answer is Answer.ACCEPTED
    if accepted:
        log.info("receipts.accepted", receipts=accepted)
    return accepted


def _names_at(place: Place, copies: Iterable[tuple[CopyRow, ItemRow]]) -> set[str]:
    """Which of the wanted receipts lie at a target."""
    wanted = {receipt_key(_key_of(row)) for _, row in copies}
    return {found.key for found in place.objects() if found.key in wanted}


def _ask(node: Node, keys: Mapping[str, PublicKey], copy: CopyRow, row: ItemRow) -> CopyAnswer:
    if copy.receipt is not None:
        return _answer(copy, row, copy.receipt)
    try:
        place = node.place(copy.target)
        content = _content(place, receipt_key(_key_of(row)))
        if content is None:
            return _without_receipt(place, copy, row)
        receipt = prove_receipt(content, keys)
    except ArchiveError as error:
        answer = Answer.UNPROVED if isinstance(error, ReceiptRefused) else Answer.UNREACHABLE
        log.warning("receipt.not_accepted", item=row.name, target=copy.target, message=error.message)
        return CopyAnswer(row.name, copy.target, answer, {}, error.message)
    if receipt.bag_sha256 != copy.sha256:
        message = f"The receipt at {copy.target} is for another bag of this name."
        return CopyAnswer(row.name, copy.target, Answer.WAITING, {}, message)
    told = _told(place, row, receipt, content)
    with node.registry.transaction() as session:
        record_receipt(session, row.batch, row.name, copy.id, told, (recto_agent(),))
    return _answer(copy, row, told)


def _answer(copy: CopyRow, row: ItemRow, told: Mapping[str, Any]) -> CopyAnswer:
    return CopyAnswer(row.name, copy.target, Answer.ACCEPTED, told)


def _without_receipt(place: Place, copy: CopyRow, row: ItemRow) -> CopyAnswer:
    if place.look(f"{_key_of(row)}.refused.json") is not None:
        message = (
            f"The archive refused the bag; the report is {url_below(place.url, _key_of(row))}.refused.txt."
        )
        return CopyAnswer(row.name, copy.target, Answer.REFUSED, {}, message)
    message = f"No receipt lies at {copy.target} yet."
    return CopyAnswer(row.name, copy.target, Answer.WAITING, {}, message)


def _told(place: Place, row: ItemRow, receipt: Receipt, content: bytes) -> dict[str, Any]:
    document = receipt.document
    return {
        "verdict": receipt.verdict,
        "key": receipt.key,
        "object": document["object"],
        "version": document.get("version"),
        "decided_at": document["decided_at"],
        "copies": len(document["copies"]),
        "url": url_below(place.url, receipt_key(_key_of(row))),
        "sha256": hashlib.sha256(content).hexdigest(),
        "content": content.decode(),
    }


def _content(place: Place, key: str) -> bytes | None:
    """A small document; None where there is none."""
    try:
        with closing(place.open(key)) as reader:
            return b"".join(_blocks(reader))
    except StoredObjectMissing:
        return None


def _blocks(reader: Any) -> Iterator[bytes]:
    left = LARGEST + 1
    while left > 0 and (block := reader.read(left)):
        left -= len(block)
        yield block


def _key_of(row: ItemRow) -> str:
    return f"{(row.bag or {})['name']}.tar"
