# SPDX-License-Identifier: Apache-2.0
"""One searchable PDF/A-2b of an item: its access JPEGs with the recognised text lying invisibly over them."""

from __future__ import annotations

import errno
import os
import re
import tempfile
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from archive.durable import sync_directory
from archive.errors import PdfNotArchival, TextError, WorkerExtraMissing
from archive.text.language_tags import language_tags
from archive.unfinished_files import living_folder

if TYPE_CHECKING:
    import pikepdf

FLAVOUR = "2b"
"""ISO 19005-2, level B. No attachments, so that archives that refuse PDF/A-3 take it."""

_GROUP = 50
"""Pages that are in memory at a time."""

_POINTS_PER_INCH = 72.0
_METADATA_DATE = re.compile(rb"<xmp:MetadataDate>[^<]*</xmp:MetadataDate>|\sxmp:MetadataDate=\"[^\"]*\"")


@dataclass(frozen=True, slots=True)
class PdfPage:
    """One page of the PDF.

    Attributes:
        image: The access JPEG; its bytes go into the PDF unchanged.
        text_pdf: Tesseract's text-only PDF of the page, or None.
        dpi: Pixels per inch of the access JPEG, which decides the size of the page.
        label: What a reader calls the page, such as "xii"; may be empty.
    """

    image: Path
    text_pdf: Path | None
    dpi: float
    label: str


@dataclass(frozen=True, slots=True)
class PdfMetadata:
    """What the PDF says about itself.

    Attributes:
        title: Title of the item.
        creator: Its author or creator; may be empty.
        language: Languages or models of the text, joined by "+", as a manifest names them; may be empty.
        subject: What it is about; may be empty.
        created: ISO 8601 time to give as the date of creation; without one the PDF has no date.
        software: Name and version of the program, written as the creator tool.
    """

    title: str
    creator: str = ""
    language: str = ""
    subject: str = ""
    created: str = ""
    software: str = "Recto"


class _Bag(set[str]):
    """What pikepdf writes as an rdf:Bag; always in the same order, which a set of texts has not."""

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(super().__iter__()))


def assemble_pdf(pages: Sequence[PdfPage], destination: Path, metadata: PdfMetadata) -> Path:
    """Write a searchable PDF/A-2b and validate it; the same input gives the same bytes.

    Args:
        pages: The pages in order.
        destination: The PDF's path; an existing file is replaced only by a valid one.
        metadata: What the PDF says about itself.

    Returns:
        The destination.

    Raises:
        TextError: There are no pages, or an image or text PDF cannot be read.
        PdfNotArchival: The result does not conform; nothing was written.
        WorkerExtraMissing: img2pdf or pikepdf is not installed.
        OSError: The disk is full or failing; nothing was written.
    """
    if not pages:
        raise TextError(f"There are no pages for {destination.name}.")
    _require_libraries()
    destination.parent.mkdir(parents=True, exist_ok=True)
    place = tempfile.TemporaryDirectory(prefix=".pdf.", suffix=".part", dir=destination.parent)
    with place as folder, living_folder(Path(folder)):
        images = _all_images(pages, Path(folder))
        with _opened(images) as document:
            for page, target in zip(pages, document.pages, strict=True):
                if page.text_pdf is not None:
                    _lay_text_over(page.text_pdf, target)
            _label(document, pages)
            _outline(document, pages)
            _describe(document, metadata)
            _save(document, Path(folder) / "item.pdf", destination, metadata)
    return destination


def _require_libraries() -> None:
    try:
        import img2pdf  # noqa: F401 - asked for early, before pages are read
        import pikepdf.pdfa  # noqa: F401
    except ImportError as error:
        raise WorkerExtraMissing("Making PDF/A needs the libraries img2pdf and pikepdf[pdfa].") from error


def _all_images(pages: Sequence[PdfPage], folder: Path) -> Path:
    """One temporary PDF of all images, joined by qpdf: copying pages in pikepdf would keep them in memory."""
    import pikepdf

    groups = [
        _image_group(pages[start : start + _GROUP], folder / f"{start}.pdf")
        for start in range(0, len(pages), _GROUP)
    ]
    joined = folder / "images.pdf"
    parts = [str(group) for group in groups]
    pikepdf.Job(["qpdf", "--deterministic-id", "--empty", "--pages", *parts, "--", str(joined)]).run()
    return joined


@contextmanager
def _opened(images: Path) -> Iterator[pikepdf.Pdf]:
    """The joined images; a file that a full disk cut short is refused and not repaired."""
    import pikepdf

    try:
        document = pikepdf.open(images, attempt_recovery=False)
    except pikepdf.PdfError as error:
        raise OSError(errno.EIO, f"a temporary PDF was not written whole: {error}", str(images)) from error
    with document:
        yield document


def _image_group(pages: Sequence[PdfPage], destination: Path) -> Path:
    """A temporary PDF with the JPEGs of some pages as they are."""
    import img2pdf

    sizes = iter([page.dpi for page in pages])

    def layout(width: float, height: float, _dpi: tuple[float, float]) -> tuple[float, float, float, float]:
        factor = _POINTS_PER_INCH / next(sizes)
        return width * factor, height * factor, width * factor, height * factor

    contents = []
    for page in pages:
        if page.dpi <= 0:
            raise TextError(f"A resolution of {page.dpi} dpi for {page.image} is not one.")
        try:
            contents.append(page.image.read_bytes())
        except OSError as error:
            raise TextError(f"The page image {page.image} cannot be read: {error.strerror}.") from error
    try:
        with destination.open("wb") as file:
            img2pdf.convert(
                contents,
                outputstream=file,
                layout_fun=layout,
                rotation=img2pdf.Rotation.ifvalid,
                nodate=True,
                engine=img2pdf.Engine.pikepdf,
            )
    except (img2pdf.ImageOpenError, ValueError, SyntaxError) as error:
        names = ", ".join(page.image.name for page in pages)
        raise TextError(f"One of the page images cannot be read ({names}): {error}") from error
    return destination


def _lay_text_over(text_pdf: Path, target: pikepdf.Page) -> None:
    import pikepdf

    try:
        # from memory: the source stays open as long as the document, and files are few
        text = pikepdf.open(BytesIO(text_pdf.read_bytes()))
        form = text.pages[0].as_form_xobject()
        # a name of our own: add_overlay would take a random one, and no two PDFs would be equal
        name = target.add_resource(form, pikepdf.Name.XObject, pikepdf.Name.RecognisedText)
        placement = target.calc_form_xobject_placement(
            form,
            name,
            pikepdf.Rectangle(*_box(target)),
            allow_shrink=True,
            allow_expand=True,
            invert_transformations=True,
        )
        target.contents_add(b"q\n", prepend=True)
        target.contents_add(b"Q\n" + placement)
        target.contents_coalesce()
    except (OSError, IndexError, pikepdf.PdfError) as error:
        raise TextError(f"The text of {text_pdf} cannot be laid over its page: {error}") from error


def _box(page: pikepdf.Page) -> Iterator[float]:
    return (float(cast("Any", edge)) for edge in page.mediabox)


def _label(document: pikepdf.Pdf, pages: Sequence[PdfPage]) -> None:
    """Page labels (ISO 32000-1, 12.4.2): one range a page with the label as its prefix."""
    import pikepdf

    if not any(page.label for page in pages):
        return
    numbers: list[Any] = []
    for index, page in enumerate(pages):
        label = {"/P": pikepdf.String(page.label)} if page.label else {"/S": pikepdf.Name.D, "/St": index + 1}
        numbers += [index, pikepdf.Dictionary(label)]
    document.Root.PageLabels = pikepdf.Dictionary(Nums=pikepdf.Array(numbers))


def _outline(document: pikepdf.Pdf, pages: Sequence[PdfPage]) -> None:
    """An outline (ISO 32000-1, 12.3.3) with an entry for each page that a reader calls by a name."""
    import pikepdf

    if not any(page.label for page in pages):
        return
    with document.open_outline() as outline:
        for index, page in enumerate(pages):
            if page.label:
                outline.root.append(pikepdf.OutlineItem(_printable(page.label), index))


def _describe(document: pikepdf.Pdf, metadata: PdfMetadata) -> None:
    import pikepdf

    languages = language_tags(metadata.language)
    if languages:
        document.Root.Lang = pikepdf.String(languages[0])
    document.Root.ViewerPreferences = pikepdf.Dictionary(DisplayDocTitle=True)
    with document.open_metadata(set_pikepdf_as_editor=False) as xmp:
        xmp["dc:title"] = _printable(metadata.title)
        xmp["xmp:CreatorTool"] = _printable(metadata.software)
        if metadata.creator:
            xmp["dc:creator"] = [_printable(metadata.creator)]
        if metadata.subject:
            xmp["dc:description"] = _printable(metadata.subject)
        if languages:
            xmp["dc:language"] = _Bag(languages)
        if metadata.created:
            xmp["xmp:CreateDate"] = metadata.created


def _printable(text: str) -> str:
    """The text without the characters that XML cannot carry; marks of its direction stay."""
    return "".join(character for character in text if character in "\n\t" or _can_stand(character))


def _can_stand(character: str) -> bool:
    # Cc: control; Cs: half a character; Cn: none. Cf, which str.isprintable() refuses, holds the marks of direction
    return unicodedata.category(character) not in {"Cc", "Cs", "Cn"}


def _save(document: pikepdf.Pdf, draft: Path, destination: Path, metadata: PdfMetadata) -> None:
    """Write and validate a draft beside the destination, then give it its name."""
    from pikepdf import pdfa

    pdfa.prepare(document, FLAVOUR, output_intent="sRGB")
    stamp = f"<xmp:MetadataDate>{metadata.created}</xmp:MetadataDate>" if metadata.created else ""
    packet = document.Root.Metadata
    packet.write(_METADATA_DATE.sub(stamp.encode(), packet.read_bytes()))
    document.save(draft, **pdfa.resolve_save_kwargs(FLAVOUR, deterministic_id=True))
    report = pdfa.validate_written(draft, FLAVOUR)
    if report.verdict != "pass":
        raise PdfNotArchival(
            f"{destination.name} is not PDF/A-{FLAVOUR}: {report.verdict}",
            findings=[str(finding) for finding in report.findings][:20],
        )
    with draft.open("rb") as file:
        os.fsync(file.fileno())
    draft.replace(destination)
    sync_directory(destination.parent)
