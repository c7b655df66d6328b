# SPDX-License-Identifier: Apache-2.0
"""Lists of files as text, CSV or JSON, with digests and sizes where they have them, and manifests of BagIt."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from archive.errors import AnswerUnusable
from archive.fetching.addresses import Declared

CHECKSUM_FILES = {"manifest-sha256.txt": "sha256", "manifest-md5.txt": "md5", "sha256sums": "sha256"}
"""Files of digests by their names in small letters (RFC 8493 section 2.1.3, GNU coreutils)."""

LIST_SUFFIXES = frozenset({".txt", ".csv", ".tsv", ".json"})

_CHECKSUM_LINE = re.compile(r"(?P<digest>[0-9A-Fa-f]{64}|[0-9A-Fa-f]{32})\s+\*?(?P<name>\S.*)")
_NAME_COLUMNS = ("url", "address", "path", "file", "name")
_ALL_COLUMNS = frozenset({*_NAME_COLUMNS, "item", "sha256", "md5", "size"})


@dataclass(frozen=True, slots=True)
class ListedFile:
    """A line of a list.

    Attributes:
        name: An address, or a path beside the list.
        declared: What the list says of the file.
        item: The item that it belongs to, "" where the list does not say.
        written_as_url: Whether a relative name is written with %XX, as a part of an address.
        in_order: Whether the list was written in an order that means something: files of digests are not.
    """

    name: str
    declared: Declared
    item: str = ""
    written_as_url: bool = True
    in_order: bool = True


def read_list(content: bytes, suffix: str, source: str) -> list[ListedFile]:
    """The files that a list names, in its order.

    Args:
        content: The list: UTF-8, with or without byte order mark.
        suffix: Of `LIST_SUFFIXES`; JSON and CSV are also told by their first letters.
        source: Where it comes from, for messages.

    Raises:
        AnswerUnusable: It cannot be understood; the line is named.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise AnswerUnusable(f"{source} is no text in UTF-8.") from error
    try:
        if suffix == ".json" or text.lstrip().startswith(("[", "{")):
            return list(_from_json(text))
        if suffix in {".csv", ".tsv"} or _looks_like_csv(text):
            return list(_from_csv(text))
        return list(_from_lines(text))
    except (ValueError, csv.Error, RecursionError) as error:
        raise AnswerUnusable(f"{source} cannot be read as a list of files: {error}.") from error


def read_checksums(content: bytes, algorithm: str) -> dict[str, Declared]:
    """What a BagIt manifest, or the output of sha256sum or md5sum, says: digests by path. Other lines say nothing."""
    found = {}
    for line in content.decode("utf-8", "replace").splitlines():
        match = _CHECKSUM_LINE.fullmatch(line.strip())
        if match and len(match["digest"]) == (64 if algorithm == "sha256" else 32):
            name = unquote(match["name"].removeprefix("./"))
            found[name] = _digest(match["digest"])
    return found


def _looks_like_csv(text: str) -> bool:
    first = next((line for line in text.splitlines() if line.strip() and not line.startswith("#")), "")
    cells = {cell.strip().strip('"').lower() for cell in re.split(r"[,;\t]", first)}
    return len(cells) > 1 and cells <= _ALL_COLUMNS


def _from_lines(text: str) -> Iterator[ListedFile]:
    for line in map(str.strip, text.splitlines()):
        if not line or line.startswith("#"):
            continue
        if match := _CHECKSUM_LINE.fullmatch(line):
            name = match["name"].removeprefix("./")
            yield ListedFile(name, _digest(match["digest"]), written_as_url=False, in_order=False)
        else:
            yield ListedFile(line, Declared())


def _digest(digest: str) -> Declared:
    value = digest.strip().lower()
    return Declared(sha256=value) if len(value) == 64 else Declared(md5=value)  # noqa: PLR2004 - hexadecimal digits


def _from_csv(text: str) -> Iterator[ListedFile]:
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    rows = csv.DictReader(io.StringIO(text), delimiter=delimiter)
    for number, row in enumerate(rows, start=2):
        facts = {
            str(name).strip().lower(): value.strip() for name, value in row.items() if isinstance(value, str)
        }
        if any(facts.values()):
            yield _file(facts, f"row {number}")


def _from_json(text: str) -> Iterator[ListedFile]:
    document: Any = json.loads(text)
    if isinstance(document, dict):
        document = document.get("files")
    if not isinstance(document, list):
        raise ValueError('a list is wanted, or an object with a list "files"')  # noqa: TRY004 - told as one of the list
    for number, entry in enumerate(document, start=1):
        if isinstance(entry, str):
            yield ListedFile(entry, Declared())
        elif isinstance(entry, dict):
            yield _file(
                {str(k).lower(): str(v) for k, v in entry.items() if v is not None}, f"entry {number}"
            )
        else:
            raise ValueError(f"entry {number} is neither an address nor an object")  # noqa: TRY004 - as above


def _file(facts: Mapping[str, str], place: str) -> ListedFile:
    name = next((facts[column] for column in _NAME_COLUMNS if facts.get(column)), "")
    if not name:
        raise ValueError(f"{place} names no file ({', '.join(_NAME_COLUMNS)})")
    size, sha256, md5 = facts.get("size", ""), facts.get("sha256", "").lower(), facts.get("md5", "").lower()
    if size and not (size.isascii() and size.isdecimal() and len(size) < 19):  # noqa: PLR2004 - digits of 2**62
        raise ValueError(f"{place} has the size {size[:30]}")
    for digest, digits in ((sha256, 64), (md5, 32)):
        if digest and not re.fullmatch(rf"[0-9a-f]{{{digits}}}", digest):
            raise ValueError(f"{place} has a digest that is none: {digest[:70]}")
    return ListedFile(name, Declared(sha256, md5, int(size) if size else None), facts.get("item", ""))
