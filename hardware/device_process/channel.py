# SPDX-License-Identifier: Apache-2.0
"""JSON messages over a socket, each after its length in four bytes, big-endian."""

from __future__ import annotations

import json
import select
import socket
import struct
import threading
from typing import Any

Message = dict[str, Any]

_LENGTH = struct.Struct(">I")


class ChannelClosed(Exception):
    """The other side is gone."""


class Channel:
    """One end of the control pipe. Any thread may send; one thread receives.

    Args:
        end: A connected stream socket; the channel owns it.
    """

    def __init__(self, end: socket.socket) -> None:
        self._socket = end
        self._sending = threading.Lock()
        self._received = bytearray()

    def send(self, message: Message) -> None:
        """Send a message, waiting for room.

        Raises:
            ChannelClosed: The other side is gone.
        """
        body = json.dumps(message).encode()
        try:
            with self._sending:
                self._socket.sendall(_LENGTH.pack(len(body)) + body)
        except OSError as error:
            raise ChannelClosed from error

    def has_room(self) -> bool:
        """Whether a small message can be sent without waiting."""
        return bool(select.select([], [self._socket], [], 0)[1])

    def receive(self, timeout: float) -> Message | None:
        """The next message, or None when none is whole within `timeout` seconds.

        Raises:
            ChannelClosed: The other side is gone and nothing more can come.
        """
        while (message := self._take()) is None:
            if not select.select([self._socket], [], [], timeout)[0]:
                return None
            try:
                block = self._socket.recv(1 << 16)
            except OSError as error:
                raise ChannelClosed from error
            if not block:
                raise ChannelClosed
            self._received += block
        return message

    def _take(self) -> Message | None:
        if len(self._received) < _LENGTH.size:
            return None
        end = _LENGTH.size + _LENGTH.unpack_from(self._received)[0]
        if len(self._received) < end:
            return None
        message: Message = json.loads(self._received[_LENGTH.size : end])
        del self._received[:end]
        return message

    def close(self) -> None:
        """Close this end."""
        self._socket.close()
