# SPDX-License-Identifier: Apache-2.0
"""Releasing local masters by policy: only after every stored copy was read back whole a second time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import structlog

from archive.errors import ArchiveError, ItemUnknown, StoredBytesDiffer, StoredObjectMissing
from archive.progress import ProgressCallback, no_progress
from archive.receiving.receipts import ReceiptRefused, prove_receipt
from archive.registry.batches import get_batch, items_of
from archive.registry.copies import copies_of, fail_copy
from archive.registry.pages import files_of
from archive.registry.releases import begin_release, end_release, release_of
from archive.registry.states import State
from archive.registry.tables import CopyRow, FileRow, ItemRow
from archive.storage.file_url import path_of
from archive.storage.target import Proof, StoredCopy, url_below
from workers.local_files import LocalFiles
from workers.node import Node
from workers.receipts import believed_keys
from workers.versions import recto_agent
from workers.whole_history import write_whole_history

log = structlog.get_logger(__name__)

RELEASED, RELEASABLE, REFUSED = "released", "releasable", "refused"


@dataclass(frozen=True, slots=True)
class ItemRelease:
    """What became of one item.

    Attributes:
        item: Its id.
        state: "released", "releasable" (nothing was deleted, since nobody asked) or "refused".
        reasons: Why it is refused, a sentence each.
        files: Files that are or would be deleted; 0 where they went earlier.
        size: Their bytes.
        copies: The stored copies, `{url, sha256, proof}`.
        warnings: What is left to one accident once the local files are gone, a sentence each.
        error: What stood in the way of reading one back, as JSON.
    """

    item: str
    state: str
    reasons: tuple[str, ...] = ()
    files: int = 0
    size: int = 0
    copies: tuple[Mapping[str, Any], ...] = ()
    warnings: tuple[str, ...] = ()
    error: Mapping[str, Any] | None = None

    def to_json(self) -> dict[str, Any]:
        """The answer as a JSON object."""
        told = {
            "item": self.item,
            "state": self.state,
            "reasons": list(self.reasons),
            "files": self.files,
            "bytes": self.size,
            "copies": [dict(copy) for copy in self.copies],
            "warnings": list(self.warnings),
        }
        return told if self.error is None else {**told, "error": dict(self.error)}


Evidence = Callable[[Node, CopyRow, str, ProgressCallback], StoredCopy]
"""What a policy asks of a stored copy before the local files may go; it raises where there is none."""


def read_back(node: Node, copy: CopyRow, key: str, progress: ProgressCallback) -> StoredCopy:
    """Read a copy back over a connection of its own; errors as `StorageTarget.confirm`."""
    stored = StoredCopy(copy.url, key, copy.size, copy.sha256, copy.etag, copy.proof)
    return node.storage_target(copy.target).confirm(stored, progress)


def receipt_or_read_back(node: Node, copy: CopyRow, key: str, progress: ProgressCallback) -> StoredCopy:
    """Prove the archive's receipt once more, where one was given for a copy, and read others back.

    Raises:
        ReceiptRefused: No key that counts here has signed it, or it is for another bag.
        PublicKeyUnreadable: The keys that count cannot be read.
        StorageError: As `StorageTarget.confirm`.
    """
    if copy.receipt is None:
        return read_back(node, copy, key, progress)
    receipt = prove_receipt(str(copy.receipt["content"]).encode(), believed_keys(node))
    if not receipt.keeps or receipt.bag_sha256 != copy.sha256:
        raise ReceiptRefused(f"The receipt for {copy.url} does not say that the archive keeps this bag.")
    return StoredCopy(copy.url, key, copy.size, copy.sha256, copy.etag, Proof.ARCHIVE_RECEIPT)


AFTER_RECEIPT = "after-receipt"

EVIDENCE: dict[str, Evidence] = {"after-read-back": read_back, AFTER_RECEIPT: receipt_or_read_back}
"""The policies that release anything, and the evidence that each asks for."""


def release_batch(
    node: Node,
    batch: str,
    *,
    item: str | None = None,
    dry_run: bool = False,
    progress: ProgressCallback = no_progress,
) -> list[ItemRelease]:
    """Release the local files of a batch's items as far as the policy of the settings allows.

    Every step is told in the chain before it is done; interrupted and called again, it goes on.

    Args:
        node: The process's settings and registry.
        batch: The batch.
        item: Only this item.
        dry_run: Whether only to say what would be released; then nothing is read back either.
        progress: Told of bytes read back; what it raises stops before the item at hand is touched.

    Raises:
        BatchUnknown: No such batch.
        ItemUnknown: It has no such item.
    """
    with node.registry.reading() as session:
        get_batch(session, batch)
        rows = [row for row in items_of(session, batch) if item in {None, row.name}]
    if item is not None and not rows:
        raise ItemUnknown(f"Batch {batch} has no item {item!r}.")
    return [_release_item(node, row, dry_run=dry_run, progress=progress) for row in rows]


def _release_item(node: Node, row: ItemRow, *, dry_run: bool, progress: ProgressCallback) -> ItemRelease:
    with node.registry.reading() as session:
        copies, recorded = copies_of(session, row.id), files_of(session, row.id)
    files = LocalFiles(node, row, recorded)
    warnings = _warnings(node, copies)
    told = tuple({"url": copy.url, "sha256": copy.sha256, "proof": copy.proof} for copy in copies)
    if release_of(row) is not None:
        # told in the chain and interrupted, or ended: what is left of it goes now
        answer = ItemRelease(row.name, RELEASED, (), files.count, files.size, told, warnings)
        return answer if dry_run else _delete(node, row, files, answer)
    reasons = _reasons(node, row, copies, recorded)
    if reasons or dry_run:
        state = REFUSED if reasons else RELEASABLE
        return ItemRelease(
            row.name,
            state,
            tuple(reasons),
            files.count,
            files.size,
            told,
            () if reasons else warnings,
        )
    try:
        proved = [_prove(node, row, copy, progress) for copy in copies]
        with node.registry.transaction() as session:
            begin_release(
                session,
                row.id,
                bag_sha256=_bag(row)["sha256"],
                copies=proved,
                detail={"files": files.count, "bytes": files.size, "policy": node.settings.release.policy},
                agents=_agents(node),
            )
    except ArchiveError as error:
        return ItemRelease(row.name, REFUSED, (error.message,), copies=told, error=error.to_json())
    answer = ItemRelease(row.name, RELEASED, (), files.count, files.size, tuple(proved), warnings)
    return _delete(node, row, files, answer)


def _delete(node: Node, row: ItemRow, files: LocalFiles, answer: ItemRelease) -> ItemRelease:
    files.delete()
    write_whole_history(node, row.batch, row.id, row.name)
    with node.registry.transaction() as session:
        end_release(session, row.id)
    log.info("item.released", batch=row.batch, item=row.name, files=answer.files, bytes=answer.size)
    return answer


def _prove(node: Node, row: ItemRow, copy: CopyRow, progress: ProgressCallback) -> dict[str, Any]:
    """What the policy's evidence says of a copy; a copy that is not what it was is recorded as such."""
    evidence = EVIDENCE[node.settings.release.policy]
    try:
        proved = evidence(node, copy, f"{_bag(row)['name']}.tar", progress)
    except (StoredBytesDiffer, StoredObjectMissing) as error:
        with node.registry.transaction() as session:
            fail_copy(session, row.batch, row.name, copy, error.code, _agents(node))
        raise
    told = {"url": copy.url, "sha256": copy.sha256, "proof": str(proved.proof)}
    if proved.proof != Proof.ARCHIVE_RECEIPT or copy.receipt is None:
        return told
    answered = {name: copy.receipt[name] for name in ("object", "version", "key")}
    return {**told, "purpose": "receipt of the archive", "receipt": answered}


def _reasons(node: Node, row: ItemRow, copies: list[CopyRow], files: list[FileRow]) -> list[str]:
    """All reasons that forbid a release, before anything is read back."""
    if node.settings.release.policy not in EVIDENCE:
        return ["The policy of the settings is to release nothing (release.policy)."]
    if row.bag is None or row.state != State.DONE:
        return [f"The item is {row.state}, not done."]
    # one of them is the METS file, which is made for the bag
    reasons = (
        [] if row.bag["payload_files"] == len(files) + 1 else ["The bag does not hold all files of the item."]
    )
    with node.registry.reading() as session:
        targets = get_batch(session, row.batch).manifest["storage"]
    missing = sorted(set(targets) - {copy.target for copy in copies})
    reasons += [f"There is no copy at {name}." for name in missing]
    if not copies:
        reasons.append("There is no stored copy.")
    elif _by_receipt(node) and not any(copy.receipt for copy in copies):
        reasons.append("No archive has answered yet that it keeps the bag (recto batch receipts).")
    for copy in copies:
        reasons += _reasons_of_copy(node, copy, row.bag)
    return reasons


def _reasons_of_copy(node: Node, copy: CopyRow, bag: Mapping[str, Any]) -> list[str]:
    reasons = []
    if copy.sha256 != bag["sha256"]:
        reasons.append(f"{copy.url} is a copy of another bag.")
    if _by_receipt(node) and copy.receipt is not None:
        # the archive has read it whole, and has it elsewhere by now
        pass
    elif copy.receipt is not None:
        reasons.append(
            f"{copy.url} was taken over by the archive, whose receipt counts only where release.policy is {AFTER_RECEIPT}."
        )
    elif copy.confirmed_at is None or not copy.proof.startswith(Proof.WHOLE_DIGEST_READ_BACK):
        reasons.append(f"{copy.url} was not read back whole; what is proved of it is: {copy.proof}.")
    elif (days := _days_since(copy.confirmed_at)) < node.settings.release.after_days:
        reasons.append(
            f"{copy.url} was first read back {days:.1f} days ago, and the policy asks for "
            f"{node.settings.release.after_days:g} days in between."
        )
    if copy.url.startswith("file:") and path_of(copy.url).is_relative_to(node.settings.batches):
        reasons.append(f"{copy.url} lies among the files that would be deleted.")
    try:
        place = node.storage_target(copy.target).url
    except ArchiveError as error:
        return [*reasons, error.message]
    if copy.url != url_below(place, f"{bag['name']}.tar"):
        reasons.append(f"{copy.url} is not where {copy.target} is now ({place}).")
    return reasons


def _by_receipt(node: Node) -> bool:
    return node.settings.release.policy == AFTER_RECEIPT


def _warnings(node: Node, copies: list[CopyRow]) -> tuple[str, ...]:
    warnings = []
    if len(copies) == 1 and _copies_told(copies[0]) == 1:
        warnings.append(f"Only one copy is left: {copies[0].url}")
    if copies and all(_is_on_the_disk_of(node.settings.batches, copy) for copy in copies):
        warnings.append("No copy is on another disk than the masters were: one failing disk takes all of it.")
    return tuple(warnings)


def _copies_told(copy: CopyRow) -> int:
    """How many copies stand behind one: those that an archive has made of it, by its receipt."""
    return int(copy.receipt["copies"]) if copy.receipt else 1


def _is_on_the_disk_of(folder: Path, copy: CopyRow) -> bool:
    if not copy.url.startswith("file:"):
        return False
    try:
        return path_of(copy.url).stat().st_dev == folder.stat().st_dev
    except OSError:
        # a copy that cannot be looked at is a reason of its own
        return False


def _days_since(moment: str) -> float:
    return (dt.datetime.now(dt.UTC) - dt.datetime.fromisoformat(moment)).total_seconds() / 86400


def _bag(row: ItemRow) -> Mapping[str, Any]:
    return row.bag or {}


def _agents(node: Node) -> tuple[str, ...]:
    operator = node.settings.operator
    return (recto_agent(), operator) if operator else (recto_agent(),)
