# SPDX-License-Identifier: Apache-2.0
"""Work items: bags that arrived, each with the ledger's units of its ingest from the moment it is known."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, cast

from sqlalchemy import Table, bindparam, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from archive.errors import WorkItemExists, WorkItemUnknown
from archive.receiving.arrivals import ArrivedBag, KnownItem
from archive.receiving.ingest_pipeline import INGEST_PIPELINE, IngestStage
from archive.registry.clock import now_iso
from archive.registry.events import append_event, lock_batch
from archive.registry.ingest_facts import Outcome, set_outcome
from archive.registry.ingests import register_ingest
from archive.registry.institutions import Institution
from archive.registry.prepared import execute
from archive.registry.receiving_tables import WorkItemRow
from archive.registry.states import SETTLED, State
from archive.registry.tables import BatchRow, UnitRow

_ITEM = cast("Table", WorkItemRow.__table__)
_BATCH = cast("Table", BatchRow.__table__)
_BLOCKING = (
    select(
        _ITEM.c.institution,
        _ITEM.c.name,
        _ITEM.c.id,
        _ITEM.c.etag,
        _ITEM.c.size,
        _ITEM.c.content,
        _ITEM.c.outcome,
        _BATCH.c.state,
    )
    .join_from(_ITEM, _BATCH, _BATCH.c.id == _ITEM.c.batch)
    .where(_ITEM.c.blocking)
    .order_by(_ITEM.c.id)
)
_KNOWN = _BLOCKING.where(
    _ITEM.c.institution == bindparam("of_institution"),
    _ITEM.c.name.in_(bindparam("names", expanding=True)),
)
_OF_SEVERAL = _BLOCKING.where(_ITEM.c.institution.in_(bindparam("institutions", expanding=True))).limit(
    bindparam("most")
)

KnownByName = Mapping[str, Sequence[KnownItem]]
"""Work items that stand against making another one for the same bag, by the name of the bag."""


def known_items(session: Session, institution: str, names: Collection[str]) -> KnownByName:
    """Work items that stand against making another one for the same bag, by the name of the bag: one query.

    Args:
        session: A session.
        institution: The depositor.
        names: Keys in its receiving location; at most a page of a list.
    """
    if not names:
        return {}
    asked = _padded(names)
    rows = execute(session, _KNOWN, {"of_institution": institution, "names": asked})
    return _by_institution(rows).get(institution, {})


def known_items_of(
    session: Session, institutions: Collection[str], most: int
) -> dict[str, KnownByName] | None:
    """As `known_items`, all of several depositors at once; None where there are more than `most`."""
    values = {"institutions": _padded(institutions), "most": most + 1}
    rows = execute(session, _OF_SEVERAL, values).all()
    return None if len(rows) > most else _by_institution(rows)


def _padded(names: Collection[str]) -> list[str]:
    """Names, the last one repeated: a statement for each number of names would be made anew each time."""
    asked = sorted(names)
    return asked + asked[-1:] * ((1 << (len(asked) - 1).bit_length()) - len(asked))


def _by_institution(rows: Iterable[Any]) -> dict[str, KnownByName]:
    found: dict[str, dict[str, list[KnownItem]]] = defaultdict(lambda: defaultdict(list))
    for institution, name, number, etag, size, content, outcome, state in rows:
        found[institution][name].append(KnownItem(number, etag, size, content, outcome, State(state)))
    return {institution: dict(names) for institution, names in found.items()}


def make_work_item(session: Session, institution: Institution, arrived: ArrivedBag) -> WorkItemRow:
    """Write the work item of a bag and the units of its ingest, all in the caller's transaction.

    Raises:
        WorkItemExists: An equal one waits, runs, was refused or failed; the transaction can only be left.
    """
    batch = f"ingest-{uuid.uuid4().hex}"
    detail = {
        "institution": institution.id,
        "key": arrived.name,
        "etag": arrived.etag,
        "size": arrived.size,
        "bag_sha256": arrived.bag_sha256,
    }
    register_ingest(
        session,
        batch,
        institution=institution.id,
        item=arrived.bag,
        pipeline=INGEST_PIPELINE,
        copies=institution.copies,
        detail=detail,
    )
    row = WorkItemRow(
        institution=institution.id,
        name=arrived.name,
        etag=arrived.etag,
        size=arrived.size,
        modified_at=arrived.modified_at,
        bag_sha256=arrived.bag_sha256,
        content=arrived.content,
        batch=batch,
        created_at=now_iso(),
    )
    session.add(row)
    try:
        session.flush()
    except IntegrityError as error:
        raise WorkItemExists(
            f"{arrived.name} of {institution.id} is a work item already.", institution=institution.id
        ) from error
    return row


def supersede_older(session: Session, newer: WorkItemRow) -> list[int]:
    """Give up older bags of the same name of which nothing is stored yet: the newer one takes their place.

    Those that are being stored are left to their end, and become the version before.

    Returns:
        Numbers of those that were given up.
    """
    older = select(WorkItemRow.id, WorkItemRow.batch).where(
        WorkItemRow.institution == newer.institution,
        WorkItemRow.name == newer.name,
        WorkItemRow.id < newer.id,
        WorkItemRow.outcome == "",
        WorkItemRow.ended_at.is_(None),
    )
    given_up = []
    for number, batch in session.execute(older.order_by(WorkItemRow.id)).all():
        # units are claimed under the same lock: what is not begun now is not begun before the commit
        lock_batch(session, batch)
        if not _stores(session, batch) and set_outcome(
            session, number, Outcome.SUPERSEDED, superseded_by=newer.id
        ):
            append_event(session, batch, "state change", detail={"superseded_by": newer.id})
            given_up.append(number)
    return given_up


def _stores(session: Session, batch: str) -> bool:
    # the token rises with each claim, and goes back by no retry
    begun = select(UnitRow.id).where(
        UnitRow.batch == batch, UnitRow.stage == str(IngestStage.STORE), UnitRow.token > 0
    )
    return session.scalar(begun.limit(1)) is not None


def get_work_item(session: Session, number: int) -> WorkItemRow:
    """A work item by its number.

    Raises:
        WorkItemUnknown: There is none.
    """
    row = session.get(WorkItemRow, number, populate_existing=True)
    if row is None:
        raise WorkItemUnknown(f"There is no work item {number}.", work_item=number)
    return row


def open_batches(session: Session, institutions: Sequence[str] | None = None) -> dict[int, str]:
    """Batches of the ingests that have not settled, by the numbers of their work items.

    Args:
        session: A session.
        institutions: Only those of these depositors; of all where None.
    """
    query = (
        select(WorkItemRow.id, WorkItemRow.batch)
        .join(BatchRow, BatchRow.id == WorkItemRow.batch)
        .where(BatchRow.state.not_in([str(state) for state in SETTLED]), WorkItemRow.ended_at.is_(None))
        .order_by(WorkItemRow.id)
    )
    if institutions is not None:
        query = query.where(WorkItemRow.institution.in_(institutions))
    return dict(session.execute(query).all())
