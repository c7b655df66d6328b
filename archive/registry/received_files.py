# SPDX-License-Identifier: Apache-2.0
"""The files of an arriving bag, as rows that are there while it is ingested."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from typing import Any, cast

from sqlalchemy import Table, delete, func, insert, select
from sqlalchemy.orm import Session

from archive.registry.receiving_tables import ReceivedFileRow

AT_ONCE = 2_000
"""Rows of a transaction: a bag of a hundred thousand files must not keep other writers waiting for seconds."""

_TABLE = cast("Table", ReceivedFileRow.__table__)

Recording = Callable[[], AbstractContextManager[Session]]
"""Begins a transaction; `workers.work.Work.recording` is one."""


def write_received(recording: Recording, item: int, files: Iterable[Mapping[str, Any]]) -> int:
    """Write the files of a bag in place of those that an earlier attempt wrote, some thousand a transaction.

    Args:
        recording: Begins each transaction.
        item: Key of the work item.
        files: path, size, offset, md5, sha256, sha512 and format of each.

    Returns:
        How many there are.
    """
    forget_received(recording, item)
    written = 0
    rows = iter(files)
    while some := list(itertools.islice(rows, AT_ONCE)):
        with recording() as session:
            session.execute(insert(_TABLE), [{"work_item": item, **row} for row in some])
        written += len(some)
    return written


def forget_received(recording: Recording, item: int) -> None:
    """Remove the files of a bag, some thousand a transaction."""
    some = select(_TABLE.c.id).where(_TABLE.c.work_item == item).order_by(_TABLE.c.id).limit(AT_ONCE)
    while True:
        with recording() as session:
            keys = list(session.scalars(some))
            session.execute(delete(_TABLE).where(_TABLE.c.id.in_(keys)))
        if len(keys) < AT_ONCE:
            return


def received_files(
    session: Session, item: int, *, after: int = 0, at_most: int = AT_ONCE
) -> list[ReceivedFileRow]:
    """Some files of a bag, in the order in which they lie in the tar.

    Args:
        session: A session.
        item: Key of the work item.
        after: Only those behind the file with this key.
        at_most: How many.
    """
    query = (
        select(ReceivedFileRow)
        .where(ReceivedFileRow.work_item == item, ReceivedFileRow.id > after)
        .order_by(ReceivedFileRow.id)
        .limit(at_most)
    )
    return list(session.scalars(query))


def all_received(reading: Recording, item: int) -> Iterator[ReceivedFileRow]:
    """All files of a bag in the order in which they lie in the tar, never held all at once."""
    after = 0
    while True:
        with reading() as session:
            some = received_files(session, item, after=after)
            session.expunge_all()
        yield from some
        if len(some) < AT_ONCE:
            return
        after = some[-1].id


def count_received(session: Session, item: int) -> int:
    """How many files of a bag are written."""
    query = select(func.count()).where(_TABLE.c.work_item == item)
    return session.scalars(query).one()


def offset_of(session: Session, item: int, sha256: str) -> int | None:
    """Where the bytes of a content begin in the tar of a bag; None where it has no such file."""
    query = select(_TABLE.c.offset).where(_TABLE.c.work_item == item, _TABLE.c.sha256 == sha256)
    return session.scalar(query.order_by(_TABLE.c.id).limit(1))
