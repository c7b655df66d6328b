# SPDX-License-Identifier: Apache-2.0
"""The capture stage: a chunk of pages from the scanner, or taken in from existing images, each recorded on its own."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import structlog

from archive.digests import digest_file
from archive.fetching.addresses import is_address
from archive.imaging.accession import accession
from archive.imaging.master import MasterTags, WrittenMaster, write_master
from archive.imaging.raw_page import RawPage
from archive.registry.batches import pages_of
from archive.registry.events import append_event
from archive.registry.pages import RecordedFile, file_of_page, record_file, update_page
from archive.registry.tables import PageRow, UnitRow
from hardware.discovery import open_session
from hardware.errors import ScannerError
from hardware.scanner import BatchEnded, PageCompleted, PageFile, PageVoid, ScanRequest, ScanSession
from hardware.spool import facts_path, forget_page
from workers.devices import is_hot_folder
from workers.errors import CaptureRefused, CaptureWaits, DiskLow, MasterChanged, NextSheet, SourceMissing
from workers.page_profiles import page_profile, require_profile
from workers.raw_pages import raw_page_of
from workers.stages.attachments import take_in_attachments, takes_attachments
from workers.stages.capture_requirements import Requirements, set_up
from workers.stages.capture_resumption import (
    explain_in_batch,
    explain_shortfall,
    front_comes_again,
    refuse_to_scan_blindly,
)
from workers.stages.fetched_files import fetched_page, forget_fetched, image_suffix
from workers.stages.hot_folders import require_own_folder
from workers.stages.master_policy import master_policy_of
from workers.stages.originals import store_original
from workers.versions import recto_agent
from workers.work import Work

log = structlog.get_logger(__name__)

MIME = {
    ".tif": "image/tiff",
    ".tiff": "image/tiff",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
    ".jp2": "image/jp2",
}


def capture(work: Work) -> dict[str, Any]:
    """Bring every page of the chunk into the item's folder and into the registry.

    A page that is recorded and whose master still has its digest is never captured again. A page
    that was scanned but not yet recorded when a worker died is finished from its spool file.
    """
    pages = work.pages()
    outstanding = [page for page in pages if not _is_recorded(work, page)]
    for page in outstanding:
        if page.source is not None:
            with work.page(page.number):
                _take_in(work, page, page.source)
    if takes_attachments(work):
        take_in_attachments(work)
    to_scan = [page for page in outstanding if page.source is None and not _finish_from_spool(work, page)]
    if to_scan:
        # before a sheet moves
        require_profile(work.node.settings, work.item["scanner_id"] or "", work.manifest["color_profile"])
        refuse_to_scan_blindly(work, to_scan[0])
        _scan(work, to_scan)
    return {"pages": len(pages), "captured": len(outstanding)}


def _is_recorded(work: Work, page: PageRow) -> bool:
    with work.node.registry.reading() as session:
        master = file_of_page(session, page.id, "master")
    if master is None:
        return False
    path = work.folder / master.path
    if path.is_file() and digest_file(path, ["sha256"]).hexdigests()["sha256"] == master.sha256:
        # a worker that was killed behind the registry has left the page in the spool
        forget_page(_spool(work), page.number)
        return True
    # scanning again would put another page under the same name; a person must look first
    raise MasterChanged(f"The recorded master of page {page.number} is gone or altered: {path}.")


def _take_in(work: Work, page: PageRow, named: str) -> None:
    # fetched already by a stage before this one, or now
    fetched = fetched_page(work, page) if is_address(named) else None
    source = fetched.path if fetched else Path(named)
    if not source.is_file():
        raise SourceMissing(f"The image of page {page.number} is gone: {source}.")
    name = f"masters/{page.name}{image_suffix(source) if fetched else source.suffix.lower()}"
    written = accession(source, work.folder / name)
    if fetched and written.sha256 != fetched.sha256:
        written.path.unlink()
        forget_fetched(fetched)
        raise MasterChanged(f"The image of page {page.number} is not what was fetched from {fetched.url}.")
    facts: dict[str, Any] = {
        "source": fetched.url if fetched else str(source),
        "pixel_sha256": written.pixel_sha256,
        "device": None,
        "options": {},
        "simulated": False,
    }
    _record(work, page, written, name, facts, "ingestion")
    if fetched:
        forget_fetched(fetched)


def _spool(work: Work) -> Path:
    return work.folder / "spool"


def _scan(work: Work, pages: Sequence[PageRow]) -> None:
    device = work.item["scanner_id"]
    require_own_folder(work)
    with structlog.contextvars.bound_contextvars(device=device):
        try:
            with open_session(device, work.node.hardware()) as session:
                set_up(session, _options(work), _requirements(work))
                if needs_a_person_for_each_sheet(session):
                    _scan_the_sheet_on_the_glass(work, session, pages)
                else:
                    _scan_pages(work, session, pages)
        except ScannerError as error:
            explain_in_batch(work, error, _last_captured(work))
            raise


def _last_captured(work: Work) -> int:
    with work.node.registry.reading() as session:
        captured = [page.number for page in pages_of(session, work.claim.item) if page.capture is not None]
    return max(captured, default=0)


def needs_a_person_for_each_sheet(session: ScanSession) -> bool:
    """Whether a device is a real one without a feeder in use: the same sheet would be scanned again and again."""
    if session.device.simulated or is_hot_folder(session.device.id):
        return False
    names = {option.name for option in session.options()}
    source = str(session.get("source") if "source" in names else session.device.type).lower()
    return not any(word in source for word in ("feed", "adf", "duplex"))


def _scan_the_sheet_on_the_glass(work: Work, session: ScanSession, pages: Sequence[PageRow]) -> None:
    """Scan one page, when an operator has said that its sheet lies on the glass; then ask for the next."""
    with work.recording() as registry_session:
        unit = registry_session.get_one(UnitRow, work.claim.unit)
        ready, unit.ready = unit.ready, False
    if not ready:
        raise NextSheet(f"Page {pages[0].number} of {work.claim.item_name} is next.")
    _scan_pages(work, session, pages[:1])
    if len(pages) > 1:
        raise NextSheet(f"Page {pages[1].number} of {work.claim.item_name} is next.")


def _options(work: Work) -> dict[str, Any]:
    return {"resolution": work.manifest["resolution_dpi"], **work.item["settings"]}


def _requirements(work: Work) -> Requirements:
    return Requirements.of(work.manifest, work.item["settings"])


def _scan_pages(work: Work, session: ScanSession, pages: Sequence[PageRow]) -> None:
    remaining = list(pages)
    again = int(front_comes_again(work, pages[0]))
    while remaining:
        work.still_ours()
        first = remaining[0].number
        run = [page for index, page in enumerate(remaining) if page.number == first + index]
        request = ScanRequest(
            spool=_spool(work),
            pages=len(run) + again,
            first_page=first - again,
            batch=work.claim.batch,
            item=work.claim.item_name,
        )
        ended, kept = _one_run(work, session, request, run)
        again = 0
        done = [page for page in run if page.number in kept]
        remaining = [page for page in remaining if page.number not in kept]
        if remaining and len(done) < len(run):
            explain_shortfall(ended, done=len(done), remaining=remaining)


def _one_run(
    work: Work, session: ScanSession, request: ScanRequest, run: Sequence[PageRow]
) -> tuple[str, set[int]]:
    by_number = {page.number: page for page in run}
    kept: set[int] = set()
    for event in session.scan(request):
        if isinstance(event, PageCompleted) and event.page.number not in by_number:
            log.info("page.kept_already", page=event.page.number)
            forget_page(request.spool, event.page.number)
        elif isinstance(event, PageCompleted):
            page = by_number[event.page.number]
            _refuse_unlike_the_manifest(work, event.page)
            with structlog.contextvars.bound_contextvars(page=page.number):
                _make_master(work, page, event.page)
            kept.add(page.number)
            # not before: the page lies in the spool with its facts, for whoever owns the unit now
            _go_on_after(work, session, page)
        elif isinstance(event, PageVoid):
            raise event.error
        elif isinstance(event, BatchEnded):
            return event.reason, kept
    return "limit", kept


def _go_on_after(work: Work, session: ScanSession, page: PageRow) -> None:
    """Stop between two pages where that is due; a person must see where the sheets of a real scanner are then.

    Raises:
        DiskLow: The disk is nearly full, and the sheets lie in a real scanner.
        CaptureWaits, LeaseLost, TimeLimitReached, WorkerStops: See `Work.still_ours`.
    """
    try:
        work.still_ours()
    except CaptureWaits as error:
        if session.device.simulated or is_hot_folder(session.device.id):
            raise
        raise DiskLow(f"{error.message} The last good page is {page.number}.", **error.facts) from error


def _refuse_unlike_the_manifest(work: Work, scanned: PageFile) -> None:
    """Refuse a page that is not what the manifest demands, and leave nothing of it."""
    try:
        _requirements(work).refuse_page(scanned)
    except CaptureRefused:
        forget_page(_spool(work), scanned.number)
        raise


def _finish_from_spool(work: Work, page: PageRow) -> bool:
    """Finish a page that was scanned, but not recorded, before a worker died or gave up.

    Returns:
        Whether there was such a page.
    """
    facts = facts_path(_spool(work), page.number)
    if not facts.is_file():
        return False
    scanned = PageFile.from_json(json.loads(facts.read_bytes()))
    if not scanned.path.is_file():
        facts.unlink()
        return False
    _refuse_unlike_the_manifest(work, scanned)
    log.info("page.finished_from_spool", page=page.number)
    with work.page(page.number):
        _make_master(work, page, scanned)
    return True


def _make_master(work: Work, page: PageRow, scanned: PageFile) -> None:
    store_original(work, page, scanned)
    raw = raw_page_of(scanned)
    name = f"masters/{page.name}.tif"
    written = write_master(
        raw,
        work.folder / name,
        _tags(work, page, scanned),
        _icc(work, raw, scanned.device.id),
        master_policy_of(work),
    )
    facts = scanned.to_json() | {"simulated": scanned.device.simulated}
    del facts["path"], facts["pixel_offset"]
    _record(work, page, written, name, facts, "capture")
    forget_page(_spool(work), page.number)


def _icc(work: Work, raw: RawPage, device: str) -> bytes | None:
    if raw.bits_per_sample == 1:
        return None
    return page_profile(work.node.settings, device, work.manifest["color_profile"], raw.samples_per_pixel)


def _tags(work: Work, page: PageRow, scanned: PageFile) -> MasterTags:
    simulated = "Simulated scanner; not a real object. " if scanned.device.simulated else ""
    return MasterTags(
        document_name=f"{work.claim.batch}/{work.claim.item_name}/{page.name}",
        description=f"{simulated}{work.item['title']}, page {page.label}",
        make=scanned.device.vendor,
        model=scanned.device.model,
        software=recto_agent(),
        artist=work.manifest["institution"],
        copyright=work.item["rights"] or "",
        captured_at=scanned.finished_at,
    )


def _record(
    work: Work, page: PageRow, written: WrittenMaster, name: str, facts: dict[str, Any], event: str
) -> None:
    device = facts["device"]
    agents = tuple(
        agent
        for agent in (
            device and device["id"],
            work.node.settings.operator,
            recto_agent(),
            # pages that wait in a spool since before this was told have none
            device and device.get("driver"),
        )
        if agent
    )
    with work.recording() as session:
        update_page(session, page.id, capture=facts)
        record_file(
            session,
            work.claim.item,
            RecordedFile(
                use="master",
                path=name,
                mime=MIME.get(Path(name).suffix, "application/octet-stream"),
                size=written.size,
                sha256=written.sha256,
                md5=written.md5,
                page=page.id,
            ),
        )
        common = {"file": name, "sha256": written.sha256, "pixel_sha256": written.pixel_sha256}
        for event_type, detail in (
            (event, {**common, "simulated": facts["simulated"], "options": facts["options"]}),
            ("message digest calculation", {**common, "md5": written.md5, "size": written.size}),
        ):
            append_event(
                session,
                work.claim.batch,
                event_type,
                item=work.claim.item_name,
                page=page.number,
                detail=detail,
                agents=agents,
            )
