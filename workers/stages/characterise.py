# SPDX-License-Identifier: Apache-2.0
"""The characterise stage: technical metadata, checks and derivatives of a chunk of pages, page by page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from archive.imaging.checks import Expectation, inspect_page
from archive.imaging.derivatives import ACCESS_LONG_SIDE, ACCESS_QUALITY, Derivative, make_derivatives
from archive.imaging.opinions import Opinion
from archive.imaging.pixels import DecodedPage
from archive.imaging.quality.finding import CheckResult
from archive.imaging.quality.order import PageFacts
from archive.imaging.quality.profile import load_quality_profile
from archive.imaging.technical_metadata import TechnicalMetadata, read_technical_metadata
from archive.registry import Session
from archive.registry.events import append_event
from archive.registry.page_figures import record_page_figures
from archive.registry.pages import RecordedFile, file_of_page, record_checks, record_file
from archive.registry.tables import FileRow, PageRow
from workers.errors import MasterChanged, QualityHeld
from workers.stages.master_policy import tag_set_of
from workers.stages.outside_tools import ask_outside_tools, opinion_check
from workers.versions import recto_agent
from workers.work import Held, Work

INTEGRITY = frozenset({"fixity", "decode"})
"""Checks whose failure means that the bytes are not those that were captured."""

_AREA = frozenset({"br-x", "br-y"})
"""Settings that ask for an area of the glass."""

_WIDEST = 2000.0
"""Millimetres above which an area is none in millimetres."""


def characterise(work: Work) -> dict[str, Any] | Held:
    """Describe, check and derive from every page of the chunk that has not been yet.

    Returns:
        How many pages were looked at; or the reasons why the item is held.
    """
    pages = work.pages()
    opinions = ask_outside_tools(work, [page for page in pages if page.checks is None])
    results: list[tuple[PageRow, list[dict[str, Any]]]] = []
    for page in pages:
        with work.page(page.number):
            checks = page.checks
            if checks is None:
                checks = _characterise_page(work, page, opinions.get(page.id, ()))
        results.append((page, checks))
    blocking = [(page, check) for page, checks in results for check in checks if check["verdict"] == "hold"]
    if blocking:
        return Held(_why_held(blocking))
    return {"pages": len(pages)}


def _why_held(blocking: list[tuple[PageRow, dict[str, Any]]]) -> dict[str, Any]:
    sentences = "; ".join(f"page {page.number}: {check['sentence']}" for page, check in blocking[:5])
    more = f" (and {len(blocking) - 5} more)" if len(blocking) > 5 else ""  # noqa: PLR2004 (as shown above)
    return QualityHeld(f"{sentences}{more}", pages=sorted({page.number for page, _ in blocking})).to_json()


def _characterise_page(work: Work, page: PageRow, opinions: Sequence[Opinion]) -> list[dict[str, Any]]:
    with work.node.registry.reading() as session:
        master = file_of_page(session, page.id, "master")
    if master is None:
        raise MasterChanged(f"There is no master of page {page.number} in the registry.")
    path = work.folder / master.path
    technical = read_technical_metadata(path)
    inspected = inspect_page(
        path,
        technical,
        Expectation(
            dpi=work.manifest["resolution_dpi"],
            color=work.manifest["color_profile"],
            captured=page.source is None,
            sha256=master.sha256,
            sheet_mm=asked_area(work, page),
            tag_set=tag_set_of(work),
        ),
        load_quality_profile(quality_profile_of(work)),
    )
    checks = [
        *inspected.checks,
        *(opinion_check(opinion, captured=page.source is None) for opinion in opinions),
    ]
    technical = replace(technical, tools={opinion.agent: opinion.verdict for opinion in opinions})
    damaged = [check for check in checks if check.check in INTEGRITY and check.verdict == "hold"]
    if damaged:
        # no reason can make such a page acceptable, and nothing may be derived from it
        raise MasterChanged(f"The master of page {page.number} is not whole: {damaged[0].sentence}")
    derivatives = _derive(work, page, inspected.page or path)
    _record(work, page, master, technical, checks, derivatives)
    return [check.to_json() for check in checks]


def quality_profile_of(work: Work) -> str:
    """The quality profile that the pipeline asks for, else the station's."""
    return str(work.parameters.get("quality_profile", work.node.settings.quality.profile))


def scanner_of(page: PageRow) -> str:
    """The id of the scanner that captured a page; "" for a file that came from elsewhere."""
    device = (page.capture or {}).get("device") or {}
    return str(device.get("id") or "")


def asked_area(work: Work, page: PageRow) -> tuple[float, float] | None:
    """Width and height in mm of the area that the item's settings asked the scanner for; None where they did not.

    An area that nobody asked for is the whole glass, and feeders cut their images at the end of the sheet.
    """
    taken = (page.capture or {}).get("options") or {}
    if not set(work.item["settings"]) >= _AREA or not all(
        isinstance(taken.get(name), int | float) for name in ("tl-x", "tl-y", "br-x", "br-y")
    ):
        return None
    width, height = (float(taken[f"br-{axis}"]) - float(taken[f"tl-{axis}"]) for axis in "xy")
    # some old drivers count in pixels; no scanner has a glass of two metres
    return (width, height) if 0 < width < _WIDEST and 0 < height < _WIDEST else None


def _derive(work: Work, page: PageRow, master: Path | DecodedPage) -> dict[str, Derivative]:
    wants_rendition = work.parameters.get("ocr_rendition", True)
    made = make_derivatives(
        master,
        access=work.folder / f"access/{page.name}.jpg",
        thumbnail=work.folder / f"thumbnails/{page.name}.jpg",
        ocr_rendition=work.folder / f"renditions/{page.name}.png" if wants_rendition else None,
        dpi=work.manifest["resolution_dpi"],
        access_long_side=work.parameters.get("access_long_side", ACCESS_LONG_SIDE),
        access_quality=work.parameters.get("access_quality", ACCESS_QUALITY),
    )
    return {"access": made.access, "thumbnail": made.thumbnail}


def _record(
    work: Work,
    page: PageRow,
    master: FileRow,
    technical: TechnicalMetadata,
    checks: list[CheckResult],
    derivatives: dict[str, Derivative],
) -> None:
    with work.recording() as session:
        told = [check.to_json() for check in checks]
        record_checks(session, page.id, told, technical.to_json())
        if device := scanner_of(page):
            facts = PageFacts.of_checks(page.number, told)
            record_page_figures(
                session,
                page.id,
                batch=work.claim.batch,
                device=device,
                sharpness=None if facts.blank else facts.sharpness,
                noise=facts.noise,
            )
        for use in ("access", "thumbnail"):
            derivative = derivatives[use]
            record_file(
                session,
                work.claim.item,
                RecordedFile(
                    use=use,
                    path=str(derivative.path.relative_to(work.folder)),
                    mime=derivative.mime,
                    size=derivative.size,
                    sha256=derivative.sha256,
                    md5=derivative.md5,
                    page=page.id,
                ),
            )
        _tell(session, work, page, master, checks, technical.tools)


def _tell(
    session: Session,
    work: Work,
    page: PageRow,
    master: FileRow,
    checks: list[CheckResult],
    tools: dict[str, str],
) -> None:
    verdicts = {check.check: check.verdict for check in checks}
    found = set(verdicts.values())
    outcome = "fail" if "hold" in found else "warning" if "review" in found else "success"
    judged = {"tools": tools} if tools else {}
    for event_type, event_outcome, detail, others in (
        ("metadata extraction", "success", {"file": master.path}, ()),
        ("validation", outcome, {"file": master.path, "checks": verdicts, **judged}, tuple(tools)),
        ("migration", "success", {"file": master.path, "derived": [f"access/{page.name}.jpg"]}, ()),
    ):
        append_event(
            session,
            work.claim.batch,
            event_type,
            item=work.claim.item_name,
            page=page.number,
            outcome=event_outcome,
            detail=detail,
            agents=(recto_agent(), *others),
        )
