# SPDX-License-Identifier: Apache-2.0
"""A connection to a saned that was ended by the other side is noticed before libsane uses it."""

from __future__ import annotations

import secrets
import socket
from collections.abc import Iterator

import pytest

from hardware.sane.connection import SANE_PORT, connection_stands


@pytest.fixture
def server() -> Iterator[socket.socket]:
    # an address of its own, so that no saned of this machine is met
    with socket.create_server((f"127.{secrets.randbelow(250) + 2}.7.7", SANE_PORT)) as made:
        yield made


def test_a_connection_stands_until_the_other_side_ends_it(server: socket.socket) -> None:
    with socket.create_connection(server.getsockname()) as client:
        other, _ = server.accept()
        assert connection_stands()
        # looking does not use up what was sent, and does not close it
        other.sendall(b"word")
        assert connection_stands()
        assert client.recv(4) == b"word"
        other.close()
        assert not connection_stands()
    assert connection_stands()


def test_a_connection_that_was_reset_does_not_stand(server: socket.socket) -> None:
    with socket.create_connection(server.getsockname()) as client:
        other, _ = server.accept()
        client.sendall(b"unread")
        assert connection_stands()
        # closing with unread data resets the connection
        other.close()
        assert not connection_stands()


def test_other_sockets_do_not_count() -> None:
    ours, theirs = socket.socketpair()
    with ours:
        theirs.close()
        assert connection_stands()
