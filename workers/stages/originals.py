# SPDX-License-Identifier: Apache-2.0
"""Files that pages were made from, such as a camera's raw file: into the item's folder, untouched, and recorded."""

from __future__ import annotations

from pathlib import Path

from archive.durable import sync_directory
from archive.imaging.color_profiles import color_profile
from archive.registry.events import append_event
from archive.registry.pages import RecordedFile, record_file
from archive.registry.tables import PageRow
from hardware.originals import Original
from hardware.scanner import PageFile
from hardware.spool import forget_page
from workers.errors import CaptureRefused, MasterChanged
from workers.versions import recto_agent
from workers.work import Work

MIME = {
    ".tif": "image/tiff",
    ".tiff": "image/tiff",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
    ".dng": "image/x-adobe-dng",
    ".arw": "image/x-sony-arw",
    ".cr2": "image/x-canon-cr2",
    ".cr3": "image/x-canon-cr3",
    ".nef": "image/x-nikon-nef",
    ".orf": "image/x-olympus-orf",
    ".pef": "image/x-pentax-pef",
    ".raf": "image/x-fuji-raf",
    ".rw2": "image/x-panasonic-rw2",
}
"""Media types by suffix; those of raw files as freedesktop.org's shared MIME database has them."""


def store_original(work: Work, page: PageRow, scanned: PageFile) -> None:
    """Bring the file that a page was made from, if there is one, from the spool to `originals/` and record it.

    It is recorded before the master that was made from it; done again after a crash, it is as done once.

    Raises:
        CaptureRefused: The pixels were made into another colour space than the manifest declares.
        MasterChanged: The file is gone, or is not what was captured; the page can be captured again.
    """
    original = scanned.original
    if original is None:
        return
    spool = scanned.path.parent
    _refuse_other_color_space(work, scanned, original)
    name = f"originals/{page.name}{Path(original.name).suffix.lower()}"
    destination = work.folder / name
    kept = original.path(spool, scanned.number)
    if kept.is_file():
        destination.parent.mkdir(parents=True, exist_ok=True)
        kept.replace(destination)
        sync_directory(destination.parent)
    mime = MIME.get(destination.suffix, "application/octet-stream")
    try:
        recorded = RecordedFile.on_disk(work.folder, name, use="original", mime=mime, page=page.id)
    except FileNotFoundError:
        recorded = None
    if recorded is None or recorded.sha256 != original.sha256:
        forget_page(spool, scanned.number)
        state = "gone" if recorded is None else "altered"
        raise MasterChanged(f"The original of page {page.number} is {state}: {destination}.")
    _record(work, page, recorded, original, scanned)


def _refuse_other_color_space(work: Work, scanned: PageFile, original: Original) -> None:
    declared = color_profile(work.manifest["color_profile"]).name
    if original.color_space and original.color_space != declared:
        forget_page(scanned.path.parent, scanned.number)
        raise CaptureRefused(
            f"The manifest declares {declared}; {original.name} was developed into {original.color_space}.",
            remedy=(
                f"Declare {original.color_space} as color_profile, or let the capture software write TIFF in "
                f"{declared} beside its raw files."
            ),
        )


def _record(work: Work, page: PageRow, recorded: RecordedFile, original: Original, scanned: PageFile) -> None:
    agents = (scanned.device.id, work.node.settings.operator, recto_agent())
    with work.recording() as session:
        record_file(session, work.claim.item, recorded)
        append_event(
            session,
            work.claim.batch,
            "ingestion",
            item=work.claim.item_name,
            page=page.number,
            detail={
                "file": recorded.path,
                "sha256": recorded.sha256,
                "md5": recorded.md5,
                "size": recorded.size,
                "name": original.name,
                "rendition": original.how,
            },
            agents=tuple(agent for agent in agents if agent),
        )
