# SPDX-License-Identifier: Apache-2.0
"""Killed processes: afterwards every page is there once, and nothing is lost."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections import Counter
from pathlib import Path

import pytest
import redis

from tests.e2e.conftest import Home, small_batch, wait_for
from workers.embedded_broker import socket_path

pytestmark = [pytest.mark.tesseract, pytest.mark.usefixtures("tesseract")]

PAGES = 5


def masters(home: Home) -> list[Path]:
    return sorted((home.items("killed") / "item/masters").glob("*.tif"))


def texts(home: Home) -> list[Path]:
    return sorted((home.items("killed") / "item/ocr").glob("*.alto.xml"))


def processes(home: Home, word: str) -> list[int]:
    """Process ids of this home whose command line has a word, such as the name of a worker."""
    found = []
    # a server writes its title over its environment
    broker = f"unixsocket:{socket_path(home.folder / 'state')}".encode()
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            words = (folder / "cmdline").read_bytes()
            mine = str(home.folder).encode() in (folder / "environ").read_bytes() or broker in words
            if mine and word.encode() in words:
                found.append(int(folder.name))
        except (FileNotFoundError, ProcessLookupError, PermissionError):
            continue
    return found


def kill(pids: list[int]) -> None:
    for pid in pids:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue


def wipe_broker(home: Home) -> None:
    client = redis.Redis(unix_socket_path=str(socket_path(home.folder / "state")))
    client.flushall()
    client.close()


def finish(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.communicate(timeout=30)


def assert_whole(home: Home) -> None:
    document = home.json("batch", "status", "killed")
    assert document["state"] == "done"
    assert [path.name for path in masters(home)] == [f"{number:04d}.tif" for number in range(1, PAGES + 1)]
    [bag] = list((home.folder / "data/storage").iterdir())
    [report] = home.json("bag", "verify", str(bag))
    assert report["valid"], report
    assert home.json("verify-chain", "killed")["valid"]
    captured = Counter(event["page"] for event in events(home) if event["type"] == "capture")
    assert captured == dict.fromkeys(range(1, PAGES + 1), 1)
    assert not list(home.items("killed").rglob("*.part"))


def events(home: Home) -> list[dict[str, object]]:
    from archive.registry import open_registry
    from archive.registry.events import read_events

    registry = open_registry(f"sqlite:///{home.folder / 'state/registry.sqlite3'}")
    try:
        with registry.reading() as session:
            return list(read_events(session, "killed"))
    finally:
        registry.close()


def submit(home: Home) -> subprocess.Popen[str]:
    return home.start(
        "batch", "submit", home.manifest("killed.yaml", small_batch("killed", pages=PAGES, dpi=100)), "--wait"
    )


def test_all_processes_killed_in_the_middle_lose_nothing_and_resume_finishes(home: Home) -> None:
    process = submit(home)
    try:
        wait_for(lambda: len(texts(home)) >= 1, 90)
        kill(processes(home, "python"))
        kill(processes(home, "valkey-server") + processes(home, "redis-server"))
    finally:
        finish(process)
    assert home.json("batch", "status", "killed")["state"] == "running"
    home.recto("batch", "resume", "killed")
    assert_whole(home)


def test_a_batch_goes_on_by_itself_through_killed_workers_and_a_wiped_broker(home: Home) -> None:
    process = submit(home)
    try:
        wait_for(lambda: len(masters(home)) >= 2, 90)
        kill(processes(home, "capture@"))
        wait_for(lambda: len(texts(home)) >= 1, 90)
        kill(processes(home, "compute@"))
        wipe_broker(home)
        out, err = process.communicate(timeout=150)
    finally:
        finish(process)
    assert process.returncode == 0, out + err
    assert_whole(home)


def test_the_workers_of_a_killed_station_end_by_themselves(home: Home) -> None:
    process = submit(home)
    try:
        wait_for(lambda: len(masters(home)) >= 1, 90)
    finally:
        finish(process)
    deadline = time.monotonic() + 60
    while processes(home, "local_worker") and time.monotonic() < deadline:
        time.sleep(0.2)
    assert processes(home, "local_worker") == []
    home.recto("batch", "resume", "killed")
    assert_whole(home)
    assert processes(home, "valkey-server") + processes(home, "redis-server") == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["ctrl-c", "terminated"])
def test_an_interrupted_submit_leaves_nothing_running(home: Home, number: signal.Signals) -> None:
    process = submit(home)
    try:
        wait_for(lambda: len(masters(home)) >= 1, 90)
        process.send_signal(number)
        _, err = process.communicate(timeout=60)
    finally:
        finish(process)
    assert process.returncode == 130
    assert "Interrupted" in err
    assert processes(home, "local_worker") + processes(home, "valkey-server") == []


def test_a_command_goes_on_when_the_station_that_served_it_ends(home: Home) -> None:
    with home.station():
        process = submit(home)
        wait_for(lambda: len(masters(home)) >= 1, 90)
    out, err = process.communicate(timeout=150)
    assert process.returncode == 0, out + err
    assert_whole(home)
