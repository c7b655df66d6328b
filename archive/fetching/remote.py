# SPDX-License-Identifier: Apache-2.0
"""What every kind of server can do: open a file from any byte on, and list what lies below a folder."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol, Self

from archive.fetching.addresses import Declared, SourceAddress

BLOCK = 256 << 10
"""Bytes asked for at once: a cancelled download ends within as many."""


@dataclass(frozen=True, slots=True)
class RemoteFacts:
    """What a server says of a file, by which a later visit knows that it is still the same.

    Attributes:
        size: Bytes, None where the server does not say.
        etag: A strong validator, "" where there is none (RFC 9110 section 8.8.1).
        modified: When it was changed last, in the server's own form, "" where it does not say.
    """

    size: int | None = None
    etag: str = ""
    modified: str = ""

    @property
    def can_be_known_again(self) -> bool:
        """Whether a later visit can tell if the file is still the same."""
        return bool(self.etag or self.modified)


class RemoteFile(Protocol):
    """A file that is being read.

    Attributes:
        offset: Where reading begins: the byte that was asked for, or 0 where the file is another by now.
        facts: What the server says of it.
    """

    offset: int
    facts: RemoteFacts

    def read(self) -> bytes:
        """The next bytes, at most `BLOCK`; b"" at the end."""

    def close(self) -> None:
        """Let it go."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A file in a list.

    Attributes:
        name: Its path below the folder that was listed, without %XX, parted by `/`.
        address: Where it is, with what the list declares of it.
        item: The item that it belongs to, where the list itself says so; else "".
        in_order: Whether it stands in an order that means something.
        problem: Why it cannot be fetched, such as a link in place of a file; "" where it can.
    """

    name: str
    address: SourceAddress
    item: str = ""
    in_order: bool = False
    problem: str = ""

    @property
    def declared(self) -> Declared:
        """What the list says of it."""
        return self.address.declared


class Server(Protocol):
    """A server, reached over one protocol; a context that closes its connections."""

    def open(self, address: SourceAddress, offset: int = 0, known: RemoteFacts | None = None) -> RemoteFile:
        """Open a file from a byte on, or from its beginning where it is not the file that is known.

        Raises:
            FetchError: It cannot be opened; the class names the state.
        """

    def files(self, folder: SourceAddress) -> Iterator[Entry]:
        """All files below a folder, at most three levels deep.

        Raises:
            FetchError: It cannot be listed.
        """

    def __enter__(self) -> Self: ...

    def __exit__(self, *_: object) -> None: ...
