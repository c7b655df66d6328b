# SPDX-License-Identifier: Apache-2.0
"""Reading a bag without trusting it: from a folder, or from a tar or tar.gz that is never unpacked."""

from __future__ import annotations

import contextlib
import io
import os
import stat
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Protocol, cast

from archive.bag.contents import BLOCK
from archive.bag.findings import Finding, Rule
from archive.bag.gzip_stream import GzipStream, StreamBomb, StreamDamaged
from archive.bag.names import escape_problem
from archive.errors import BagUnreadable

_LONGEST_HEADER = 1 << 20
"""Bytes of a pax or long-name header worth believing; real ones have a few hundred."""

MOST_FILES = 3_000_000
"""Files of a bag that are believed; headers of empty files cost a bomb next to nothing."""

_TOPS_TOLD = 5

TAR_ERRORS = (tarfile.TarError, ValueError, LookupError, OverflowError, EOFError, StreamDamaged)
"""What the standard library's tar reader and our own stream raise on rubbish."""

_COMPRESSED = (".tar.gz", ".tgz")


@dataclass(frozen=True, slots=True)
class Member:
    """A regular file of a bag.

    Attributes:
        path: Inside the bag, with slashes.
        size: Bytes.
        offset: Where its bytes start in a tar; -1 in a folder.
    """

    path: str
    size: int
    offset: int = -1


@dataclass(slots=True)
class Inventory:
    """What a bag holds, before its bytes are read.

    Attributes:
        members: Its regular files, in reading order.
        folders: Its folders.
        foreign_top: The one folder of a tar where it is named unlike the tar, else "".
        errors: What is wrong with its structure.
        warnings: What is merely odd.
    """

    members: list[Member] = field(default_factory=list)
    folders: set[str] = field(default_factory=set)
    foreign_top: str = ""
    errors: list[Finding] = field(default_factory=list)
    warnings: list[Finding] = field(default_factory=list)


class BagReader(Protocol):
    """An open bag."""

    inventory: Inventory
    foresees: bool
    """Whether the inventory is complete before any member is read."""

    def members(self) -> Iterator[Member]:
        """The regular files in reading order; the inventory is complete behind the last of them."""

    def blocks(self, member: Member) -> Iterator[bytes]:
        """The bytes of a member.

        Raises:
            OSError: They cannot be read to their end.
        """


def printable(path: str) -> str:
    """A path as it can be shown and written as JSON: bytes that are no UTF-8 become escapes."""
    return path.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def is_compressed(path: Path) -> bool:
    """Whether a file's name says that it is a tar packed with gzip."""
    return path.name.lower().endswith(_COMPRESSED)


def bag_name(path: Path) -> str:
    """The name a bag must have inside, by the name of its folder or file."""
    for suffix in (*_COMPRESSED, ".tar"):
        if path.name.lower().endswith(suffix):
            return path.name[: -len(suffix)]
    return path.name


@contextlib.contextmanager
def open_bag(path: Path) -> Iterator[BagReader]:
    """Open a folder, a tar or a tar packed with gzip.

    Raises:
        BagUnreadable: It is neither, or cannot be opened.
    """
    with contextlib.ExitStack() as stack:
        try:
            reader = _open(path, stack)
        except OSError as error:
            raise BagUnreadable(
                f"{path} cannot be read: {error.strerror or error}.", path=str(path)
            ) from error
        yield reader


def _open(path: Path, stack: contextlib.ExitStack) -> BagReader:
    if path.is_dir():
        return FolderReader(path)
    if not stat.S_ISREG(path.stat().st_mode):
        raise BagUnreadable(f"{path} is neither a folder nor a file.", path=str(path))
    file = cast("IO[bytes]", stack.enter_context(path.open("rb", buffering=0)))
    if is_compressed(path):
        return TarReader(cast("IO[bytes]", GzipStream(file)), bag_name(path), None)
    return TarReader(file, bag_name(path), path.stat().st_size)


class FolderReader:
    """A bag that is a folder. Links are reported and not followed.

    Args:
        root: The folder.
    """

    foresees = True

    def __init__(self, root: Path) -> None:
        self._root = root
        self.inventory = Inventory()
        for top, folders, files in os.walk(root, onerror=self._unreadable):
            folders.sort()
            inside = Path(top).relative_to(root).as_posix()
            for name in sorted([*files, *folders]):
                self._take(name if inside == "." else f"{inside}/{name}")

    def members(self) -> Iterator[Member]:
        """The regular files."""
        return iter(self.inventory.members)

    def blocks(self, member: Member) -> Iterator[bytes]:
        """The bytes of a member."""
        descriptor = os.open(f"{self._root}/{member.path}", os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
        with os.fdopen(descriptor, "rb", buffering=0) as file:
            while block := file.read(BLOCK):
                yield block

    def _take(self, relative: str) -> None:
        status = os.lstat(f"{self._root}/{relative}")
        if stat.S_ISDIR(status.st_mode):
            self.inventory.folders.add(relative)
        elif stat.S_ISREG(status.st_mode):
            self.inventory.members.append(Member(relative, status.st_size))
        else:
            self.inventory.errors.append(_no_file(relative, link=stat.S_ISLNK(status.st_mode)))

    def _unreadable(self, error: OSError) -> None:
        where = Path(str(error.filename))
        inside = where.relative_to(self._root).as_posix() if where.is_relative_to(self._root) else str(where)
        message = f"The folder cannot be read: {error.strerror}."
        self.inventory.errors.append(Finding(Rule.FILE_UNREADABLE, printable(inside), message))


class TarReader:
    """A bag that is a tar. Its headers are walked once, then its bytes read once.

    Where its size is not known beforehand, because it comes out of a compressed stream, headers and
    bytes are read in one go; so they are where going back is dear, because it comes over a network.

    Args:
        file: The tar, seekable.
        top: The name its top folder should have.
        size: Bytes of the tar; None where that is not known beforehand.
        one_go: Whether it is read in one go though its size is known.
    """

    def __init__(self, file: IO[bytes], top: str, size: int | None, *, one_go: bool = False) -> None:
        self._file = file
        self._top = top
        self._size = size
        self._seen: set[str] = set()
        self._tops: set[str] = set()
        self._dotted = False
        self.inventory = Inventory()
        self.foresees = size is not None and not one_go
        if self.foresees:
            for _ in self._walk():
                pass

    def members(self) -> Iterator[Member]:
        """The regular files, each to be read before the next one where the tar is read in one go."""
        return iter(self.inventory.members) if self.foresees else self._walk()

    def blocks(self, member: Member) -> Iterator[bytes]:
        """The bytes of a member; a warning where the padding after them is not zeros."""
        self._file.seek(member.offset)
        left = member.size
        while left:
            block = self._file.read(min(BLOCK, left))
            if not block:
                raise OSError("the tar ends within it")
            left -= len(block)
            yield block
        if any(self._file.read(-member.size % tarfile.BLOCKSIZE)):
            self.inventory.warnings.append(
                Finding(Rule.TAR_PADDING, printable(member.path), "The padding after it is not zeros.")
            )

    def _walk(self) -> Iterator[Member]:
        end = 0
        try:
            guarded = _GuardedHeaders(self._file, self._size)
            with tarfile.TarFile(
                fileobj=guarded, mode="r", encoding="utf-8", errors="surrogateescape"
            ) as tar:
                while (member := tar.next()) is not None:
                    tar.members.clear()  # type: ignore[attr-defined] # else memory grows with the tar
                    if member.offset < end or member.size < 0:
                        raise tarfile.ReadError("a header lies inside another member")
                    end = member.offset + tarfile.BLOCKSIZE
                    if (taken := self._take(member)) is not None:
                        yield taken
                    self._refuse_flood()
                end = tar.offset
            self._check_end(end)
        except StreamBomb as error:
            self._error(Rule.COMPRESSION_BOMB, "", f"It was not read to its end: {error}.")
        except TAR_ERRORS as error:
            self._damaged(f"It cannot be read as a tar from byte {end} on: {error}.")
        self._check_tops()

    def _refuse_flood(self) -> None:
        if len(self._seen) + len(self.inventory.folders) > MOST_FILES:
            raise StreamBomb(f"it holds more than {MOST_FILES} files")

    def _take(self, member: tarfile.TarInfo) -> Member | None:
        """Note a member of the tar; returns it where it is a file of the bag."""
        name = member.name.rstrip("/")
        if name == ".":
            self._dotted = True
            return None
        if name.startswith("./"):
            self._dotted = True
            name = name[2:]
        problem = escape_problem(name)
        if problem is None and any(component in {"", "."} for component in name.split("/")):
            problem = "is not in plain form"
        if problem is not None:
            self._error(Rule.UNSAFE_PATH, name, f"The member's name {problem}.")
            return None
        top, slash, path = name.partition("/")
        if len(self._tops) < _TOPS_TOLD:
            self._tops.add(top)
        if member.isdir():
            self.inventory.folders.add(path)
        elif not member.isreg() or member.issparse():
            self.inventory.errors.append(_no_file(path or name, link=member.issym() or member.islnk()))
        elif not slash:
            self._error(Rule.TOP_FOLDER, name, "The file lies beside the top folder, not in it.")
        elif path in self._seen:
            self._error(Rule.DUPLICATE_MEMBER, path, "The tar holds this file more than once.")
        else:
            self._seen.add(path)
            taken = Member(path, member.size, member.offset_data)
            self.inventory.members.append(taken)
            return taken
        return None

    def _check_tops(self) -> None:
        found = sorted(printable(top) for top in self._tops)
        if len(found) > 1:
            self._error(
                Rule.TOP_FOLDER,
                "",
                f"The tar must hold one folder and nothing beside it; it holds {', '.join(found)}.",
            )
        elif found and found != [self._top]:
            self.inventory.foreign_top = found[0]
        if self._dotted:
            self.inventory.warnings.append(
                Finding(Rule.TOP_FOLDER, "", "Names in the tar begin with ./, which some readers refuse.")
            )

    def _check_end(self, end: int) -> None:
        """After the last member come two blocks of zeros, and zeros only (POSIX pax, ustar format)."""
        self._file.seek(end)
        zeros = 0
        while block := self._file.read(BLOCK):
            if any(block):
                self._damaged(f"After byte {end} comes something that is no tar header and not the end.")
                return
            zeros += len(block)
        if zeros < tarfile.BLOCKSIZE:
            self._damaged("It ends without the end mark of a tar: it may have been cut off.")
        elif zeros < 2 * tarfile.BLOCKSIZE:
            self.inventory.warnings.append(
                Finding(Rule.TAR_PADDING, "", "The end mark of the tar is a single block of zeros.")
            )

    def _damaged(self, message: str) -> None:
        self.inventory.errors.append(Finding(Rule.TAR_DAMAGED, "", message))

    def _error(self, rule: Rule, path: str, message: str) -> None:
        self.inventory.errors.append(Finding(rule, printable(path), message))


class _GuardedHeaders(io.RawIOBase):
    """A tar file of which only headers are read: no length in a header may make us read or go back far."""

    def __init__(self, file: IO[bytes], size: int | None) -> None:
        super().__init__()
        self._file = file
        self._size = size
        self._furthest = 0
        file.seek(0)

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._file.tell()

    def read(self, size: int | None = -1) -> bytes:
        if size is None or not 0 <= size <= _LONGEST_HEADER:
            raise tarfile.ReadError(f"a header claims {size} bytes")
        block = self._file.read(size)
        self._furthest = self._file.tell()
        return block

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        # tarfile looks at the byte before the next header to notice a truncated member
        if whence == io.SEEK_SET and offset < self._furthest - tarfile.BLOCKSIZE - 1:
            raise tarfile.ReadError("a header points backwards")
        if whence == io.SEEK_SET and self._size is not None and offset > self._size:
            raise tarfile.ReadError("a member reaches beyond the end of the file")
        return self._file.seek(offset, whence)


def _no_file(path: str, *, link: bool) -> Finding:
    if link:
        return Finding(Rule.LINK, printable(path), "It is a link, which may lead out of the bag.")
    return Finding(
        Rule.SPECIAL_FILE, printable(path), "It is a device, pipe, socket or sparse file, not a plain file."
    )
