# SPDX-License-Identifier: Apache-2.0
"""Backups of the registry: of one moment while others write, checked, let go by rule, and restored without loss."""

from __future__ import annotations

import datetime as dt
import fcntl
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from archive.errors import BackupProgramFailed, BackupUnusable, RegistryInUse, RegistryTooNew, StorageError
from archive.registry import Registry, open_registry
from archive.registry.backup.postgresql_dump import dump_postgresql
from archive.registry.batches import PlannedBatch, PlannedItem, register_batch
from archive.registry.events import append_event
from archive.registry.notifications import Kind, notify
from archive.registry.receiving_tables import NotificationRow
from archive.registry.schedule_runs import runs_of
from archive.registry.tables import BatchRow, EventRow
from workers.backup_check import check_backup
from workers.backup_retention import kept
from workers.backup_settings import BackupSettings
from workers.errors import SettingsInvalid
from workers.node import Node
from workers.registry_backup import back_up, fetched, stored_backups, working_folder
from workers.registry_restore import restore
from workers.settings import load_settings

EVENTS = 5


def write_batch(registry: Registry, name: str) -> None:
    """A batch with some events, in one transaction: a copy has all of it or nothing."""
    items = [PlannedItem("first", {"title": "Letters"}, [None])]
    with registry.transaction() as session:
        register_batch(
            session, PlannedBatch(name, "s", "Library", {}, "0" * 64, "/m.csv", items, chunk_pages=50)
        )
        for number in range(EVENTS):
            append_event(session, name, "validation", detail={"number": number})


def batches(registry: Registry) -> int:
    with registry.reading() as session:
        return session.scalar(select(func.count()).select_from(BatchRow)) or 0


@pytest.fixture
def node(recto_home: Path, tmp_path: Path) -> Iterator[Node]:
    made = Node(
        load_settings(
            {
                "backup": {"target": "vault"},
                "storage": {"vault": {"url": str(tmp_path / "vault")}},
                "notifications": {"targets": {"office": {"url": "json://127.0.0.1:1/"}}},
            }
        )
    )
    write_batch(made.registry, "b0")
    yield made
    made.close()


def test_a_backup_while_others_write_is_of_one_moment(node: Node) -> None:
    ended = threading.Event()
    written = 0

    def write() -> None:
        nonlocal written
        registry = open_registry(node.settings.registry_url)
        # no more than a busy machine verifies in a second
        while not ended.is_set() and written < 300:
            written += 1
            write_batch(registry, f"b{written}")
        registry.close()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        made = [back_up(node) for _ in range(2)]
    finally:
        ended.set()
        writer.join()
    assert written > 2
    for backup in made:
        rows = backup.manifest.facts.rows
        assert rows["event"] == (EVENTS + 1) * rows["batch"]
        assert rows["item"] == rows["batch"]
        assert not backup.warnings
    newest = stored_backups(node)[0]
    with fetched(node, newest.key) as file, working_folder(node) as folder:
        checked = check_backup(file, folder)
    assert not checked.problems
    assert checked.chains == checked.chains_of == made[-1].manifest.facts.rows["batch"]


def test_a_registry_is_restored_as_it_was_and_the_one_of_before_is_kept(node: Node) -> None:
    with node.registry.transaction() as session:
        notify(session, Kind.ITEM_HELD, "b/i")
    back_up(node)
    write_batch(node.registry, "later")
    node.close()
    with fetched(node, "newest") as file:
        with pytest.raises(RegistryInUse):
            restore(node, file)
        assert batches(node.registry) == 2
        restored = restore(node, file, force=True)
    assert (batches(node.registry), restored.checked.problems, restored.checked.chains) == (1, (), 1)
    with node.registry.reading() as session:
        assert [run.outcome for run in runs_of(session, "registry_restore")] == ["success"]
        # what was to be told then was told long ago
        assert session.scalar(select(func.count()).select_from(NotificationRow)) == 0
    before = open_registry(f"sqlite:///{restored.aside}")
    assert batches(before) == 2
    before.close()
    left = {path.name for path in node.settings.state_directory.rglob("*") if path.is_file()}
    assert left <= {
        "registry.sqlite3",
        "registry.sqlite3-wal",
        "registry.sqlite3-shm",
        "registry.sqlite3.migrating",
        Path(restored.aside).name,
        f"{Path(restored.aside).name}.migrating",
    }


def test_a_lost_registry_and_a_damaged_one_are_restored(node: Node) -> None:
    back_up(node)
    node.close()
    registry = node.settings.state_directory / "registry.sqlite3"
    registry.write_bytes(b"not a database at all" * 500)
    with fetched(node, "newest") as file:
        restored = restore(node, file, force=True)
        assert Path(restored.aside).read_bytes().startswith(b"not a database")
        node.close()
        registry.unlink()
        assert restore(node, file).aside == ""
    assert batches(node.registry) == 1


def test_a_registry_in_use_is_not_replaced(node: Node) -> None:
    back_up(node)
    other = open_registry(node.settings.registry_url)
    with fetched(node, "newest") as file:
        with other.reading() as session:
            session.execute(text("SELECT count(*) FROM batch"))
            with pytest.raises(RegistryInUse, match="open in another process"):
                restore(node, file, force=True)
        other.close()
        with (node.settings.state_directory / "station.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            with pytest.raises(RegistryInUse, match="station runs"):
                restore(node, file, force=True)
    assert batches(node.registry) == 1


@pytest.mark.parametrize("damage", ["flipped", "cut", "empty", "not a backup"])
def test_a_damaged_backup_changes_nothing(node: Node, tmp_path: Path, damage: str) -> None:
    back_up(node)
    with fetched(node, "newest") as file:
        content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    damaged = tmp_path / "damaged.tar"
    damaged.write_bytes(
        {
            "flipped": bytes(content),
            "cut": bytes(content[: len(content) // 2]),
            "empty": b"",
            "not a backup": b"%PDF-1.7 " * 999,
        }[damage]
    )
    with pytest.raises(BackupUnusable):
        restore(node, damaged, force=True)
    with pytest.raises(BackupUnusable), working_folder(node) as folder:
        check_backup(damaged, folder)
    assert batches(node.registry) == 1
    assert not list((node.settings.state_directory / "backups").iterdir())


@pytest.mark.parametrize(
    ("statement", "problem"),
    [
        ("DELETE FROM event WHERE sequence = 3", "is broken"),
        ("PRAGMA foreign_keys = OFF; DELETE FROM batch", "belongs to a row of batch"),
    ],
)
def test_a_copy_whose_history_or_rows_are_not_whole_is_not_stored_as_sound(
    node: Node, statement: str, problem: str
) -> None:
    node.close()
    with closing(sqlite3.connect(node.settings.state_directory / "registry.sqlite3")) as registry:
        registry.executescript(statement)
    with pytest.raises(BackupUnusable, match=problem):
        back_up(node)
    with node.registry.reading() as session:
        assert [run.outcome for run in runs_of(session, "registry_backup")] == ["fail"]
        (told,) = session.scalars(select(NotificationRow))
        assert told.kind == "backup failed"
        assert problem in told.facts["reason"]
    assert stored_backups(node) == []


def test_a_backup_of_a_newer_recto_is_refused(node: Node) -> None:
    with node.registry.transaction() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    node.close()
    with closing(sqlite3.connect(node.settings.state_directory / "registry.sqlite3")) as registry:
        assert registry.execute("SELECT count(*) FROM batch").fetchone() == (1,)
    from archive.registry.backup.file import pack
    from archive.registry.backup.sqlite_copy import copy_sqlite

    with working_folder(node) as folder:
        facts = copy_sqlite(node.settings.state_directory / "registry.sqlite3", folder / "copy")
        pack(
            folder / "copy",
            facts,
            folder / "b.tar",
            made_at="2030-01-01T00:00:00+00:00",
            owner="s",
            recto="9",
        )
        with pytest.raises(RegistryTooNew):
            restore(node, folder / "b.tar", force=True)


def test_what_a_killed_backup_left_goes_with_the_next_one_and_a_living_one_is_left_alone(node: Node) -> None:
    left = node.settings.state_directory / "backups" / ".making.killed.part"
    left.mkdir(parents=True)
    (left / "registry").write_bytes(b"half a copy")
    with working_folder(node) as living:
        (living / "registry").write_bytes(b"half a copy")
        back_up(node)
        assert (living / "registry").exists()
    assert not list(left.parent.iterdir())


def test_a_target_that_refuses_is_told_and_one_that_is_not_named_is_a_wrong_call(
    node: Node, tmp_path: Path
) -> None:
    (tmp_path / "vault").mkdir()
    (tmp_path / "vault" / "registry-backups").write_text("a file where a folder ought to be")
    with pytest.raises(StorageError):
        back_up(node)
    with node.registry.reading() as session:
        (run,) = runs_of(session, "registry_backup")
        assert (run.outcome, session.scalar(select(func.count()).select_from(NotificationRow))) == ("fail", 1)
    node.settings = load_settings({})
    with pytest.raises(SettingsInvalid):
        back_up(node)
    with node.registry.reading() as session:
        assert len(runs_of(session, "registry_backup")) == 1


def test_backups_are_let_go_by_rule(node: Node, tmp_path: Path) -> None:
    folder = tmp_path / "vault" / "registry-backups" / node.settings.station
    folder.mkdir(parents=True)
    today = dt.datetime.now(dt.UTC)
    old = [f"registry-{today - dt.timedelta(days=days):%Y%m%dT%H%M%S.%fZ}.tar" for days in range(1, 800, 2)]
    for name in [*old, "notes.txt"]:
        (folder / name).write_bytes(b"x")
    made = back_up(node)
    assert (folder / "notes.txt").exists()
    left = stored_backups(node)
    settings = node.settings.backup
    assert len(left) <= settings.keep_daily + settings.keep_weekly + settings.keep_monthly
    assert len(left) + len(made.removed) == len(old) + 1


def test_backups_of_a_station_that_is_lost_are_listed_and_named(node: Node, tmp_path: Path) -> None:
    made = back_up(node)
    other = Node(load_settings({"station": "new", "backup": {"target": str(tmp_path / "vault")}}))
    assert stored_backups(other) == []
    (listed,) = stored_backups(other, everyone=True)
    assert made.url.endswith(listed.key)
    with pytest.raises(BackupUnusable) as caught, fetched(other, "newest"):
        pass
    assert "recto registry backups --all" in caught.value.remedy
    with fetched(other, listed.key) as file:
        assert file.stat().st_size == listed.size


def test_the_newest_of_each_day_week_and_month_is_kept_and_pauses_cost_none() -> None:
    noon = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)
    hourly = [noon - dt.timedelta(hours=hours) for hours in range(24 * 60)]
    settings = BackupSettings(keep_daily=3, keep_weekly=2, keep_monthly=2)
    assert sorted(kept(hourly, settings, noon)) == [
        dt.datetime(2026, 10, 31, 23, tzinfo=dt.UTC),
        dt.datetime(2026, 11, 15, 23, tzinfo=dt.UTC),
        dt.datetime(2026, 11, 19, 23, tzinfo=dt.UTC),
        dt.datetime(2026, 11, 20, 23, tzinfo=dt.UTC),
        noon,
    ]
    yearly = [noon.replace(year=year) for year in range(2000, 2026)]
    assert kept(yearly, settings, noon) == set(yearly[-3:])
    assert kept([], settings, noon) == set()


def test_what_a_clock_that_was_ahead_dated_takes_the_place_of_none() -> None:
    noon = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)
    settings = BackupSettings(keep_daily=3, keep_weekly=0, keep_monthly=0)
    days = {noon - dt.timedelta(days=number) for number in range(5)}
    ahead = {noon + dt.timedelta(days=400 + number) for number in range(9)}
    assert kept(days | ahead, settings, noon) == ahead | {noon - dt.timedelta(days=n) for n in range(3)}


def test_a_registry_on_a_server_is_dumped_and_restored(
    recto_home: Path, tmp_path: Path, registry_url: str, postgresql_url: str
) -> None:
    settings = {"database_url": registry_url, "backup": {"target": str(tmp_path / "vault")}}
    node = Node(load_settings(settings))
    write_batch(node.registry, "b0")
    made = back_up(node)
    assert made.manifest.facts.rows["event"] == EVENTS + 1
    with fetched(node, "newest") as file, working_folder(node) as folder:
        assert not check_backup(file, folder).problems
        write_batch(node.registry, "later")
        with pytest.raises(RegistryInUse, match="tables already"):
            restore(node, file)
        restored = restore(node, file, force=True)
        other = Node(load_settings({**settings, "database_url": postgresql_url}))
        elsewhere = restore(other, file)
    assert (batches(node.registry), restored.checked.problems, restored.checked.chains) == (1, (), 1)
    with node.registry.reading() as session:
        assert session.scalar(text(f"SELECT count(*) FROM {restored.aside}.batch")) == 2  # noqa: S608 (our own name)
    assert (elsewhere.aside, batches(other.registry)) == ("", 1)
    with other.registry.transaction() as session:
        # its keys go on where they were
        append_event(session, "b0", "validation")
        assert session.scalar(select(func.count()).select_from(EventRow)) == EVENTS + 2
    for each in (node, other):
        each.close()


def test_the_program_that_is_missing_is_named_with_its_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(BackupProgramFailed) as caught:
        dump_postgresql("postgresql://u:hush@127.0.0.1:1/recto", tmp_path / "dump")
    assert "apt-get install postgresql-client" in caught.value.remedy
    assert "hush" not in str(caught.value.to_json())
