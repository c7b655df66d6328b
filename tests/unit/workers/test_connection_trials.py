# SPDX-License-Identifier: Apache-2.0
"""Trying endpoints: what is proved, what is told when they refuse, and that nothing is left behind."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.errors import RegistryUnreachable, StorageError, StorageUnreachable
from workers.connection_trials import try_broker, try_registry, try_storage
from workers.embedded_broker import EmbeddedBroker
from workers.errors import BrokerUnavailable
from workers.settings import Settings


def files_below(folder: Path) -> list[str]:
    return sorted(str(path) for path in folder.rglob("*"))


@pytest.mark.parametrize("there", [True, False])
def test_a_folder_is_tried_without_a_trace(recto_home: Path, tmp_path: Path, *, there: bool) -> None:
    folder = tmp_path / "bags" / "deep"
    if there:
        folder.mkdir(parents=True)
    before = files_below(tmp_path)
    trial = try_storage(Settings(storage={"vault": {"url": str(folder)}}), "vault")  # type: ignore[dict-item]
    assert (trial.kind, trial.url) == ("directory", folder.as_uri())
    assert trial.free
    assert files_below(tmp_path) == before


def test_a_folder_that_cannot_be_made_is_told(recto_home: Path) -> None:
    with pytest.raises(StorageError, match="/proc/nowhere"):
        try_storage(Settings(storage={"vault": {"url": "/proc/nowhere"}}), "vault")  # type: ignore[dict-item]


def test_a_bucket_that_nobody_serves_is_told_soon(recto_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "x")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "y")
    target = {"url": "s3://bucket", "endpoint": "http://127.0.0.1:9"}
    with pytest.raises(StorageUnreachable, match=r"127\.0\.0\.1:9"):
        try_storage(Settings(storage={"vault": target}), "vault")  # type: ignore[dict-item]


def test_a_database_is_tried_without_a_trace(recto_home: Path, tmp_path: Path) -> None:
    file = tmp_path / "registry.sqlite3"
    settings = Settings(database_url=f"sqlite:///{file}")
    assert not try_registry(settings).has_registry
    assert not file.exists()
    with sqlite3.connect(file) as connection:
        connection.execute("CREATE TABLE alembic_version (version_num TEXT)")
    connection.close()
    assert try_registry(settings).has_registry
    with sqlite3.connect(file) as connection:
        assert connection.execute("SELECT name FROM sqlite_master").fetchall() == [("alembic_version",)]
    connection.close()


@pytest.mark.parametrize(
    "url",
    [
        "sqlite:////proc/nowhere/registry.sqlite3",
        "nonsense",
        "postgresql+nodriver://recto:pa55@host/db",
        "postgresql://recto:pa55@host:port/db",
    ],
)
def test_a_database_that_cannot_be_used_is_told_without_its_password(recto_home: Path, url: str) -> None:
    with pytest.raises(RegistryUnreachable, match=r"cannot be used|is not installed") as refused:
        try_registry(Settings(database_url=url))
    assert "pa55" not in refused.value.message
    assert "stays where it is" in refused.value.consequence


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedBroker]:
    with EmbeddedBroker(tmp_path_factory.mktemp("state")) as running:
        yield running


def test_the_private_broker_needs_nothing(recto_home: Path) -> None:
    trial = try_broker(Settings())
    assert (trial.kind, trial.running) == ("private", False)
    assert trial.server


def test_a_redis_is_written_to_and_left_empty(recto_home: Path, broker: EmbeddedBroker) -> None:
    trial = try_broker(Settings(broker_url=broker.broker_url, result_url=broker.result_url))
    assert (trial.kind, trial.running) == ("redis", True)
    assert trial.server
    assert broker._client(2).dbsize() == 0


def test_a_queue_gives_back_the_message_that_was_sent(recto_home: Path, broker: EmbeddedBroker) -> None:
    # kombu's own broker in memory takes the way that RabbitMQ's takes
    trial = try_broker(Settings(broker_url="memory://", result_url=broker.result_url))
    assert (trial.kind, trial.server) == ("amqp", "memory")


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:9", "sentinel://127.0.0.1:9", "redis://127.0.0.1:port/0", "nonsense"]
)
def test_a_broker_of_no_known_kind_is_told(recto_home: Path, url: str) -> None:
    with pytest.raises(BrokerUnavailable, match="cannot be used"):
        try_broker(Settings(broker_url=url, result_url="redis://127.0.0.1:9"))


@pytest.mark.parametrize("url", ["redis://:pa55@127.0.0.1:9/0", "amqp://recto:pa55@127.0.0.1:9//"])
def test_a_broker_that_nobody_serves_is_told_without_its_password(recto_home: Path, url: str) -> None:
    with pytest.raises(BrokerUnavailable, match=r"127\.0\.0\.1:9") as refused:
        try_broker(Settings(broker_url=url, result_url="redis://127.0.0.1:9"))
    assert "pa55" not in refused.value.message
