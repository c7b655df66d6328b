# SPDX-License-Identifier: Apache-2.0
"""Files over SFTP: only from hosts whose key is known, with the agent, a key file or a kept password."""

from __future__ import annotations

import getpass
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Self

from archive.errors import (
    FetchError,
    HostNotTrusted,
    SftpMissing,
    SourceGone,
    SourceRefused,
    SourceUnreachable,
)
from archive.fetching.access import Access
from archive.fetching.addresses import Declared, SourceAddress
from archive.fetching.remote import Entry, RemoteFacts

if TYPE_CHECKING:
    import paramiko  # type: ignore[import-untyped]

DEEPEST = 3
"""Levels that are followed, as `archive.fetching.http_listing` does."""
_READ = 255 << 10
"""Bytes asked for at once, the most that OpenSSH answers with (SFTP_MAX_READ_LENGTH).

Reading ahead would hide the way's delay better; but paramiko does it in a thread that ends in a traceback when the
connection breaks.
"""


class SftpServer:
    """SSH servers, asked as `Access` allows; one connection for each user and host.

    Args:
        access: How they may be reached.

    Raises:
        SftpMissing: paramiko is not installed.
    """

    def __init__(self, access: Access) -> None:
        try:
            import paramiko  # noqa: F401 - whether it is there
        except ImportError as error:
            raise SftpMissing("SFTP needs the library paramiko, which is not installed here.") from error
        self._access = access
        self._clients: dict[tuple[str, str], paramiko.SSHClient] = {}
        self._sessions: dict[tuple[str, str], paramiko.SFTPClient] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for client in self._clients.values():
            client.close()
        self._clients.clear()
        self._sessions.clear()

    def open(self, address: SourceAddress, offset: int = 0, known: RemoteFacts | None = None) -> SftpFile:
        """Open a file, as `Server.open`."""
        with sftp_errors(address.url):
            file = self._session(address).open(_path(address), "rb")
            try:
                told = file.stat()
                facts = RemoteFacts(told.st_size, "", str(told.st_mtime or ""))
                begin = offset if offset and facts == known and facts.can_be_known_again else 0
                file.seek(begin)
                file.MAX_REQUEST_SIZE = _READ
            except BaseException:
                file.close()
                raise
        return SftpFile(address.url, file, begin, facts)

    def files(self, folder: SourceAddress) -> Iterator[Entry]:
        """All files below a folder, as `Server.files`."""
        with sftp_errors(folder.url):
            session = self._session(folder)
        yield from self._below(session, folder, "")

    def _below(self, session: paramiko.SFTPClient, folder: SourceAddress, prefix: str) -> Iterator[Entry]:
        folders = []
        with sftp_errors(folder.url):
            for found in session.listdir_iter(_path(folder), read_aheads=4):
                mode, name = found.st_mode or 0, f"{prefix}{found.filename}"
                address = folder.below(found.filename, Declared(size=found.st_size))
                if stat.S_ISDIR(mode):
                    folders.append((found.filename, replace(address, declared=Declared())))
                elif stat.S_ISREG(mode):
                    yield Entry(name, address)
                else:
                    kind = "a link" if stat.S_ISLNK(mode) else "no regular file"
                    yield Entry(name, replace(address, declared=Declared()), problem=f"it is {kind}")
        if prefix.count("/") + 1 < DEEPEST:
            for name, below in folders:
                yield from self._below(session, below, f"{prefix}{name}/")

    def _session(self, address: SourceAddress) -> paramiko.SFTPClient:
        key = address.user, address.place
        client = self._clients.get(key)
        transport = client.get_transport() if client is not None else None
        if transport is None or not transport.is_active():
            if client is not None:
                client.close()
            self._clients[key] = self._connect(address)
            session = self._clients[key].open_sftp()
            session.get_channel().settimeout(self._access.timeout)
            self._sessions[key] = session
        return self._sessions[key]

    def _connect(self, address: SourceAddress) -> paramiko.SSHClient:
        import paramiko

        from archive.fetching.host_keys import prepare_host_keys

        self._access.require_host(address)
        client = paramiko.SSHClient()
        prepare_host_keys(client, address, self._access)
        try:
            client.connect(
                address.host,
                port=address.port or 22,
                username=address.user or getpass.getuser(),
                password=self._access.password_of(address),
                pkey=_private_key(self._access.ssh_key),
                timeout=self._access.timeout,
                banner_timeout=self._access.timeout,
                auth_timeout=self._access.timeout,
                channel_timeout=self._access.timeout,
                # a key that the settings name is the one to use; else whatever the user has
                allow_agent=self._access.ssh_key is None,
                look_for_keys=self._access.ssh_key is None,
            )
        except BaseException:
            client.close()
            raise
        return client


def _private_key(file: Path | None) -> paramiko.PKey | None:
    """The key in a file; None where none is named.

    Raises:
        SourceRefused: It cannot be used, so that no server will let us in.
    """
    import paramiko

    if file is None:
        return None
    try:
        return paramiko.PKey.from_path(file)
    except (paramiko.PasswordRequiredException, TypeError) as error:
        raise SourceRefused(
            f"The private key {file} is locked by a passphrase.",
            remedy="Load it into the agent with ssh-add, and leave fetch.ssh_key out of the settings.",
        ) from error
    except (paramiko.SSHException, paramiko.UnknownKeyType, ValueError, OSError) as error:
        raise SourceRefused(
            f"The private key {file} cannot be used: {error}.",
            remedy="Name a key that this user may read under fetch.ssh_key in the settings.",
        ) from error


def _path(address: SourceAddress) -> str:
    """The path on the server; `/~/` stands for the user's home, where SFTP begins."""
    path = address.plain_path or "/"
    if path in {"/~", "/~/"}:
        return "."
    return path.removeprefix("/~/") if path.startswith("/~/") else path


class SftpFile:
    """An open file of an SSH server; see `RemoteFile`."""

    def __init__(self, url: str, file: paramiko.SFTPFile, offset: int, facts: RemoteFacts) -> None:
        self._url = url
        self._file = file
        self.offset = offset
        self.facts = facts

    def read(self) -> bytes:
        """The next bytes."""
        with sftp_errors(self._url):
            block: bytes = self._file.read(_READ)
        return block

    def close(self) -> None:
        """Let the file go; a connection that broke has let it go already."""
        with sftp_errors(self._url):
            self._file.close()


@contextmanager
def sftp_errors(url: str) -> Iterator[None]:
    """Let no error of paramiko or of sockets out of the block.

    Args:
        url: What is asked for, for the message.

    Raises:
        FetchError: The class that names the state.
    """
    import paramiko

    try:
        yield
    except FetchError:
        raise
    except paramiko.BadHostKeyException as error:
        raise HostNotTrusted(
            f"The key of {error.hostname} is another than the one in known_hosts.",
            remedy="Ask the server's owner whether its key was changed. If not, somebody stands in between.",
        ) from error
    except (paramiko.AuthenticationException, paramiko.PasswordRequiredException) as error:
        raise SourceRefused(f"{url}: the server does not accept our key or password.") from error
    except FileNotFoundError as error:
        raise SourceGone(f"There is no {url}.") from error
    except PermissionError as error:
        raise SourceRefused(f"{url} may not be read by this user.") from error
    except TimeoutError as error:
        raise SourceUnreachable(f"{url} did not answer in time.") from error
    except (paramiko.SSHException, EOFError, OSError) as error:
        told = str(error).rstrip(".") or type(error).__name__
        raise SourceUnreachable(f"The connection to {url} broke: {told}.") from error
