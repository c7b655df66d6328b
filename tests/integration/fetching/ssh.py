# SPDX-License-Identifier: Apache-2.0
"""An SSH server on loopback, with SFTP over a real folder."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import paramiko

PASSWORD = "Spätlese/2026"  # noqa: S105 - of a server in this process


@dataclass
class Ssh:
    """The server: where it listens, what it serves, and when it shall break.

    Attributes:
        break_after: Bytes of answers to reads after which the connection is cut; None for never.
        reads: Offset of each read that was answered.
    """

    root: Path
    port: int
    host_key: paramiko.PKey
    client_key: paramiko.PKey
    break_after: int | None = None
    reads: list[int] = field(default_factory=list)
    passwords: list[str] = field(default_factory=list)
    transports: list[paramiko.Transport] = field(default_factory=list)

    @property
    def url(self) -> str:
        """The address of the folder."""
        return f"sftp://anna@127.0.0.1:{self.port}"


class _Gate(paramiko.ServerInterface):
    def __init__(self, ssh: Ssh) -> None:
        self._ssh = ssh

    def get_allowed_auths(self, username: str) -> str:
        return "publickey,password"

    def check_auth_publickey(self, username: str, key: paramiko.PKey) -> int:
        known = username == "anna" and key.asbytes() == self._ssh.client_key.asbytes()
        return paramiko.AUTH_SUCCESSFUL if known else paramiko.AUTH_FAILED

    def check_auth_password(self, username: str, password: str) -> int:
        self._ssh.passwords.append(password)
        return paramiko.AUTH_SUCCESSFUL if password == PASSWORD else paramiko.AUTH_FAILED

    def check_channel_request(self, kind: str, chanid: int) -> int:
        return paramiko.OPEN_SUCCEEDED


class _Handle(paramiko.SFTPHandle):
    def __init__(self, ssh: Ssh, path: Path) -> None:
        super().__init__(os.O_RDONLY)
        self._ssh = ssh
        self._file = path.open("rb")

    def stat(self) -> paramiko.SFTPAttributes:
        return paramiko.SFTPAttributes.from_stat(os.fstat(self._file.fileno()))

    def read(self, offset: int, length: int) -> bytes:
        ssh = self._ssh
        if ssh.break_after is not None and offset >= ssh.break_after:
            ssh.break_after = None
            for transport in ssh.transports:
                transport.close()
        ssh.reads.append(offset)
        self._file.seek(offset)
        return self._file.read(length)

    def close(self) -> None:
        self._file.close()


class _Files(paramiko.SFTPServerInterface):
    def __init__(self, server: _Gate) -> None:
        self._ssh = server._ssh

    def _real(self, path: str) -> Path:
        return self._ssh.root / self.canonicalize(path).lstrip("/")

    def list_folder(self, path: str) -> list[paramiko.SFTPAttributes] | int:
        try:
            return [
                paramiko.SFTPAttributes.from_stat(entry.lstat(), entry.name)
                for entry in self._real(path).iterdir()
            ]
        except OSError as error:
            return paramiko.SFTPServer.convert_errno(error.errno)

    def stat(self, path: str) -> paramiko.SFTPAttributes | int:
        try:
            return paramiko.SFTPAttributes.from_stat(self._real(path).stat())
        except OSError as error:
            return paramiko.SFTPServer.convert_errno(error.errno)

    lstat = stat

    def open(self, path: str, flags: int, attr: paramiko.SFTPAttributes) -> _Handle | int:
        try:
            return _Handle(self._ssh, self._real(path))
        except OSError as error:
            return paramiko.SFTPServer.convert_errno(error.errno)


@contextmanager
def serve_ssh(root: Path) -> Iterator[Ssh]:
    """The server, as long as the block lasts."""
    listener = socket.create_server(("127.0.0.1", 0))
    ssh = Ssh(root, listener.getsockname()[1], paramiko.ECDSAKey.generate(), paramiko.ECDSAKey.generate())
    ended = threading.Event()
    thread = threading.Thread(target=_accept, args=(listener, ssh, ended))
    thread.start()
    try:
        yield ssh
    finally:
        # a connection of our own wakes the waiting accept, which a close alone does not
        ended.set()
        socket.create_connection(listener.getsockname()).close()
        thread.join()
        listener.close()
        for transport in ssh.transports:
            transport.close()
            transport.join(5)


def _accept(listener: socket.socket, ssh: Ssh, ended: threading.Event) -> None:
    while True:
        connection, _ = listener.accept()
        if ended.is_set():
            connection.close()
            return
        transport = paramiko.Transport(connection)
        ssh.transports.append(transport)
        transport.add_server_key(ssh.host_key)
        transport.set_subsystem_handler("sftp", paramiko.SFTPServer, _Files)
        with suppress(paramiko.SSHException, EOFError):
            transport.start_server(event=threading.Event(), server=_Gate(ssh))
