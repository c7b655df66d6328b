# SPDX-License-Identifier: Apache-2.0
"""Copies of bags in storage targets, what is proved of each, and where an interrupted upload stands."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, aliased

from archive.registry.batches import DIGITISATION
from archive.registry.clock import now_iso
from archive.registry.database import Registry
from archive.registry.events import append_event, lock_batch
from archive.registry.stages import Stage
from archive.registry.states import State
from archive.registry.tables import BatchRow, CopyRow, ItemRow, UnitRow, UploadRow
from archive.storage.target import Proof


def record_copy(
    session: Session, item: int, target: str, *, url: str, size: int, sha256: str, etag: str, proof: str
) -> CopyRow:
    """Record that a bag lies in a storage target, with nothing but `proof` proved of it."""
    row = session.scalar(select(CopyRow).where(CopyRow.item == item, CopyRow.target == target))
    if row is None:
        row = CopyRow(item=item, target=target, stored_at=now_iso())
        session.add(row)
    if row.sha256 != sha256:
        # what was answered was answered to another bag
        row.receipt = None
    row.url, row.size, row.sha256, row.etag, row.proof = url, size, sha256, etag, proof
    session.flush()
    return row


def unanswered_copies(session: Session) -> list[tuple[CopyRow, ItemRow]]:
    """Copies of finished items that an archive may still answer to, whose masters are still here, with their items.

    Where an archive has answered to an item, only targets are asked for it from which an answer ever came:
    the others keep copies, and nobody takes bags from them.
    """
    other = aliased(CopyRow)
    answered = select(other.id).where(other.item == CopyRow.item, other.receipt.is_not(None)).exists()
    answers = select(other.id).where(other.target == CopyRow.target, other.receipt.is_not(None)).exists()
    query = (
        select(CopyRow, ItemRow)
        .join(ItemRow, ItemRow.id == CopyRow.item)
        .join(BatchRow, BatchRow.id == ItemRow.batch)
        .where(CopyRow.receipt.is_(None), BatchRow.kind == DIGITISATION, ItemRow.state == State.DONE)
        .where(~answered | answers)
        .order_by(CopyRow.target, CopyRow.id)
    )
    return [(copy, item) for copy, item in session.execute(query) if not (item.bag or {}).get("release")]


def record_receipt(
    session: Session, batch: str, item: str, copy: int, receipt: dict[str, Any], agents: tuple[str, ...]
) -> bool:
    """Record that an archive's answer to a copy was proved, and tell it in the chain; whether it is new.

    Args:
        session: The transaction.
        batch: The batch.
        item: Id of the item.
        copy: Key of the copy.
        receipt: The answer (`CopyRow.receipt`).
        agents: Who and what acted.
    """
    lock_batch(session, batch)
    row = session.get_one(CopyRow, copy, populate_existing=True)
    if row.receipt is not None and row.receipt["sha256"] == receipt["sha256"]:
        return False
    row.receipt = receipt
    append_event(
        session,
        batch,
        "accession",
        item=item,
        detail={"target": row.target, **{name: receipt[name] for name in receipt if name != "content"}},
        agents=agents,
    )
    return True


def confirm_copy(session: Session, copy: int, proof: str) -> None:
    """Record what a read-back proved of a copy."""
    row = session.get_one(CopyRow, copy)
    row.proof, row.confirmed_at = proof, now_iso()


def fail_copy(
    session: Session, batch: str, item: str, copy: CopyRow, code: str, agents: tuple[str, ...]
) -> None:
    """Record, also in the chain, that a reading found other bytes or none: the copy counts for nothing.

    Args:
        session: The transaction.
        batch: The batch.
        item: Id of the item.
        copy: The copy.
        code: Code of the error that the reading ended with.
        agents: Who and what acted.
    """
    append_event(
        session,
        batch,
        "fixity check",
        item=item,
        outcome="fail",
        detail={"url": copy.url, "sha256": copy.sha256, "code": code},
        agents=agents,
    )
    session.get_one(CopyRow, copy.id).proof = Proof.READ_BACK_FAILED


def copies_of(session: Session, item: int) -> list[CopyRow]:
    """The copies of an item's bag."""
    return list(session.scalars(select(CopyRow).where(CopyRow.item == item).order_by(CopyRow.target)))


def living_uploads(session: Session) -> set[str]:
    """The storages' ids of uploads that a unit still counts on: all that are remembered and not cancelled."""
    query = (
        select(UploadRow.session)
        .join(UnitRow, UnitRow.item == UploadRow.item)
        .where(UnitRow.stage == Stage.UPLOAD, UnitRow.state != State.CANCELLED)
    )
    return {state["upload_id"] for state in session.scalars(query) if "upload_id" in state}


class RegistryUploadSession:
    """Remembers a resumable upload in the registry, so that any node can go on with it.

    Args:
        registry: The open registry.
        item: Key of the item whose bag is uploaded.
        target: Name or URL of the storage target.
    """

    def __init__(self, registry: Registry, item: int, target: str) -> None:
        self._registry = registry
        self._item = item
        self._target = target

    def load(self) -> dict[str, Any] | None:
        """What was saved last, or None."""
        with self._registry.reading() as session:
            row = session.scalar(self._query())
            return None if row is None else dict(row.session)

    def save(self, state: dict[str, Any]) -> None:
        """Remember this; it is on disk when the call returns."""
        with self._registry.transaction() as session:
            row = session.scalar(self._query())
            if row is None:
                session.add(UploadRow(item=self._item, target=self._target, session=dict(state)))
            else:
                row.session = dict(state)

    def clear(self) -> None:
        """Forget the upload: it is complete, or given up."""
        with self._registry.transaction() as session:
            session.execute(
                delete(UploadRow).where(UploadRow.item == self._item, UploadRow.target == self._target)
            )

    def _query(self) -> Any:
        return select(UploadRow).where(UploadRow.item == self._item, UploadRow.target == self._target)
