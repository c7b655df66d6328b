# SPDX-License-Identifier: Apache-2.0
"""How a station is told to be: with its broker, without it, and when the broker goes in the middle."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from archive.registry.batches import PlannedBatch, PlannedItem, register_batch
from archive.registry.nodes import GONE_SECONDS
from archive.registry.stages import Pipeline, StageRule
from archive.registry.tables import NodeRow
from tests.servers.redis_server import Redis
from workers import broker_queues
from workers.desktop_lock import DesktopLock, desktop_is_open
from workers.embedded_broker import EmbeddedBroker
from workers.errors import BrokerUnavailable
from workers.health import HealthWatch, WorkerHealth, require_broker
from workers.idle_watch import IdleWatch
from workers.node import Node
from workers.nodes.presence import Presence
from workers.settings import load_settings
from workers.storage_settings import StorageTargetSettings


@pytest.fixture
def node(recto_home: Path) -> Iterator[Node]:
    made = Node(load_settings())
    yield made
    made.registry.close()


def test_without_a_station_the_broker_is_told_to_be_away_and_the_rest_is_told_all_the_same(
    node: Node,
) -> None:
    health = HealthWatch(node).look()
    assert not health.broker_answers
    assert not health.is_working
    assert health.broker_failure is not None
    assert health.broker_failure["code"] == "broker.unavailable"
    assert health.registry_failure is None
    assert health.disks[0].free > 0
    assert health.load is not None
    assert json.loads(json.dumps(health.to_json()))["is_working"] is False


def test_a_broker_without_workers_answers_and_its_queues_are_unserved_until_it_goes(node: Node) -> None:
    watch = HealthWatch(node)
    with EmbeddedBroker(node.settings.state_directory):
        require_broker(node.settings)
        health = watch.look()
        assert health.broker_answers
        assert [queue.depth for queue in health.queues] == [0, 0, 0, 0]
        assert set(health.unserved) == {queue.name for queue in health.queues}
    # the same watch, with connections that its broker has closed
    assert not watch.look().broker_answers
    with pytest.raises(BrokerUnavailable):
        require_broker(node.settings)


def test_a_node_of_a_site_without_scanners_works_and_sees_the_capture_of_others(
    node: Node, redis_server: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    # nobody answers here
    monkeypatch.setattr(broker_queues, "REPLY_SECONDS", 0.02)
    node.settings = node.settings.model_copy(update={"broker_url": redis_server.url()})
    served = ("capture.cellar", "default", "compute_intensive", "io_bound")
    Presence(node, "all@cellar", kind="worker", queues=served).tell()
    watch = HealthWatch(node)
    health = watch.look()
    assert health.is_working
    assert [queue.name for queue in health.queues] == list(served)
    own = f"capture.{node.settings.station}"
    for queue in (own, "imaging_heavy"):
        redis_server.client().lpush(queue, "a message")
        assert watch.look().unserved == (queue,)
        redis_server.client().delete(queue)
    presence = Presence(node, "capture@here", kind="worker", queues=(own,))
    presence.tell()
    assert watch.look().is_working
    with node.registry.transaction() as session:
        session.get_one(NodeRow, "capture@here").seen_at -= GONE_SECONDS + 1
    assert watch.look().unserved == (own,)


def test_nothing_works_while_the_registry_is_away(node: Node, redis_server: Redis) -> None:
    with node.registry.transaction() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    node.settings = node.settings.model_copy(update={"broker_url": redis_server.url()})
    watch = HealthWatch(Node(node.settings))
    moment = time.time()
    served = watch.queue_names(())
    watch._seen["all@here"] = WorkerHealth("all@here", served, moment)
    health = watch.look()
    assert health.registry_failure is not None
    assert (health.unserved, health.broker_answers, health.is_working) == ((), True, False)


def test_a_broker_behind_a_socket_is_asked_there(node: Node, tmp_path: Path) -> None:
    broker = EmbeddedBroker(node.settings.state_directory)
    settings = node.settings.model_copy(update={"broker_url": broker.broker_url})
    with pytest.raises(BrokerUnavailable, match="does not answer"):
        require_broker(settings)
    with broker:
        require_broker(settings)


@pytest.mark.parametrize("address", ["redis://host:pa55/0", "redis://[::1", "redis://:pa55/word@host"])
def test_an_address_that_is_none_is_a_broker_that_is_away(node: Node, address: str) -> None:
    node.settings = node.settings.model_copy(update={"broker_url": address})
    failure = HealthWatch(node).look().broker_failure
    assert failure is not None
    assert failure["code"] == "broker.unavailable"
    assert address.count(":pa55/0") or "pa55" not in failure["message"]


def test_storage_whose_disk_nobody_can_tell_hides_no_other_disk(node: Node) -> None:
    targets = {
        "elsewhere": StorageTargetSettings(url="file://another-host/bags"),
        "nobody": StorageTargetSettings.model_construct(url="~no-such-user/bags"),
    }
    node.settings = node.settings.model_copy(update={"storage": targets})
    assert [disk.use for disk in HealthWatch(node).look().disks] == ["data"]


def test_a_network_that_is_away_costs_two_seconds_and_no_more(node: Node) -> None:
    settings = node.settings.model_copy(update={"broker_url": "amqp://127.0.0.1:1//"})
    begun = time.monotonic()
    with pytest.raises(BrokerUnavailable, match=r"127\.0\.0\.1:1"):
        require_broker(settings)
    assert time.monotonic() - begun < 3


def test_desktops_share_their_lock_and_the_last_one_opens_it(node: Node) -> None:
    one, other = DesktopLock(node.settings), DesktopLock(node.settings)
    assert not desktop_is_open(node.settings)
    one.take()
    other.take()
    one.release()
    assert desktop_is_open(node.settings)
    other.release()
    assert not desktop_is_open(node.settings)


def test_a_station_is_over_only_when_no_desktop_is_open_and_nothing_is_left_to_do(node: Node) -> None:
    watch = IdleWatch(node, idle_seconds=0.0)
    lock = DesktopLock(node.settings)
    lock.take()
    watch.is_over()
    assert watch._is_wanted()
    lock.release()
    assert not watch._is_wanted()
    assert watch.is_over()
    items = [PlannedItem("item", {"title": "Letters"}, [None])]
    planned = PlannedBatch(
        "b", node.settings.station, "Library", {}, "0" * 64, "/m.csv", items, chunk_pages=1
    )
    with node.registry.transaction() as session:
        register_batch(session, planned)
    assert watch._is_wanted()


def test_a_station_waits_a_while_before_it_is_over(node: Node) -> None:
    assert not IdleWatch(node, idle_seconds=60.0).is_over()


def test_a_station_is_outdated_by_settings_that_hold_from_its_start_once_no_desktop_is_open(
    node: Node, recto_home: Path
) -> None:
    watch = IdleWatch(node)
    assert not watch.is_outdated()
    file = recto_home / "config" / "recto.toml"
    file.parent.mkdir(parents=True)
    lock = DesktopLock(node.settings)
    lock.take()
    file.write_text("[workers]\nio_threads = 9\n", encoding="utf-8")
    assert not watch.is_outdated()
    lock.release()
    assert watch.is_outdated()


def test_settings_that_workers_take_over_or_cannot_read_leave_a_station_as_it_is(
    node: Node, recto_home: Path
) -> None:
    watch = IdleWatch(node)
    file = recto_home / "config" / "recto.toml"
    file.parent.mkdir(parents=True)
    file.write_text('operator = "Ada"\n', encoding="utf-8")
    assert not watch.is_outdated()
    file.write_text("station = [\n", encoding="utf-8")
    assert not watch.is_outdated()


def test_nodes_are_told_from_the_registry_while_the_broker_is_away(node: Node) -> None:
    Presence(node, "io@here", kind="worker", queues=("io_bound",)).tell()
    Presence(node, "beat@here", kind="beat").tell()
    health = HealthWatch(node).look()
    assert not health.broker_answers
    assert [(told.name, told.kind, told.gone) for told in health.nodes] == [
        ("beat@here", "beat", False),
        ("io@here", "worker", False),
    ]
    assert [worker.name for worker in health.workers] == ["io@here"]
    assert "io_bound" not in health.unserved
    with node.registry.transaction() as session:
        for row in session.query(NodeRow):
            row.seen_at -= GONE_SECONDS + 1
    health = HealthWatch(node).look()
    assert [told.gone for told in health.nodes] == [True, True]
    assert "io_bound" in health.unserved


def test_a_step_that_no_living_node_knows_is_told(node: Node) -> None:
    pipeline = Pipeline("stamps", "Stamps", "1", (StageRule(name="stamp", step="stamp"),))
    items = [PlannedItem("item", {"title": "Letters"}, [None])]
    planned = PlannedBatch(
        "b", node.settings.station, "L", {}, "0" * 64, "/m.csv", items, chunk_pages=1, pipeline=pipeline
    )
    with node.registry.transaction() as session:
        register_batch(session, planned)
    Presence(node, "io@here", kind="worker", facts=lambda: {"steps": ["ocr"]}).tell()
    (step,) = HealthWatch(node).look().unserved_steps
    assert (step.step, step.units, step.batches) == ("stamp", 1, ("b",))
    Presence(node, "io@here", kind="worker", facts=lambda: {"steps": ["ocr", "stamp"]}).tell()
    assert HealthWatch(node).look().unserved_steps == ()
