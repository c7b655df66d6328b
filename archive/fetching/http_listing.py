# SPDX-License-Identifier: Apache-2.0
"""What a web server has below a folder: by its index pages, or by a list of files that lies there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import unquote, urljoin

from archive.errors import AnswerUnusable
from archive.fetching.addresses import SourceAddress, parse_address
from archive.fetching.file_lists import LIST_SUFFIXES, ListedFile, read_list
from archive.fetching.index_pages import links_down
from archive.fetching.remote import Entry

if TYPE_CHECKING:
    from archive.fetching.http_server import HttpServer

_LIST_TYPES = {"text/plain": ".txt", "text/csv": ".csv", "application/json": ".json"}
DEEPEST = 3
"""Levels that are followed: items, their files, and one folder more, so that what lies there can be told."""


def files_of(server: HttpServer, start: SourceAddress) -> Iterator[Entry]:
    """All files below an address, in the order in which the server names them."""
    place, media_type, content = server.document(start)
    suffix = place.suffix if place.suffix in LIST_SUFFIXES else _LIST_TYPES.get(media_type, "")
    if suffix and media_type != "text/html":
        for listed in read_list(content, suffix, start.url):
            yield _entry(place, listed)
        return
    yield from _below(server, place, content, "")


def _entry(list_: SourceAddress, listed: ListedFile) -> Entry:
    """What a list names, with its path relative to the list where it lies below it."""
    if listed.written_as_url:
        address = parse_address(urljoin(list_.url, listed.name))
    else:
        folder = replace(list_, path=list_.path.rpartition("/")[0], query="")
        address = folder.below(listed.name)
    address = replace(address, declared=listed.declared.beside(address.declared))
    if address.scheme in {"http", "https"} and address.place == list_.place:
        address = replace(address, user=address.user or list_.user)
    folder_path = list_.path.rpartition("/")[0] + "/"
    below = address.path.removeprefix(folder_path) if address.origin == list_.origin else address.path
    name = unquote(below).lstrip("/")
    if below == address.path:
        # it lies elsewhere: its folder and its name tell enough
        name = "/".join(name.split("/")[-2:])
    return Entry(name, address, listed.item, listed.in_order)


def _below(server: HttpServer, place: SourceAddress, content: bytes, prefix: str) -> Iterator[Entry]:
    """What an index page lists, then what lies in its folders."""
    place = place.as_folder()
    if not content.lstrip().startswith(b"<"):
        raise AnswerUnusable(f"{place.url} is neither an index page nor a list of files.")
    names = links_down(content.decode("utf-8", "replace"), place.url)
    for name in names:
        if not name.endswith("/"):
            yield Entry(f"{prefix}{name}", place.below(name))
    if prefix.count("/") + 1 >= DEEPEST:
        return
    for name in names:
        # a name with %2F in it, or of dots, would lead elsewhere
        if name.endswith("/") and "/" not in name[:-1] and name.strip("./"):
            folder = place.below(name[:-1]).as_folder()
            where, _, page = server.document(folder)
            yield from _below(server, where, page, f"{prefix}{name}")
