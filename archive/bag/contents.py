# SPDX-License-Identifier: Apache-2.0
"""What goes into a bag, and the checks that refuse unsafe contents before the first byte is written."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from archive.bag.manifest_lines import MANIFEST_NAME
from archive.bag.names import component_problem, path_problem, twin_problems
from archive.bag.profile_rules import NameRule
from archive.bag.tag_files import BAGIT_TXT, FETCH_TXT
from archive.errors import BagContentsRefused, PayloadChanged, PayloadMissing

BLOCK = 1 << 20
"""Bytes read at once."""

FOR_READING = os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK
"""How files are opened: what became a link is refused, and what became a pipe does not keep us waiting."""

_PROBLEMS_TOLD = 5
_PROBLEMS_KEPT = 1000


@dataclass(frozen=True, slots=True)
class PayloadFile:
    """One file below data/.

    Attributes:
        path: Its path inside data/, with slashes and without the prefix.
        source: Where its bytes lie now.
        size: Bytes.
        digests: Lower-case hexadecimal by hashlib name, as recorded at capture. The file is held
            against them while it is copied, and they are never redefined; empty only where bagging
            is the first to take digests.
    """

    path: str
    source: Path | str
    size: int
    digests: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class TagFile:
    """One file beside data/: either `content`, or the file at `source`.

    Attributes:
        path: Its path in the bag, with slashes.
        content: Its bytes, where they are in memory.
        source: Where its bytes lie, where they are not.
        digests: As for payload files.
    """

    path: str
    content: bytes = b""
    source: Path | None = None
    digests: Mapping[str, str] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """Bytes."""
        return len(self.content) if self.source is None else self.source.stat().st_size


def content_of_file(source: Path | str, size: int, descriptor: int | None = None) -> bytes:
    """All bytes of a small file; arguments and errors as `blocks_of_file`."""
    with _for_reading(source, descriptor) as opened:
        content = os.read(opened, size + 1)
        while len(content) < size and (more := os.read(opened, size + 1 - len(content))):
            content += more
    if len(content) != size:
        raise _of_another_size(source, size)
    return content


def blocks_of_file(source: Path | str, size: int, descriptor: int | None = None) -> Iterator[bytes]:
    """The bytes of a regular file, which must have this size.

    Args:
        source: The file.
        size: Bytes it must have.
        descriptor: Of the file, where it is open already; it is not closed.

    Raises:
        PayloadMissing: It is gone, a link, or cannot be read.
        PayloadChanged: It is shorter or longer.
    """
    seen = 0
    with _for_reading(source, descriptor) as opened:
        os.posix_fadvise(opened, 0, 0, os.POSIX_FADV_SEQUENTIAL)
        while block := os.read(opened, BLOCK):
            seen += len(block)
            if seen > size:
                break
            yield block
    if seen != size:
        raise _of_another_size(source, size)


class _for_reading:  # noqa: N801 - used like a function; contextlib's takes longer than reading a small file
    """A descriptor of a file, and its failures as PayloadMissing."""

    def __init__(self, source: Path | str, descriptor: int | None) -> None:
        self._source = source
        self._given = descriptor

    def __enter__(self) -> int:
        if self._given is not None:
            return self._given
        try:
            self._opened = os.open(self._source, FOR_READING)
        except OSError as error:
            raise unreadable(self._source, error) from error
        return self._opened

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if self._given is None:
            os.close(self._opened)
        if isinstance(error, OSError):
            raise unreadable(self._source, error) from error


def unreadable(source: Path | str, error: OSError) -> PayloadMissing:
    """The error for a file that cannot be opened or read."""
    return PayloadMissing(f"{source} cannot be read: {error.strerror}.", path=str(source))


def _of_another_size(source: Path | str, size: int) -> PayloadChanged:
    return PayloadChanged(f"{source} does not have the {size} bytes recorded for it.", path=str(source))


def check_contents(
    name: str,
    payload: Sequence[PayloadFile],
    tag_files: Sequence[TagFile],
    tag_names: Iterable[str],
    rules: NameRule,
) -> None:
    """Refuse a bag whose names or files cannot be kept safely.

    Args:
        name: The bag's name, which is also its top folder.
        payload: The files below data/.
        tag_files: Further files beside it.
        tag_names: Tag files made from tags, such as "aptrust-info.txt".
        rules: The profile's further rules for names.

    Raises:
        BagContentsRefused: With all problems in `facts["problems"]`.
        PayloadMissing: A source is not there.
        PayloadChanged: A source does not have the recorded size.
    """
    problems = [(name, problem) for problem in [bag_name_problem(name)] if problem]
    tag_names = list(tag_names)
    tag_paths = [*tag_names, *(tag_file.path for tag_file in tag_files)]
    for file in payload:
        problem = path_problem(file.path) or rules.problem(f"data/{file.path}")
        if problem:
            problems.append((f"data/{file.path}", problem))
    for path in tag_paths:
        problem = path_problem(path) or _reserved_problem(path) or rules.problem(path)
        if problem:
            problems.append((path, problem))
    # tag files never lie in data, so that they and the payload cannot be twins
    problems += [(f"data/{path}", problem) for path, problem in twin_problems(file.path for file in payload)]
    problems += twin_problems(tag_paths)
    for file in payload:
        if problem := _source_problem(file.source, file.size):
            problems.append((f"data/{file.path}", problem))
    for tag_file in tag_files:
        if tag_file.source is not None and (problem := _source_problem(tag_file.source, None)):
            problems.append((tag_file.path, problem))
    if problems:
        raise refused_contents(name, problems)


def bag_name_problem(name: str) -> str | None:
    """Why a name cannot be that of a bag, its tar and its top folder, or None."""
    if "/" in name:
        return "contains a slash"
    if name.startswith(("-", ".", "~")):
        return f"starts with {name[0]!r}"
    return component_problem(name) or component_problem(f"{name}.tar")


def _reserved_problem(path: str) -> str | None:
    top = path.split("/", maxsplit=1)[0].casefold()
    if top == "data":
        return "lies in data, where only payload may lie"
    if path.casefold() in {BAGIT_TXT, FETCH_TXT} or MANIFEST_NAME.fullmatch(path.casefold()):
        return "has a name that BagIt reserves"
    if path.startswith("*"):
        return "starts with an asterisk, which manifest readers strip"
    return None


def _source_problem(source: Path | str, size: int | None) -> str | None:
    try:
        status = os.lstat(source)
    except OSError as error:
        raise PayloadMissing(f"{source} cannot be read: {error.strerror}.", path=str(source)) from error
    if stat.S_ISLNK(status.st_mode):
        return "is a symbolic link"
    if not stat.S_ISREG(status.st_mode):
        return "is not a regular file"
    if size is not None and status.st_size != size:
        raise PayloadChanged(
            f"{source} has {status.st_size} bytes, and {size} were recorded for it.", path=str(source)
        )
    return None


def refused_contents(name: str, problems: Sequence[tuple[str, str]]) -> BagContentsRefused:
    """The error that names what cannot be in a bag: paths and reasons."""
    told = "; ".join(f"{path!r} {problem}" for path, problem in problems[:_PROBLEMS_TOLD])
    more = f"; and {len(problems) - _PROBLEMS_TOLD} more" if len(problems) > _PROBLEMS_TOLD else ""
    return BagContentsRefused(
        f"The bag {name!r} cannot be made: {told}{more}.",
        problems=[
            {"file": path.encode(errors="replace").decode(), "message": problem}
            for path, problem in problems[:_PROBLEMS_KEPT]
        ],
    )
