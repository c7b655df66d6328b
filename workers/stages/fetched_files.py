# SPDX-License-Identifier: Apache-2.0
"""Files that came from a server, until they are pages or attachments: each with a note of where from and with which digest."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from shutil import disk_usage
from typing import Any

import structlog

from archive.digests import digest_file
from archive.durable import write_durably
from archive.fetching.addresses import SourceAddress, parse_address
from archive.fetching.download import Fetched, download
from archive.fetching.file_kinds import PAGE_SUFFIXES
from archive.fetching.servers import Servers
from archive.imaging.technical_metadata import read_header
from archive.registry.events import append_event
from archive.registry.tables import PageRow
from workers.errors import DiskLow
from workers.fetch_access import access_of
from workers.versions import recto_agent
from workers.work import Work

log = structlog.get_logger(__name__)

RESERVE_BYTES = 200 << 20
"""Room that is never used up, as in the validate stage."""

_SUFFIX_OF_FORMAT = {"TIFF": ".tif", "JPEG": ".jpg", "PNG": ".png", "JPEG 2000": ".jp2"}


@dataclass(frozen=True, slots=True)
class FetchedFile:
    """A file that came from a server and lies in the item's folder.

    Attributes:
        path: Where it lies.
        url: Where it came from.
        sha256: As it arrived.
        size: Bytes.
    """

    path: Path
    url: str
    sha256: str
    size: int

    def is_intact(self) -> bool:
        """Whether it is there and still what arrived."""
        return (
            self.path.is_file()
            and self.path.stat().st_size == self.size
            and digest_file(self.path, ["sha256"]).hexdigests()["sha256"] == self.sha256
        )


def fetched_page(work: Work, page: PageRow, servers: Servers | None = None) -> FetchedFile:
    """The image of a page that its manifest names on a server: fetched now, if it is not here yet.

    Args:
        work: A stage of the item.
        page: The page; its source is an address.
        servers: The servers, where the caller has connections open already.

    Raises:
        FetchError: It cannot be had; the class names the state.
        DiskLow: There is no room for it.
    """
    address = parse_address(page.source or "")
    known = address.suffix if address.suffix in PAGE_SUFFIXES else ""
    return _fetched(work, address, f"{page.name}{known}", f"masters/{page.name}{known}", page.number, servers)


def fetched_attachment(work: Work, source: str, name: str, servers: Servers | None = None) -> FetchedFile:
    """An attachment that lies on a server, under the name that it gets; errors as `fetched_page`."""
    return _fetched(work, parse_address(source), f"attachment-{name}", f"attachments/{name}", None, servers)


def forget_fetched(fetched: FetchedFile) -> None:
    """Remove a file that has become a page or an attachment, and its note."""
    _note(fetched.path).unlink(missing_ok=True)
    fetched.path.unlink(missing_ok=True)


def image_suffix(path: Path) -> str:
    """What the name of an image must end in: as it does, or as its contents say.

    Raises:
        DamagedImage, UnsupportedImage: It is no image.
    """
    suffix = path.suffix.lower()
    return suffix if suffix in PAGE_SUFFIXES else _SUFFIX_OF_FORMAT[read_header(path).format_name]


def _fetched(
    work: Work, address: SourceAddress, name: str, becomes: str, page: int | None, servers: Servers | None
) -> FetchedFile:
    destination = work.folder / "fetched" / name
    earlier = _noted(destination, address)
    if earlier is not None and earlier.is_intact():
        return earlier
    if servers is None:
        with Servers(access_of(work.node.settings)) as own:
            arrived = _download(work, own, address, destination)
    else:
        arrived = _download(work, servers, address, destination)
    _record(work, arrived, becomes, page)
    # behind the registry: what is noted here was recorded there
    fetched = FetchedFile(destination, arrived.url, arrived.sha256, arrived.size)
    write_durably(_note(destination), json.dumps(asdict(fetched) | {"path": destination.name}).encode())
    return fetched


def _note(file: Path) -> Path:
    return file.with_name(f"{file.name}.json")


def _noted(file: Path, address: SourceAddress) -> FetchedFile | None:
    try:
        noted = json.loads(_note(file).read_bytes())
    except (FileNotFoundError, ValueError):
        return None
    return FetchedFile(**{**noted, "path": file}) if noted.get("url") == address.url else None


def _download(work: Work, servers: Servers, address: SourceAddress, destination: Path) -> Fetched:
    def admit(size: int | None) -> None:
        # it is copied to its place as a page before it is removed here
        needed = 2 * (size or 0) + RESERVE_BYTES
        free = disk_usage(destination.parent).free
        if free < needed:
            raise DiskLow(
                f"The disk of {destination.parent} has {free >> 20} MiB free; {address.url} needs {needed >> 20} MiB."
            )

    work.still_ours()
    arrived = download(servers, address, destination, admit=admit, still=work.still_ours)
    log.info("file.fetched", url=arrived.url, size=arrived.size, resumed_at=arrived.resumed_at)
    return arrived


def _record(work: Work, arrived: Fetched, becomes: str, page: int | None) -> None:
    detail: dict[str, Any] = {
        "file": becomes,
        "url": arrived.url,
        "sha256": arrived.sha256,
        "md5": arrived.md5,
        "size": arrived.size,
        "etag": arrived.etag,
        "last_modified": arrived.modified,
    }
    if arrived.resumed_at:
        detail["resumed_at"] = arrived.resumed_at
    with work.recording() as session:
        append_event(
            session,
            work.claim.batch,
            "transfer",
            item=work.claim.item_name,
            page=page,
            detail=detail,
            agents=(recto_agent(),),
        )
