# SPDX-License-Identifier: Apache-2.0
"""The assemble stage: the item's searchable PDF/A, its text, and what the text suggests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PIL import Image

from archive.durable import write_durably
from archive.registry.events import append_event
from archive.registry.pages import RecordedFile, files_of, has_text_layer, record_file
from archive.registry.tables import FileRow, PageRow
from archive.text.searchable_pdf import PdfMetadata, PdfPage, assemble_pdf
from workers.stages.item_checks import record_order_checks
from workers.stages.ocr import text_layer
from workers.stages.suggestions import record_suggestions
from workers.stages.text_suggestions import SOURCES, text_suggestions
from workers.versions import package_version
from workers.work import Work

Files = Mapping[tuple[int | None, str], FileRow]
"""The item's files by page and use."""


def assemble(work: Work) -> dict[str, Any]:
    """Make the item's PDF/A-2b and its text in the order of pages.

    A page that was not read is in the PDF as an image; an item of which no page was read has no text.
    """
    pages = work.pages()
    with work.node.registry.reading() as session:
        files = {
            (file.page, file.use): file
            for file in files_of(session, work.claim.item)
            # a page may have a second access image, for image servers
            if (file.use, file.mime) != ("access", "image/jp2")
        }
    made = []
    text = _text(work, pages, files)
    if text is not None:
        write_durably(work.folder / f"{work.claim.item_name}.txt", text.encode())
        made.append(("txt", "text", "text/plain"))
    if work.parameters.get("pdf", True):
        _write_pdf(work, pages, files)
        made.append(("pdf", "pdf", "application/pdf"))
    found = text_suggestions(
        *(work.folder, pages, files, text or "", work.parameters.get("kinds")), named=work.item["language"]
    )
    suggestions = record_suggestions(work, found, instead_of=SOURCES)
    record_order_checks(work, pages, files)
    _record(work, made)
    return {"pages": len(pages), "characters": len(text or ""), "suggestions": suggestions}


def _text(work: Work, pages: Sequence[PageRow], files: Files) -> str | None:
    """The text of the item; None where none of its pages was read."""
    read = [files.get((page.id, "text")) for page in pages]
    if not any(read):
        return None
    texts = [(work.folder / file.path).read_text(encoding="utf-8") if file else "" for file in read]
    # a form feed stands between pages, as in Tesseract's own output of many pages
    return "\f".join(page_text.rstrip("\f") for page_text in texts)


def _write_pdf(work: Work, pages: Sequence[PageRow], files: Files) -> None:
    assemble_pdf(
        [_pdf_page(work, page, files) for page in pages],
        work.folder / f"{work.claim.item_name}.pdf",
        PdfMetadata(
            title=work.item["title"],
            creator=work.item["creator"] or "",
            language=work.item["language"] or work.node.settings.ocr.language,
        ),
    )


def _pdf_page(work: Work, page: PageRow, files: Files) -> PdfPage:
    access = work.folder / files[page.id, "access"].path
    technical = page.technical or {}
    with Image.open(access) as image:
        scale = image.width / technical["width"]
    return PdfPage(
        image=access,
        text_pdf=text_layer(work, page) if (page.id, "text") in files and has_text_layer(page) else None,
        dpi=work.manifest["resolution_dpi"] * scale,
        label=page.label,
    )


def _record(work: Work, made: Sequence[tuple[str, str, str]]) -> None:
    """Record what was made: suffix, use and media type of each file."""
    name = work.claim.item_name
    # digested before the transaction: nobody else can write while it lasts
    files = [
        RecordedFile.on_disk(work.folder, f"{name}.{suffix}", use=use, mime=mime)
        for suffix, use, mime in made
    ]
    with work.recording() as session:
        known = {(file.path, file.sha256) for file in files_of(session, work.claim.item)}
        if all((file.path, file.sha256) in known for file in files):
            # the attempt before this one died when it had recorded them
            return
        for file in files:
            record_file(session, work.claim.item, file)
        if any(file.use == "pdf" for file in files):
            append_event(
                session,
                work.claim.batch,
                "creation",
                item=name,
                detail={"file": f"{name}.pdf", "form": "PDF/A-2b"},
                agents=(f"pikepdf {package_version('pikepdf')}", f"img2pdf {package_version('img2pdf')}"),
            )
