# SPDX-License-Identifier: Apache-2.0
"""The server behind an address: one for each protocol, made when it is first asked."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from typing import Self

from archive.fetching.access import Access
from archive.fetching.addresses import SourceAddress
from archive.fetching.remote import Server


class Servers:
    """All servers that a piece of work asks; a context that closes their connections at its end.

    Args:
        access: How they may be reached.
    """

    def __init__(self, access: Access) -> None:
        self.access = access
        self._known: dict[str, Server] = {}
        self._open = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()
        self._known.clear()

    def of(self, address: SourceAddress) -> Server:
        """The server of an address.

        Raises:
            SftpMissing: SFTP is asked for, and its library is not installed.
        """
        scheme = "http" if address.scheme == "https" else address.scheme
        if scheme not in self._known:
            self._known[scheme] = self._open.enter_context(_MAKERS[scheme](self.access))
        return self._known[scheme]


# each library is loaded where it is used: boto3 takes a third of a second, paramiko may be absent
def _http(access: Access) -> Server:
    from archive.fetching.http_server import HttpServer

    return HttpServer(access)


def _s3(access: Access) -> Server:
    from archive.fetching.s3_server import S3Server

    return S3Server(access)


def _sftp(access: Access) -> Server:
    from archive.fetching.sftp_server import SftpServer

    return SftpServer(access)


_MAKERS: dict[str, Callable[[Access], Server]] = {"http": _http, "s3": _s3, "sftp": _sftp}
