# SPDX-License-Identifier: Apache-2.0
"""Where a page of a batch comes from, as the chain in the registry tells."""

from __future__ import annotations

from sqlalchemy.orm import Session

from archive.custody.history import History
from archive.custody.report import PageCustody, page_custody
from archive.errors import ItemUnknown
from archive.registry.batches import items_of, pages_of
from archive.registry.events import read_events


def origin_of_page(session: Session, batch: str, item: str, page: int) -> PageCustody | None:
    """Who captured a page, on what and how; None where no event tells of it.

    The chain should be verified first: what it tells is told as it stands.

    Raises:
        ItemUnknown: The batch has no such item.
    """
    row = next((row for row in items_of(session, batch) if row.name == item), None)
    if row is None:
        raise ItemUnknown(f"There is no item {item!r} in batch {batch}.")
    history = History(page)
    for event in read_events(session, batch, item):
        history.add(event)
    facts = next((known.capture for known in pages_of(session, row.id) if known.number == page), None)
    paths = [history.path_of(event.index) for event in history.of_page]
    return page_custody(page, history.of_page, paths, facts or {})
