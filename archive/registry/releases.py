# SPDX-License-Identifier: Apache-2.0
"""Which items have given up their local masters, told in the chain before the first file goes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from archive.errors import MastersReleased, RegistryError
from archive.registry.batches import items_of
from archive.registry.clock import now_iso
from archive.registry.copies import copies_of
from archive.registry.events import append_event, lock_batch
from archive.registry.states import State
from archive.registry.tables import ItemRow


def release_of(item: ItemRow) -> dict[str, Any] | None:
    """When an item's release was begun and ended and where its copies are, or None while all is here.

    Returns:
        `{begun_at, ended_at, copies: [{url, sha256, proof}]}`; `ended_at` is None while files may remain.
    """
    release: dict[str, Any] | None = (item.bag or {}).get("release")
    return release


def require_masters(session: Session, batch: str, item: str | None = None) -> None:
    """Refuse work that needs files which have been released.

    Raises:
        MastersReleased: An item of the batch, or the one named, has given them up.
    """
    for row in items_of(session, batch):
        release = release_of(row)
        if release is not None and item in {None, row.name}:
            places = ", ".join(copy["url"] for copy in release["copies"])
            raise MastersReleased(
                f"The masters and the bag of {batch}/{row.name} were released on {release['begun_at'][:10]}; "
                f"the bag is stored at {places}.",
                copies=release["copies"],
            )


def begin_release(
    session: Session,
    item: int,
    *,
    bag_sha256: str,
    copies: Sequence[Mapping[str, Any]],
    detail: Mapping[str, Any],
    agents: tuple[str, ...],
) -> None:
    """Record that each copy was read back and that the local files go now, before any of them does.

    Args:
        session: The transaction.
        item: Key of the item.
        bag_sha256: The bag that the copies were read back against.
        copies: For each copy its `url`, `sha256` and `proof`; and its `purpose` where that is no second reading.
        detail: What is deleted and by which policy.
        agents: Who and what acted.

    Raises:
        RegistryError: The item changed meanwhile; nothing may be deleted.
    """
    row = session.get_one(ItemRow, item)
    lock_batch(session, row.batch)
    session.refresh(row)
    if release_of(row) is not None:
        return
    recorded = {copy.url: copy.sha256 for copy in copies_of(session, item)}
    same = row.bag is not None and row.state == State.DONE and row.bag["sha256"] == bag_sha256
    if not same or recorded != {copy["url"]: bag_sha256 for copy in copies}:
        raise RegistryError(
            f"{row.batch}/{row.name} changed while its copies were read back.",
            consequence="Nothing was deleted.",
            remedy="See what happened with `recto batch status`, then release again.",
        )
    for copy in copies:
        told = {"purpose": "second read-back before the local copy is deleted", **copy}
        append_event(session, row.batch, "fixity check", item=row.name, detail=told, agents=agents)
    append_event(
        session,
        row.batch,
        "deletion",
        item=row.name,
        detail={**detail, "object": "local copy", "stored": [copy["url"] for copy in copies]},
        agents=agents,
    )
    release = {"begun_at": now_iso(), "ended_at": None, "copies": [dict(copy) for copy in copies]}
    row.bag = {**(row.bag or {}), "release": release}


def end_release(session: Session, item: int) -> None:
    """Record that the local files are gone."""
    row = session.get_one(ItemRow, item)
    lock_batch(session, row.batch)
    session.refresh(row)
    if row.bag is not None and (release := release_of(row)) is not None:
        row.bag = {**row.bag, "release": {**release, "ended_at": now_iso()}}
