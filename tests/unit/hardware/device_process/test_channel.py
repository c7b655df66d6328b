# SPDX-License-Identifier: Apache-2.0
"""Messages arrive whole, in order, or not at all."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import suppress

import pytest

from hardware.device_process.channel import Channel, ChannelClosed


@pytest.fixture
def ends() -> Iterator[tuple[Channel, socket.socket]]:
    ours, theirs = socket.socketpair()
    channel = Channel(ours)
    yield channel, theirs
    channel.close()
    theirs.close()


def test_messages_arrive_in_order_however_they_are_cut(ends: tuple[Channel, socket.socket]) -> None:
    channel, other = ends
    sender = Channel(other)
    sender.send({"id": 1, "text": "größer"})
    sender.send({"id": 2})
    assert channel.receive(1) == {"id": 1, "text": "größer"}
    assert channel.receive(1) == {"id": 2}


def test_half_a_message_is_not_delivered(ends: tuple[Channel, socket.socket]) -> None:
    channel, other = ends
    other.sendall(b"\0\0\0\x09" + b'{"id"')
    assert channel.receive(0.01) is None
    other.sendall(b": 1}")
    assert channel.receive(1) == {"id": 1}


def test_nothing_comes_from_a_silent_side(ends: tuple[Channel, socket.socket]) -> None:
    assert ends[0].receive(0.01) is None


def test_what_was_sent_before_the_end_still_arrives(ends: tuple[Channel, socket.socket]) -> None:
    channel, other = ends
    other.sendall(b'\0\0\0\x08{"id":1}' + b"\0\0\0\x08{")
    other.close()
    assert channel.receive(1) == {"id": 1}
    with pytest.raises(ChannelClosed):
        channel.receive(1)


def test_sending_to_nobody_is_said(ends: tuple[Channel, socket.socket]) -> None:
    channel, other = ends
    other.close()
    with pytest.raises(ChannelClosed):
        channel.send({"id": 1})


def test_a_full_pipe_has_no_room(ends: tuple[Channel, socket.socket]) -> None:
    channel = ends[0]
    assert channel.has_room()
    sender = channel._socket
    sender.setblocking(False)
    with suppress(BlockingIOError):
        while sender.send(bytes(1 << 16)):
            pass
    sender.setblocking(True)
    assert not channel.has_room()
