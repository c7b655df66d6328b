# SPDX-License-Identifier: Apache-2.0
"""The inventory of a version: which bytes of a location are which file of the bag, for whoever has nothing else left.

One JSON document beside the bytes it speaks of, in every location, in the manner of OCFL's inventories. It
tells no time of its own writing: the same version has the same inventory however often it is written.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, Any, Protocol

FORMAT = "recto.inventory"
VERSION = 1

ABOUT = (
    "This document lists every file of one version of an archived object. Each file lies, unpacked and "
    "unchanged, under its key beside this document; keys begin at the top of the storage location. To have "
    "the bag (BagIt, RFC 8493) again, copy each key to its path below a folder that is named as bag.name "
    "says, then check it with the bag's own manifests. Digests are hexadecimal. The SHA-256 of this "
    "document is in inventory.json.sha256."
)
"""What a reader in fifty years is told first."""

_IN_MEMORY = 8 << 20
_BLOCK = 1 << 20


class ListedFile(Protocol):
    """A file of a version, as an inventory lists it."""

    @property
    def path(self) -> str:
        """Inside the bag."""
        ...

    @property
    def size(self) -> int:
        """Bytes."""
        ...

    @property
    def md5(self) -> str:
        """Hexadecimal."""
        ...

    @property
    def sha256(self) -> str:
        """Hexadecimal."""
        ...

    @property
    def sha512(self) -> str:
        """Hexadecimal."""
        ...

    @property
    def key(self) -> str:
        """Where its bytes lie."""
        ...

    @property
    def format(self) -> Mapping[str, Any] | None:
        """What it was identified as."""
        ...


@dataclass(frozen=True, slots=True)
class WrittenInventory:
    """An inventory as bytes that can be read several times.

    Attributes:
        sha256: Of the document, hexadecimal.
        size: Its bytes.
        files: How many files it lists.
    """

    file: IO[bytes]
    sha256: str
    size: int
    files: int

    def blocks(self) -> Iterator[bytes]:
        """The document from its beginning."""
        self.file.seek(0)
        while block := self.file.read(_BLOCK):
            yield block

    def digest_file(self) -> bytes:
        """What stands beside the document: its digest as `sha256sum --check` reads it."""
        return f"{self.sha256}  inventory.json\n".encode()


@contextmanager
def written_inventory(facts: Mapping[str, Any], files: Iterable[ListedFile]) -> Iterator[WrittenInventory]:
    """Write an inventory, a line for each file, never holding all of a large one in memory.

    Args:
        facts: What it tells of object, version and bag (JSON).
        files: The files in the order of the bag's tar.
    """
    digest = hashlib.sha256()
    size = count = 0
    with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as spool:

        def write(text: str) -> None:
            nonlocal size
            line = text.encode("ascii")
            digest.update(line)
            size += len(line)
            spool.write(line)

        head = {"format": FORMAT, "format_version": VERSION, "about": ABOUT, **facts}
        write("{\n")
        for name, value in head.items():
            write(f"{json.dumps(name)}: {_json(value)},\n")
        write('"files": [')
        for count, file in enumerate(files, 1):
            write(f"{',' if count > 1 else ''}\n{_json(_entry(file))}")
        write("\n]\n}\n")
        yield WrittenInventory(spool, digest.hexdigest(), size, count)


def read_inventory(content: bytes) -> dict[str, Any]:
    """An inventory's document.

    Raises:
        ValueError: The bytes are no inventory of a form that is known here.
    """
    try:
        document = json.loads(content)
    except RecursionError as error:
        raise ValueError("it is nested too deeply") from error
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise ValueError("it is no inventory of Recto's")
    if document.get("format_version") != VERSION or not isinstance(document.get("files"), list):
        raise ValueError(f"only version {VERSION} of the form is known here")
    return document


def _entry(file: ListedFile) -> dict[str, Any]:
    return {
        "path": file.path,
        "key": file.key,
        "size": file.size,
        "md5": file.md5,
        "sha256": file.sha256,
        "sha512": file.sha512,
        "format": file.format,
    }


def _json(value: Any) -> str:
    # ASCII only: no reader can mistake its encoding, and a name that is no UTF-8 stands as its escapes
    return json.dumps(value, ensure_ascii=True, allow_nan=False)
