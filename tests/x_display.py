# SPDX-License-Identifier: Apache-2.0
"""A display with a window manager for tests: Xvfb and openbox, looked at and typed at through the X11 protocol itself."""

from __future__ import annotations

import os
import shutil
import socket
import struct
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.conftest import missing

KEY_PRESS, KEY_RELEASE = 2, 3
VIEWABLE = 2
ERROR, REPLY = 0, 1

# requests of the core protocol (X11 protocol, appendix B)
GET_WINDOW_ATTRIBUTES, INTERN_ATOM, GET_PROPERTY, GET_INPUT_FOCUS = 3, 16, 20, 43
QUERY_EXTENSION, GET_KEYBOARD_MAPPING = 98, 101
XTEST_FAKE_INPUT = 2

NAMED_KEYS = {
    "Alt": 0xFFE9,
    "BackSpace": 0xFF08,
    "Control": 0xFFE3,
    "Escape": 0xFF1B,
    "F4": 0xFFC1,
    "Return": 0xFF0D,
    "Shift": 0xFFE1,
    "Space": 0x20,
}
"""Keysyms by name; letters and digits are their own."""


class Display:
    """A connection to an X server, which sees its windows and presses its keys.

    Args:
        number: Of the display.
    """

    def __init__(self, number: int) -> None:
        self.name = f":{number}"
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._socket.settimeout(20)
        self._socket.connect(f"/tmp/.X11-unix/X{number}")  # noqa: S108 (where X servers listen)
        self._socket.sendall(struct.pack("<BxHHHHxx", ord("l"), 11, 0, 0, 0))
        status, length = struct.unpack("<BxxxxxH", self._read(8))
        setup = self._read(length * 4)
        assert status == 1, setup
        vendor, formats = struct.unpack_from("<H", setup, 16)[0], setup[21]
        self._first_key, self._last_key = setup[26], setup[27]
        screen = 32 + (vendor + 3) // 4 * 4 + formats * 8
        self.root: int = struct.unpack_from("<I", setup, screen)[0]
        self._keys = self._key_codes()
        self._xtest = self._ask(QUERY_EXTENSION, 0, struct.pack("<Hxx", 5) + b"XTEST\0\0\0")[9]

    def close(self) -> None:
        """Leave the server."""
        self._socket.close()

    def press(self, keys: str) -> None:
        """Press and let go keys, as `Control+Shift+P`."""
        codes = [self._keys[NAMED_KEYS.get(key) or ord(key.lower())] for key in keys.split("+")]
        for code in codes:
            self._fake(KEY_PRESS, code)
        for code in reversed(codes):
            self._fake(KEY_RELEASE, code)
        # requests are answered in their order
        self._ask(GET_INPUT_FOCUS)

    @property
    def manager(self) -> str:
        """Name of the window manager; "" as long as there is none."""
        window = self._number(self.root, "_NET_SUPPORTING_WM_CHECK")
        return self._text(window, "_NET_WM_NAME") if window else ""

    @property
    def active_window(self) -> int:
        """The window that the window manager has made the active one; 0 for none."""
        return self._number(self.root, "_NET_ACTIVE_WINDOW")

    @property
    def focus(self) -> int:
        """The window to which keys go."""
        return int(struct.unpack_from("<I", self._ask(GET_INPUT_FOCUS), 8)[0])

    def title(self, window: int) -> str:
        """A window's title."""
        return self._text(window, "_NET_WM_NAME")

    def is_viewable(self, window: int) -> bool:
        """Whether a window and all that it lies in are mapped."""
        return self._ask(GET_WINDOW_ATTRIBUTES, 0, struct.pack("<I", window))[26] == VIEWABLE

    def windows(self) -> list[int]:
        """The windows that the window manager manages."""
        value = self._property(self.root, "_NET_CLIENT_LIST")
        return list(struct.unpack(f"<{len(value) // 4}I", value))

    def _key_codes(self) -> dict[int, int]:
        count = self._last_key - self._first_key + 1
        reply = self._ask(GET_KEYBOARD_MAPPING, 0, struct.pack("<BBxx", self._first_key, count))
        levels = reply[1]
        symbols = struct.unpack_from(f"<{count * levels}I", reply, 32)
        # the first level is what a key gives without Shift
        return {symbols[index * levels]: self._first_key + index for index in range(count)}

    def _fake(self, kind: int, code: int) -> None:
        request = struct.pack("<BBxxII8xhh7xB", kind, code, 0, self.root, 0, 0, 0)
        self._send(self._xtest, XTEST_FAKE_INPUT, request)

    def _number(self, window: int, name: str) -> int:
        value = self._property(window, name)
        return int(struct.unpack("<I", value[:4])[0]) if value else 0

    def _text(self, window: int, name: str) -> str:
        return self._property(window, name).decode()

    def _property(self, window: int, name: str) -> bytes:
        length = struct.pack("<Hxx", len(name)) + name.encode() + bytes(-len(name) % 4)
        atom = struct.unpack_from("<I", self._ask(INTERN_ATOM, 0, length), 8)[0]
        reply = self._ask(GET_PROPERTY, 0, struct.pack("<IIIII", window, atom, 0, 0, 1024))
        size = struct.unpack_from("<I", reply, 16)[0] * reply[1] // 8
        return reply[32 : 32 + size]

    def _ask(self, request: int, detail: int = 0, body: bytes = b"") -> bytes:
        """Send a request and return its reply.

        Raises:
            LookupError: The server refused, such as for a window that is gone.
        """
        self._send(request, detail, body)
        while True:
            head = self._read(32)
            if head[0] == ERROR:
                raise LookupError(f"X error {head[1]} of request {request}")
            if head[0] == REPLY:
                return head + self._read(struct.unpack_from("<I", head, 4)[0] * 4)

    def _send(self, request: int, detail: int, body: bytes) -> None:
        self._socket.sendall(struct.pack("<BBH", request, detail, 1 + len(body) // 4) + body)

    def _read(self, size: int) -> bytes:
        read = bytearray()
        while len(read) < size:
            part = self._socket.recv(size - len(read))
            if not part:
                raise ConnectionError("The X server is gone.")
            read += part
        return bytes(read)


def _program(name: str, package: str) -> str:
    found = shutil.which(name)
    if found is None:
        missing(f"{name} is not installed (Debian: {package}).")
    assert found is not None
    return found


@contextmanager
def display_with_window_manager(folder: Path, size: str = "1280x720") -> Iterator[Display]:
    """A display of one's own, on which openbox manages windows as on somebody's desk.

    Args:
        folder: Where server and window manager keep their files and logs.
        size: Of the display in pixels.
    """
    x_server, window_manager = _program("Xvfb", "xvfb"), _program("openbox", "openbox")
    told, tell = os.pipe()
    # the server chooses a number that is free, and tells it when it is ready
    command = [
        x_server,
        "-displayfd",
        str(tell),
        "-screen",
        "0",
        f"{size}x24",
        "-nolisten",
        "tcp",
        "-noreset",
    ]
    with (folder / "xvfb.log").open("wb") as log, (folder / "openbox.log").open("wb") as manager_log:
        server = subprocess.Popen(command, pass_fds=[tell], stdout=log, stderr=log)
        os.close(tell)
        with os.fdopen(told) as answer:
            number = answer.readline().strip()
        try:
            assert number, (folder / "xvfb.log").read_text()
            environment = {**os.environ, "DISPLAY": f":{number}", "HOME": str(folder)}
            manager = subprocess.Popen(
                [window_manager], env=environment, stdout=manager_log, stderr=manager_log
            )
            display = Display(int(number))
            try:
                yield display
            finally:
                display.close()
                manager.terminate()
                manager.wait(10)
        finally:
            server.terminate()
            server.wait(10)
