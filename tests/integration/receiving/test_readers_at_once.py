# SPDX-License-Identifier: Apache-2.0
"""Several bucket readers at the same bags, one of them killed on the way, and what a crash left unsent."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from celery import Celery
from sqlalchemy import func, select

from archive.registry import open_registry
from archive.registry.institutions import Institution, add_institution
from archive.registry.receiving_tables import WorkItemRow
from archive.registry.states import State
from archive.registry.tables import BatchRow, UnitRow
from tests.arrivals import ReceivingSite
from workers.node import Node
from workers.receiving import reading_buckets
from workers.reconciler import reconcile
from workers.settings import load_settings

BAGS = 25
UNITS = 10
"""Of an ingest into two locations."""


def read(together: Any, *, dies: bool) -> None:
    """A reader of its own process; one that dies does so in the middle of a transaction that makes a work item."""
    node = Node(load_settings())
    node.registry.url  # noqa: B018 (opened before all begin)
    if dies:
        made = iter(range(BAGS))
        supersede = reading_buckets.supersede_older

        def die(*arguments: Any) -> Any:
            if next(made) == 1:
                os.kill(os.getpid(), signal.SIGKILL)
            return supersede(*arguments)

        reading_buckets.supersede_older = die
    together.wait()
    reading_buckets.read_buckets(node)
    node.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, recto_home: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    if request.param == "postgresql":
        url: str = request.getfixturevalue("emptied_registry_url")
        monkeypatch.setenv("RECTO_DATABASE_URL", url)
        return url
    recto_home.mkdir()
    monkeypatch.setenv("RECTO_DATABASE_URL", f"sqlite:///{recto_home}/registry.sqlite3")
    return f"sqlite:///{recto_home}/registry.sqlite3"


def test_of_many_readers_at_once_each_bag_gets_one_work_item(database: str, tmp_path: Path) -> None:
    receiving, past = tmp_path / "receiving", time.time() - 3600
    receiving.mkdir()
    for number in range(BAGS):
        (receiving / f"{number:02}.tar").write_bytes(b"tar")
        os.utime(receiving / f"{number:02}.tar", (past, past))
    registry = open_registry(database)
    with registry.transaction() as session:
        stores = {"Standard": (str(tmp_path / "east"), str(tmp_path / "west"))}
        add_institution(session, Institution("library", "The Library", str(receiving), stores, "Standard"))
    started = multiprocessing.get_context("spawn")
    together = started.Barrier(2)
    readers = [
        started.Process(target=read, args=(together,), kwargs={"dies": dies}) for dies in (True, False)
    ]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join(60)
    assert [reader.exitcode for reader in readers] in ([-signal.SIGKILL, 0], [0, 0])
    with registry.reading() as session:
        names = Counter(session.scalars(select(WorkItemRow.name)))
        batches = session.execute(select(UnitRow.batch, func.count()).group_by(UnitRow.batch)).all()
        owned = set(session.scalars(select(WorkItemRow.batch)))
        assert set(session.scalars(select(BatchRow.id))) == owned
    registry.close()
    assert names == Counter({f"{number:02}.tar": 1 for number in range(BAGS)})
    assert dict(batches) == dict.fromkeys(owned, UNITS)


def test_what_a_reader_made_and_could_not_send_is_sent_by_the_reconciler(site: ReceivingSite) -> None:
    path = site.receiving / "letter.tar"
    path.write_bytes(b"tar")
    os.utime(path, (1e9, 1e9))
    (location,) = reading_buckets.read_buckets(site.node)
    assert location.made == [1]
    app = Celery("test", broker="memory://", set_as_current=False)
    assert reconcile(app, site.node) == 1
    with site.registry.reading() as session:
        states = dict(session.execute(select(UnitRow.stage, UnitRow.state)).all())  # type: ignore[arg-type]
        unit = session.scalar(select(UnitRow.id).where(UnitRow.stage == "receive"))
    assert {stage for stage, state in states.items() if state == State.QUEUED} == {"receive"}
    with app.connection_for_read() as connection:
        message = connection.default_channel.basic_get("io_bound", no_ack=True)
        assert message is not None
        assert connection.default_channel.basic_get("io_bound", no_ack=True) is None
    assert message.headers["argsrepr"] == f"({unit},)"
    app.close()
