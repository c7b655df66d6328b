# SPDX-License-Identifier: Apache-2.0
"""Asking for the private broker."""

from __future__ import annotations

import os
import signal
import socket
import threading
from pathlib import Path

import pytest
import redis

from workers.embedded_broker import EmbeddedBroker, socket_path


def test_nothing_answers_where_no_broker_was_started(tmp_path: Path) -> None:
    assert not EmbeddedBroker(tmp_path).answers()


def test_a_broker_that_hangs_up_is_asked_once_and_not_again_for_seconds(tmp_path: Path) -> None:
    path = socket_path(tmp_path)
    path.parent.mkdir(parents=True, exist_ok=True)
    calls = 0

    def hang_up(server: socket.socket) -> None:
        nonlocal calls
        while True:
            try:
                connection, _ = server.accept()
            except OSError:
                return
            calls += 1
            connection.close()

    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(path))
        server.listen()
        thread = threading.Thread(target=hang_up, args=(server,))
        thread.start()
        assert not EmbeddedBroker(tmp_path).answers()
        server.shutdown(socket.SHUT_RDWR)
        thread.join()
    assert calls == 1


def test_a_broker_that_was_killed_is_revived_with_what_it_had_taken(tmp_path: Path) -> None:
    with EmbeddedBroker(tmp_path) as broker:
        assert not broker.revive()
        client = redis.Redis(unix_socket_path=str(socket_path(tmp_path)))
        client.lpush("default", "a message")
        client.close()
        assert broker.pid is not None
        os.kill(broker.pid, signal.SIGKILL)
        wait_for_end(broker.pid)
        assert broker.revive()
        client = redis.Redis(unix_socket_path=str(socket_path(tmp_path)))
        assert client.llen("default") == 1
        client.close()


def test_a_broker_starts_where_nobody_may_tie_it_to_its_parent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused = tmp_path / "bin" / "setpriv"
    refused.parent.mkdir()
    refused.write_text("#!/bin/sh\necho 'activate capabilities: Operation not permitted' >&2\nexit 127\n")
    refused.chmod(0o755)
    monkeypatch.setenv("PATH", f"{refused.parent}{os.pathsep}{os.environ['PATH']}")
    with EmbeddedBroker(tmp_path) as broker:
        assert broker.answers()


def wait_for_end(pid: int) -> None:
    """Wait until a child has ended, and leave it to its parent's `Popen` to be collected."""
    os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
