# SPDX-License-Identifier: Apache-2.0
"""The assemble stage: the item's searchable PDF/A, its text, and what the text suggests."""

from __future__ import annotations

from typing import Any

from PIL import Image

from archive.durable import write_durably
from archive.registry.events import append_event
from archive.registry.pages import RecordedFile, files_of, record_file
from archive.registry.tables import FileRow, PageRow
from archive.text.key_phrases import suggest_key_phrases
from archive.text.language import suggest_language
from archive.text.searchable_pdf import PdfMetadata, PdfPage, assemble_pdf
from workers.stages.ocr import text_layer
from workers.stages.suggestions import record_suggestions
from workers.versions import package_version
from workers.work import Work


def assemble(work: Work) -> dict[str, Any]:
    """Make the item's PDF/A-2b and its text in the order of pages."""
    pages = work.pages()
    with work.node.registry.reading() as session:
        files = {(file.page, file.use): file for file in files_of(session, work.claim.item)}
    texts = [(work.folder / files[page.id, "text"].path).read_text(encoding="utf-8") for page in pages]
    # a form feed stands between pages, as in Tesseract's own output of many pages
    text = "\f".join(page_text.rstrip("\f") for page_text in texts)
    name = f"{work.claim.item_name}"
    write_durably(work.folder / f"{name}.txt", text.encode())
    assemble_pdf(
        [_pdf_page(work, page, files) for page in pages],
        work.folder / f"{name}.pdf",
        PdfMetadata(
            title=work.item["title"],
            creator=work.item["creator"] or "",
            language=work.item["language"] or work.node.settings.ocr.language,
        ),
    )
    language = suggest_language(text)
    phrases = suggest_key_phrases(text, language.value if language else "eng")
    suggestions = record_suggestions(work, [*([language] if language else []), *phrases])
    _record(work)
    return {"pages": len(pages), "characters": len(text), "suggestions": suggestions}


def _pdf_page(work: Work, page: PageRow, files: dict[tuple[int | None, str], FileRow]) -> PdfPage:
    access = work.folder / files[page.id, "access"].path
    technical = page.technical or {}
    with Image.open(access) as image:
        scale = image.width / technical["width"]
    return PdfPage(
        image=access,
        text_pdf=text_layer(work, page),
        dpi=work.manifest["resolution_dpi"] * scale,
        label=page.label,
    )


def _record(work: Work) -> None:
    name = work.claim.item_name
    # digested before the transaction: nobody else can write while it lasts
    files = [
        RecordedFile.on_disk(work.folder, f"{name}.pdf", use="pdf", mime="application/pdf"),
        RecordedFile.on_disk(work.folder, f"{name}.txt", use="text", mime="text/plain"),
    ]
    with work.recording() as session:
        for file in files:
            record_file(session, work.claim.item, file)
        append_event(
            session,
            work.claim.batch,
            "creation",
            item=name,
            detail={"file": f"{name}.pdf", "form": "PDF/A-2b"},
            agents=(f"pikepdf {package_version('pikepdf')}", f"img2pdf {package_version('img2pdf')}"),
        )
