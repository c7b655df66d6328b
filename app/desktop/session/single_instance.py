# SPDX-License-Identifier: Apache-2.0
"""One desktop a station: a second start hands its arguments to the first one and ends."""

from __future__ import annotations

import errno
import json
from pathlib import Path
from typing import NoReturn

import structlog
from PySide6.QtCore import QLockFile, QObject, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

from app.desktop.session.knocking import TAKEN, address_of, folder_of_desktop, knock

log = structlog.get_logger(__name__)

MOST_BYTES = 1 << 20


class SingleInstance(QObject):
    """The lock of a station's desktop, and the socket at which later starts knock.

    Args:
        state_directory: What tells one station's desktop from another's.
        parent: Owner.
    """

    called = Signal(list)
    """A second start: its arguments, as a list of texts."""

    def __init__(self, state_directory: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._state_directory = state_directory
        folder = folder_of_desktop(state_directory)
        folder.mkdir(parents=True, exist_ok=True)
        self._lock = QLockFile(str(folder / "desktop.lock"))
        # a lock whose process is gone is free, however old it is
        self._lock.setStaleLockTime(0)
        self._address = address_of(folder)
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._answer)
        self._calls: dict[QLocalSocket, bytearray] = {}

    def begin(self) -> bool:
        """Become the station's desktop.

        Returns:
            False when another one is.

        Raises:
            OSError: The lock cannot be written, such as on a full disk; nobody need hold it then.
        """
        if not self._lock.tryLock(0):
            if self._lock.error() is not QLockFile.LockError.LockFailedError:
                _raise_reason(self._lock.fileName())
            return False
        QLocalServer.removeServer(self._address)
        if not self._server.listen(self._address):
            log.warning("single_instance.deaf", address=self._address, reason=self._server.errorString())
        return True

    def call(self, arguments: list[str]) -> bool:
        """Hand arguments to the desktop that runs.

        Returns:
            Whether it took them.
        """
        return knock(self._state_directory, arguments)

    def take_no_more_calls(self) -> None:
        """The window closes: a later start waits for the lock instead."""
        self._server.close()

    def end(self) -> None:
        """Let the next start be the station's desktop."""
        self._server.close()
        self._lock.unlock()

    def _answer(self) -> None:
        socket = self._server.nextPendingConnection()
        while socket is not None:
            self._calls[socket] = bytearray()
            socket.readyRead.connect(self._read)
            socket.disconnected.connect(self._forget)
            if socket.bytesAvailable():
                self._take(socket)
            socket = self._server.nextPendingConnection()

    def _read(self) -> None:
        socket = self.sender()
        if isinstance(socket, QLocalSocket):
            self._take(socket)

    def _take(self, socket: QLocalSocket) -> None:
        heard = self._calls.setdefault(socket, bytearray())
        heard += socket.readAll().data()
        if len(heard) > MOST_BYTES:
            socket.abort()
        elif heard.endswith(b"\n"):
            socket.write(TAKEN)
            socket.flush()
            self._hear(bytes(heard))

    def _hear(self, message: bytes) -> None:
        try:
            document = json.loads(message)
            folder, arguments = Path(document["folder"]), [str(word) for word in document["arguments"]]
        except (ValueError, KeyError, TypeError) as error:
            log.warning("single_instance.misunderstood", reason=str(error))
            return
        # a path is meant as the caller stands, not as the first instance does
        self.called.emit([word if word.startswith("-") else str(folder / word) for word in arguments])

    def _forget(self) -> None:
        socket = self.sender()
        if isinstance(socket, QLocalSocket):
            self._calls.pop(socket, None)
            socket.deleteLater()


def _raise_reason(lock: str) -> NoReturn:
    """Do what Qt could not, to hear from the system why.

    Raises:
        OSError: Always.
    """
    trial = Path(f"{lock}.trial")
    trial.write_text("trial", encoding="utf-8")
    trial.unlink()
    raise OSError(errno.EIO, "The lock of the desktop cannot be written", lock)
