# SPDX-License-Identifier: Apache-2.0
"""What a person decides over suggestions: accepted, refused, or open again; each decision is an event."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from archive.errors import ItemUnknown, SuggestionUnknown
from archive.registry.batches import get_batch
from archive.registry.events import append_event, lock_batch
from archive.registry.tables import ItemRow, SuggestionRow

SUGGESTED, ACCEPTED, REFUSED = "suggested", "accepted", "refused"
STATUSES = (SUGGESTED, ACCEPTED, REFUSED)


@dataclass(frozen=True, slots=True)
class KnownSuggestion:
    """A suggestion as it is recorded.

    Attributes:
        id: Its key.
        item: The item's name.
        page: The page's number; None for the item.
        kind: What it is about.
        value: The suggested value.
        source: Who suggests it.
        version: Version of the source.
        confidence: 0 to 1; comparable only between suggestions of one kind and source.
        status: One of `STATUSES`.
        bagged: Whether the item's bag is made already, and holds the suggestions as they were then.
    """

    id: int
    item: str
    page: int | None
    kind: str
    value: str
    source: str
    version: str
    confidence: float
    status: str
    bagged: bool

    def to_json(self) -> dict[str, Any]:
        """The suggestion as a JSON object."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Choice:
    """Which suggestions of a batch are meant; all of them where nothing is said.

    Attributes:
        item: Name of the item.
        kinds: Their kinds.
        ids: Their keys.
        status: One of `STATUSES`.
    """

    item: str | None = None
    kinds: Collection[str] = ()
    ids: Collection[int] = ()
    status: str | None = None


def list_suggestions(session: Session, batch: str, choice: Choice | None = None) -> list[KnownSuggestion]:
    """Suggestions of a batch, by item, page and kind, the surest first.

    Raises:
        BatchUnknown, ItemUnknown: There is no such batch or item.
        SuggestionUnknown: A key is none of this choice.
    """
    return [_known(row, item) for row, item in _rows(session, batch, choice or Choice())]


def decide(
    session: Session,
    batch: str,
    choice: Choice,
    status: str,
    *,
    reason: str = "",
    agents: tuple[str, ...] = (),
) -> list[KnownSuggestion]:
    """Accept or refuse suggestions, or open them again; what has that status already is left as it is.

    A suggestion never becomes metadata by this: it is recorded as accepted, beside what the manifest says.

    Args:
        session: A transaction.
        batch: The batch.
        choice: Which suggestions.
        status: What they become, one of `STATUSES`.
        reason: Why, for the history.
        agents: Who decides.

    Returns:
        Those that were changed, as they are now.

    Raises:
        BatchUnknown, ItemUnknown: There is no such batch or item.
        SuggestionUnknown: A key is none of this choice.
    """
    if status not in STATUSES:
        raise ValueError(status)
    lock_batch(session, batch)
    changed = [(row, item) for row, item in _rows(session, batch, choice) if row.status != status]
    for row, item in changed:
        before, row.status = row.status, status
        append_event(
            session,
            batch,
            "metadata modification",
            item=item.name,
            page=row.page or None,
            detail={
                "suggestion": {"kind": row.kind, "value": row.value, "source": row.source},
                "status": status,
                "before": before,
                **({"reason": reason} if reason else {}),
            },
            agents=agents,
        )
    return [_known(row, item) for row, item in changed]


def _rows(session: Session, batch: str, choice: Choice) -> Sequence[tuple[SuggestionRow, ItemRow]]:
    get_batch(session, batch)
    if choice.item is not None:
        _require_item(session, batch, choice.item)
    rows = [(row[0], row[1]) for row in session.execute(_query(batch, choice))]
    missing = set(choice.ids) - {row.id for row, _ in rows}
    if missing:
        named = ", ".join(map(str, sorted(missing)))
        raise SuggestionUnknown(f"Batch {batch} has no suggestion {named} that fits what else was asked for.")
    return rows


def _require_item(session: Session, batch: str, item: str) -> None:
    if session.scalar(select(ItemRow.id).where(ItemRow.batch == batch, ItemRow.name == item)) is None:
        raise ItemUnknown(f"Batch {batch} has no item {item!r}.")


def _query(batch: str, choice: Choice) -> Select[SuggestionRow, ItemRow]:
    query = select(SuggestionRow, ItemRow).join(ItemRow, ItemRow.id == SuggestionRow.item)
    query = query.where(ItemRow.batch == batch)
    if choice.item is not None:
        query = query.where(ItemRow.name == choice.item)
    if choice.kinds:
        query = query.where(SuggestionRow.kind.in_(choice.kinds))
    if choice.ids:
        query = query.where(SuggestionRow.id.in_(choice.ids))
    if choice.status is not None:
        query = query.where(SuggestionRow.status == choice.status)
    return query.order_by(
        *(ItemRow.position, SuggestionRow.page, SuggestionRow.kind),
        *(SuggestionRow.confidence.desc(), SuggestionRow.value, SuggestionRow.source),
    )


def _known(row: SuggestionRow, item: ItemRow) -> KnownSuggestion:
    return KnownSuggestion(
        id=row.id,
        item=item.name,
        page=row.page or None,
        kind=row.kind,
        value=row.value,
        source=row.source,
        version=row.version,
        confidence=row.confidence,
        status=row.status,
        bagged=item.bag is not None,
    )
