# SPDX-License-Identifier: Apache-2.0
"""Workers clear away uploads nobody will finish: seldom, and never one that somebody counts on."""

from __future__ import annotations

import datetime as dt
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from archive.errors import StorageUnreachable
from archive.registry.batches import PlannedBatch, PlannedItem, items_of, register_batch
from archive.registry.copies import RegistryUploadSession
from archive.registry.decisions import cancel_batch
from archive.storage.local_directory import LocalDirectoryTarget
from archive.storage.target import FileUploadSession, Orphan
from workers import orphans
from workers.celery_settings import SWEEP_TASK, celery_settings
from workers.node import Node
from workers.orphans import sweep_orphans, uploads_in_use
from workers.schedule_settings import ScheduleSettings
from workers.schedules import beat_entries
from workers.settings import Settings
from workers.storage_settings import StorageTargetSettings, UploadSettings


class Swept(LocalDirectoryTarget):
    """A target that tells how it was asked."""

    def __init__(self, directory: Path, asked: list[tuple[dt.timedelta, set[str]]]) -> None:
        super().__init__(directory)
        self.asked = asked

    def abandon_orphans(
        self, older_than: dt.timedelta, *, spare: Any = (), only_list: bool = False
    ) -> list[Orphan]:
        self.asked.append((older_than, set(spare)))
        if self.directory.name == "away":
            raise StorageUnreachable("It does not answer.")
        return [Orphan("s3://b/k", "1", "2026-01-01T00:00:00+00:00")]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[dt.timedelta, set[str]]]:
    """What targets were asked for."""
    calls: list[tuple[dt.timedelta, set[str]]] = []
    monkeypatch.setattr(
        Node, "storage_target", lambda self, name: Swept(Path(self.settings.storage[name].url), calls)
    )
    return calls


@pytest.fixture
def node(recto_home: Path) -> Iterator[Callable[..., Node]]:
    opened: list[Node] = []

    def make(hours: float = 48.0) -> Node:
        storage = {name: StorageTargetSettings(url=f"/srv/{name}") for name in ("away", "vault")}
        opened.append(Node(Settings(storage=storage, upload=UploadSettings(orphan_hours=hours))))
        return opened[-1]

    yield make
    for each in opened:
        each.registry.close()


def test_each_target_is_swept_once_an_hour_and_one_that_is_away_keeps_nobody_waiting(
    node: Callable[..., Node], asked: list[tuple[dt.timedelta, set[str]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    station = node()
    assert sweep_orphans(station) == 1
    assert [age for age, _ in asked] == [dt.timedelta(hours=48)] * 2
    assert sweep_orphans(station) == 0
    assert len(asked) == 2
    later = time.time() + orphans.SECONDS_BETWEEN
    monkeypatch.setattr(orphans.time, "time", lambda: later)
    assert sweep_orphans(station) == 1
    assert len(asked) == 4


def test_zero_hours_means_never(
    node: Callable[..., Node], asked: list[tuple[dt.timedelta, set[str]]]
) -> None:
    assert sweep_orphans(node(hours=0)) == 0
    assert asked == []


def test_uploads_of_living_units_and_of_commands_of_late_are_spared(node: Callable[..., Node]) -> None:
    station = node()
    description = {"title": "t", "creator": None, "date": None, "language": "eng", "rights": None}
    for name in ("living", "cancelled"):
        planned = PlannedBatch(
            id=name,
            station="s",
            institution="i",
            manifest={},
            manifest_sha256="0",
            manifest_path="/m",
            items=[PlannedItem("one", description, [None])],
            chunk_pages=1,
        )
        with station.registry.transaction() as session:
            register_batch(session, planned)
            [item] = items_of(session, name)
        RegistryUploadSession(station.registry, item.id, "vault").save({"upload_id": name})
    with station.registry.transaction() as session:
        cancel_batch(session, "cancelled")
    notes = station.settings.state_directory / "uploads"
    for name in ("today", "last-year"):
        FileUploadSession(notes / f"{name}.json").save({"upload_id": name})
    os.utime(notes / "last-year.json", (0, 0))
    for name, rubbish in (
        ("torn", "{"),
        ("deep", "[" * 100_000),
        ("odd", '{"upload_id": [1]}'),
        ("list", "[]"),
    ):
        (notes / f"{name}.json").write_text(rubbish)
    assert uploads_in_use(station, 48) == {"living", "today"}


def test_the_schedule_asks_for_it_where_uploads_are_done() -> None:
    settings = celery_settings("redis://x", "redis://x", reconcile_seconds=60)
    entry = beat_entries(ScheduleSettings())["abandoned_uploads"]
    assert (entry["task"], entry["options"]["queue"]) == (SWEEP_TASK, "io_bound")
    assert settings["task_routes"][SWEEP_TASK] == {"queue": "io_bound"}


def test_the_workers_know_the_task_and_it_sweeps(recto_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from workers import tasks

    monkeypatch.setattr(tasks, "this_node", lambda: "this node")
    monkeypatch.setattr(tasks, "sweep_orphans", lambda node: [node].index("this node") + 7)
    assert tasks.app.tasks[SWEEP_TASK]() == 7
