# SPDX-License-Identifier: Apache-2.0
"""Listing a server within limits: pages by item, digests from the lists beside them, and whatever is wrong with names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field, replace

from archive.errors import HostNotAllowed, SourceTooLarge
from archive.fetching.access import Access
from archive.fetching.addresses import Declared, SourceAddress
from archive.fetching.file_kinds import FileKind, kind_of, name_problem, natural_key
from archive.fetching.file_lists import CHECKSUM_FILES, read_checksums
from archive.fetching.findings import Finding
from archive.fetching.remote import Entry
from archive.fetching.servers import Servers
from archive.manifest.names import same_name_key
from archive.progress import ProgressCallback, no_progress
from archive.progress_meter import ProgressMeter

LARGEST_CHECKSUMS = 64 << 20
"""Bytes of a file of digests that is read: as many as for any list."""


@dataclass(frozen=True, slots=True)
class FoundItem:
    """A folder of pages, to become an item.

    Attributes:
        name: The folder's name.
        pages: The pages in order, as a manifest names them: relative paths or addresses.
        others: Files that go along with them, likewise.
    """

    name: str
    pages: tuple[str, ...]
    others: tuple[str, ...] = ()


@dataclass(slots=True)
class Found:
    """What was found in a folder or on a server.

    Attributes:
        items: The items in order.
        findings: What is to be told of the rest.
    """

    items: list[FoundItem] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


def list_server(
    servers: Servers,
    start: SourceAddress,
    *,
    one_item: bool = False,
    progress: ProgressCallback = no_progress,
) -> Found:
    """List what lies below an address: each folder one item.

    Args:
        servers: The servers.
        start: A folder, or a list of files.
        one_item: Whether what lies directly there is one item, instead.
        progress: Told of files; may raise to end it.

    Raises:
        FetchError: The server cannot be listed, or names more files than the limits allow.
    """
    entries = []
    meter = ProgressMeter(progress, f"Listing {start.place}", None, "files")
    meter.start()
    for entry in servers.of(start).files(start):
        entries.append(entry)
        meter.advance(1)
        if len(entries) > servers.access.most_files:
            raise SourceTooLarge(
                f"{start.url} has more than {servers.access.most_files} files.",
                remedy="List a smaller part of it, or raise fetch.most_files in the settings.",
            )
    meter.finish()
    return sort_out(_with_digests(servers, entries), start, servers.access, one_item=one_item)


def _with_digests(servers: Servers, entries: list[Entry]) -> list[Entry]:
    """The entries with what files of digests beside them, or above them, declare."""
    said: dict[str, Declared] = {}
    for entry in entries:
        folder, _, last = entry.name.rpartition("/")
        algorithm = CHECKSUM_FILES.get(last.lower())
        if algorithm and not entry.problem and not name_problem(entry.name):
            content = _small_file(servers, entry.address)
            for path, declared in read_checksums(content, algorithm).items():
                whole = f"{folder}/{path}" if folder else path
                said[whole] = said.get(whole, Declared()).beside(declared)
    return [
        replace(entry, address=replace(entry.address, declared=said[entry.name].beside(entry.declared)))
        if entry.name in said
        else entry
        for entry in entries
    ]


def _small_file(servers: Servers, address: SourceAddress) -> bytes:
    content = bytearray()
    with closing(servers.of(address).open(address)) as remote:
        while block := remote.read():
            content += block
            if len(content) > LARGEST_CHECKSUMS:
                raise SourceTooLarge(f"{address.url} is longer than {LARGEST_CHECKSUMS >> 20} MiB.")
    return bytes(content)


def sort_out(
    entries: Iterable[Entry], start: SourceAddress, access: Access, *, one_item: bool = False
) -> Found:
    """Put entries into items, and tell of those that fit into none.

    Nothing is taken from another host than the one that was listed, unless `access.hosts` names it.
    """
    found = Found()
    folders: defaultdict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        if problem := _refusal(entry, start, access):
            found.findings.append(problem)
            continue
        item = _item_of(entry, start, one_item=one_item)
        kind = kind_of(entry.name)
        if kind is FileKind.CHECKSUMS:
            continue
        if kind is FileKind.HIDDEN or item is None:
            reason = "it belongs to an operating system" if kind is FileKind.HIDDEN else _misplaced(entry)
            found.findings.append(left_out(entry.name, reason))
        else:
            folders[item].append(entry)
    for name in sorted(folders, key=natural_key):
        found.findings += _doubled(folders[name])
        ordered = all(entry.in_order for entry in folders[name])
        files = folders[name] if ordered else sorted(folders[name], key=lambda entry: natural_key(entry.name))
        pages = tuple(entry.address.whole for entry in files if kind_of(entry.name) is FileKind.PAGE)
        others = tuple(entry.address.whole for entry in files if kind_of(entry.name) is FileKind.OTHER)
        found.items.append(FoundItem(name, pages, others))
    return found


def _refusal(entry: Entry, start: SourceAddress, access: Access) -> Finding | None:
    if entry.problem:
        return left_out(entry.name, entry.problem)
    if reason := name_problem(entry.name):
        return Finding(
            "error",
            "name",
            entry.name,
            f"The name {entry.name!a} {reason}.",
            "Have the file renamed, or leave it out of the list.",
        )
    if entry.address.origin == start.origin:
        return None
    try:
        access.require_host(entry.address)
        allowed = bool(access.hosts)
    except HostNotAllowed:
        allowed = False
    if not allowed:
        return Finding(
            "error",
            "other-host",
            entry.name,
            f"{entry.address.url} is not on {start.place}, which was listed.",
            f"If it is to be trusted, name both {start.place} and {entry.address.place} in fetch.hosts of the settings.",
        )
    return None


def _item_of(entry: Entry, start: SourceAddress, *, one_item: bool) -> str | None:
    """The item that a file belongs to; None where it lies too high or too deep."""
    if entry.item:
        return entry.item
    folder, _, _ = entry.name.rpartition("/")
    own = start.plain_path.rstrip("/").rpartition("/")[2] or start.host
    if one_item:
        return own if not folder else None
    return folder if folder and "/" not in folder else None


def _misplaced(entry: Entry) -> str:
    if "/" in entry.name:
        return "it lies in a folder within an item's folder"
    return "it lies in no item's folder"


def left_out(name: str, reason: str) -> Finding:
    """The note that a file was left out."""
    return Finding("note", "left-out", name, f"{name!a} was left out: {reason}.")


def _doubled(entries: list[Entry]) -> Iterator[Finding]:
    """Names in one folder that are the same, or that some systems take for the same."""
    first: dict[str, str] = {}
    for entry in entries:
        key = same_name_key(entry.name)
        earlier = first.get(key)
        first[key] = entry.name
        if earlier is not None:
            same = (
                "is there twice"
                if earlier == entry.name
                else f"differs from {earlier!a} only in case or accents"
            )
            yield Finding(
                "error",
                "doubled-name",
                entry.name,
                f"{entry.name!a} {same}.",
                "Find out which of them is the page, and leave the other out.",
            )


def declared_by(items: Iterable[FoundItem]) -> Mapping[str, int]:
    """How many pages there are, and how many of them have a declared digest."""
    pages = [page for item in items for page in item.pages]
    return {"pages": len(pages), "with_digest": sum("#sha256=" in page or "#md5=" in page for page in pages)}
