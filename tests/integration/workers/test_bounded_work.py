# SPDX-License-Identifier: Apache-2.0
"""However large an item or a batch is, what is sent of it at once stays small."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import redis
from celery import Celery
from sqlalchemy import select

from archive.registry import ledger
from archive.registry.batches import PlannedBatch, PlannedItem, register_batch
from archive.registry.sending import hand_over
from archive.registry.stages import Stage
from archive.registry.tables import UnitRow
from benchmarks.workflow.servers import RedisServer
from workers.celery_settings import celery_settings
from workers.dispatch import fill_and_dispatch, send
from workers.node import Node
from workers.settings import Settings

LARGEST_MESSAGE = 16 * 1024
"""Bytes; what a message may have at most."""


@dataclass
class Station:
    """A node without workers: what is sent stays in the broker, where it can be measured."""

    node: Node
    app: Celery
    broker: redis.Redis

    def register(self, name: str, *, items: int, pages: int) -> None:
        planned = [
            PlannedItem(f"item{number}", {"title": "Letters"}, [None] * pages) for number in range(items)
        ]
        batch = PlannedBatch(
            name, self.node.settings.station, "Library", {}, "0" * 64, "/m.csv", planned, chunk_pages=50
        )
        with self.node.registry.transaction() as session:
            register_batch(session, batch)

    def finish(self, stage: Stage) -> None:
        """Do all units of a stage, and send what becomes ready by each."""
        with self.node.registry.reading() as session:
            units = list(
                session.scalars(select(UnitRow.id).where(UnitRow.stage == stage).order_by(UnitRow.id))
            )
        for unit in units:
            with self.node.registry.transaction() as session:
                claim = ledger.claim(session, unit, "host:1:test", lease_seconds=60, max_attempts=3)
                assert claim is not None
                ledger.complete(session, claim, {})
                ready = hand_over(session, claim)
            send(self.app, ready)

    def messages(self) -> list[int]:
        """The sizes of all messages that wait, in bytes."""
        names = [name for name in self.broker.scan_iter("*") if self.broker.type(name) == b"list"]
        return [len(message) for name in names for message in self.broker.lrange(name, 0, -1)]

    def memory(self) -> int:
        """Bytes that the broker uses."""
        return int(self.broker.info("memory")["used_memory"])


@pytest.fixture
def station(tmp_path: Path) -> Iterator[Callable[[], Station]]:
    """Makes stations, each with a broker and a registry of its own."""
    made: list[tuple[Station, RedisServer]] = []

    def make() -> Station:
        folder = tmp_path / str(len(made))
        server = RedisServer(folder / "broker", durable=False)
        server.start()
        settings = Settings(
            data_directory=folder / "data", state_directory=folder / "state", broker_url=server.url(0)
        )
        app = Celery("test", set_as_current=False)
        app.conf.update(celery_settings(server.url(0), server.url(1), reconcile_seconds=60.0))
        opened = Station(Node(settings), app, server.client)
        made.append((opened, server))
        return opened

    yield make
    for opened, server in made:
        opened.node.close()
        opened.app.close()
        server.kill()


def test_no_message_of_an_item_of_10_000_pages_is_large(station: Callable[[], Station]) -> None:
    at = station()
    at.register("volume", items=1, pages=10_000)
    fill_and_dispatch(at.app, at.node)
    for stage in (Stage.VALIDATE, Stage.CAPTURE, Stage.CHARACTERISE, Stage.ENRICH):
        at.finish(stage)
    sizes = at.messages()
    # every chunk was sent to be captured, and again to be read
    assert len(sizes) > 2 * 200
    assert max(sizes) < LARGEST_MESSAGE
    assert at.memory() < 5_000_000


def test_a_batch_of_2_000_items_takes_no_more_of_client_and_broker_than_one_of_20(
    station: Callable[[], Station],
) -> None:
    sent = {}
    for items in (20, 2_000):
        at = station()
        at.register("letters", items=items, pages=5)
        with measured(at) as costs:
            fill_and_dispatch(at.app, at.node)
        sent[items] = (at.messages(), costs)
    small, large = sent[20], sent[2_000]
    assert sorted(large[0]) == pytest.approx(sorted(small[0]), abs=16), "as many messages, as long"
    assert large[1].broker < small[1].broker + 50_000
    assert large[1].client < small[1].client + 200_000


@dataclass
class Costs:
    """Bytes that something took."""

    client: int = 0
    broker: int = 0


@contextmanager
def measured(at: Station) -> Iterator[Costs]:
    """What the block takes at most of this process, and leaves in the broker."""
    costs = Costs()
    before = at.memory()
    tracemalloc.start()
    try:
        yield costs
        costs.client = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    costs.broker = at.memory() - before
