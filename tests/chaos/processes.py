# SPDX-License-Identifier: Apache-2.0
"""The processes of one home, by what they are for: found by their environment, so that no other is ever touched."""

from __future__ import annotations

import os
import signal
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from tests.e2e.conftest import Home
from workers.embedded_broker import socket_path


class Kind(StrEnum):
    """What a process is for."""

    STATION = "station"
    WORKER = "worker"
    CHILD = "child"
    BEAT = "beat"
    BROKER = "broker"
    DEVICE = "device"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Process:
    """A living process of a home.

    Attributes:
        pid: Its number.
        parent: The number of its parent.
        kind: What it is for.
        name: Celery's node name, such as `io@chaos`, for workers and their children; else the kind.
    """

    pid: int
    parent: int
    kind: Kind
    name: str


def processes_of(home: Home) -> list[Process]:
    """All living processes of a home but the one that asks."""
    mark = f"RECTO_HOME={home.folder}\0".encode()
    # a server writes its title over its environment
    broker = f"unixsocket:{socket_path(home.folder / 'state')}"
    found: dict[int, tuple[int, list[str]]] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            words = (folder / "cmdline").read_bytes().decode(errors="replace").rstrip("\0").split("\0")
            if mark not in (folder / "environ").read_bytes() + b"\0" and broker not in words[0]:
                continue
            status = (folder / "stat").read_text()
        except (FileNotFoundError, ProcessLookupError, PermissionError):
            continue
        state, parent = status.rpartition(")")[2].split()[:2]
        if state != "Z" and int(folder.name) != os.getpid():
            found[int(folder.name)] = (int(parent), words)
    return [_described(pid, found) for pid in sorted(found)]


def _described(pid: int, found: dict[int, tuple[int, list[str]]]) -> Process:
    parent, words = found[pid]
    line = " ".join(words)
    name = next((word.partition("=")[2] for word in words if word.startswith("--hostname=")), "")
    kind = Kind.OTHER
    if "workers.local_worker worker" in line:
        forked = parent in found and "workers.local_worker worker" in " ".join(found[parent][1])
        kind = Kind.CHILD if forked else Kind.WORKER
    elif "workers.local_worker beat" in line:
        kind = Kind.BEAT
    elif "valkey-server" in words[0] or "redis-server" in words[0]:
        kind = Kind.BROKER
    elif "hardware.device_process" in line:
        kind = Kind.DEVICE
    elif words[-1:] == ["station"]:
        kind = Kind.STATION
    return Process(pid, parent, kind, name or str(kind))


def send(home: Home, process: Process, number: signal.Signals) -> bool:
    """Send a signal to a process, when it is still the one that was found.

    Returns:
        Whether it was sent.
    """
    try:
        handle = os.pidfd_open(process.pid)
    except ProcessLookupError:
        return False
    try:
        # the number may have been given to another process since; by the handle it cannot be any more
        if process not in processes_of(home):
            return False
        signal.pidfd_send_signal(handle, number)
    except ProcessLookupError:
        return False
    finally:
        os.close(handle)
    return True
