# SPDX-License-Identifier: Apache-2.0
"""Verifying now what is kept of an item: the bag here, and each stored copy read back whole."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from archive.bag.validator import verify_bag
from archive.errors import ArchiveError, ItemUnknown, StoredBytesDiffer, StoredObjectMissing
from archive.progress import ProgressCallback, no_progress
from archive.registry.batches import get_batch, items_of
from archive.registry.copies import confirm_copy, copies_of, fail_copy
from archive.registry.events import append_event
from archive.registry.tables import CopyRow, ItemRow
from archive.storage.target import StoredCopy
from workers.node import Node
from workers.operations import acting


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one verification found.

    Attributes:
        place: Path or URL of what was verified.
        valid: Whether every byte is as it was recorded.
        proof: What was proved; "" where nothing was.
        failure: Why it is not valid, or could not be verified, as an error's JSON.
    """

    place: str
    valid: bool
    proof: str = ""
    failure: dict[str, Any] | None = None


def verify_item(
    node: Node, batch: str, item: str, *, progress: ProgressCallback = no_progress
) -> list[Verdict]:
    """Verify the bag of an item and every stored copy; each result goes into the chain.

    Args:
        node: The process's settings and registry.
        batch: The batch.
        item: Id of the item.
        progress: Told of bytes; what it raises stops the verification.

    Raises:
        BatchUnknown, ItemUnknown: No such batch or item.
        RegistryUnreachable: What was found cannot be recorded.
    """
    with node.registry.reading() as session:
        get_batch(session, batch)
        row = next((row for row in items_of(session, batch) if row.name == item), None)
        if row is None:
            raise ItemUnknown(f"Batch {batch} has no item {item!r}.")
        copies = copies_of(session, row.id)
    verdicts = []
    bag = row.bag or {}
    if bag and not bag.get("release"):
        path = node.bag_file(batch, bag)
        # the host that made it clears it away when its copies are proved
        if path.is_file() or not node.stages_files:
            verdicts.append(_verify_bag(node, row, path, progress))
    return verdicts + [_verify_copy(node, row, copy, progress) for copy in copies]


def _verify_bag(node: Node, item: ItemRow, path: Path, progress: ProgressCallback) -> Verdict:
    try:
        report = verify_bag(path, progress=progress)
    except ArchiveError as error:
        verdict = Verdict(str(path), valid=False, failure=error.to_json())
    else:
        first = next(iter(report.errors), None)
        failure = None
        if first is not None:
            failure = {
                "code": "bag.invalid",
                "message": f"{first.file}: {first.message}",
                "consequence": "This bag proves nothing; stored copies may still be good.",
                "remedy": "Verify the stored copies, then make the bag again from its pages.",
                "retry": "after_operator",
                "facts": {"errors": len(report.errors)},
            }
        verdict = Verdict(str(path), report.valid, f"valid; {report.second_opinion}", failure)
    with node.registry.transaction() as session:
        append_event(
            session,
            item.batch,
            "fixity check",
            item=item.name,
            outcome="success" if verdict.valid else "fail",
            detail={"path": verdict.place, "purpose": "verified on request"},
            agents=acting(node),
        )
    return verdict


def _verify_copy(node: Node, item: ItemRow, copy: CopyRow, progress: ProgressCallback) -> Verdict:
    name = (item.bag or {})["name"]
    stored = StoredCopy(copy.url, f"{name}.tar", copy.size, copy.sha256, copy.etag, copy.proof)
    try:
        proved = node.storage_target(copy.target).confirm(stored, progress)
    except (StoredBytesDiffer, StoredObjectMissing) as error:
        with node.registry.transaction() as session:
            fail_copy(session, item.batch, item.name, copy, error.code, acting(node))
        return Verdict(copy.url, valid=False, failure=error.to_json())
    except ArchiveError as error:
        # a storage that does not answer proves nothing, neither for nor against the copy
        return Verdict(copy.url, valid=False, failure=error.to_json())
    with node.registry.transaction() as session:
        if proved.proof != copy.proof:
            # else its first read-back stays the one that a release counts its days from
            confirm_copy(session, copy.id, proved.proof)
        append_event(
            session,
            item.batch,
            "fixity check",
            item=item.name,
            detail={
                "url": copy.url,
                "sha256": copy.sha256,
                "proof": proved.proof,
                "purpose": "verified on request",
            },
            agents=acting(node),
        )
    return Verdict(copy.url, valid=True, proof=str(proved.proof))
