# SPDX-License-Identifier: Apache-2.0
"""Formats are told by the first bytes of files, and by their names only where the bytes leave a choice."""

from __future__ import annotations

import gzip
import io
import itertools
import re
import tarfile
import zipfile
from pathlib import Path

import numpy as np
import pytest
import tifffile
from PIL import Image, PngImagePlugin

from archive.receiving.format_table import (
    ENDINGS,
    HTML,
    JFIF,
    JSON,
    PDF,
    PDF_A,
    PNG,
    SIGNATURES,
    TEXT,
    TEXT_BY_ENDING,
    VOCABULARIES,
    XHTML,
    XML,
)
from archive.receiving.formats import HEAD, FormatWatch, Identified, contradicts, identify_head

HOCR = (
    b'<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN"\n'
    b' "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">\n<html xmlns="http://www.w3.org/1999/xhtml">'
)
XMP = b"<pdfaid:part>%s</pdfaid:part><pdfaid:conformance>%s</pdfaid:conformance>"


def _image(form: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (8, 8), "white").save(buffer, form, **options)
    return buffer.getvalue()


def _exif() -> Image.Exif:
    exif = Image.Exif()
    exif.get_ifd(0x8769)[0x9000] = b"0221"
    return exif


def _png_with_text() -> bytes:
    text = PngImagePlugin.PngInfo()
    text.add_itxt("Title", "Brief")
    return _image("PNG", pnginfo=text)


def _big_tiff() -> bytes:
    buffer = io.BytesIO()
    tifffile.imwrite(buffer, np.zeros((4, 4), np.uint8), bigtiff=True)
    return buffer.getvalue()


def _zip() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("a", "b")
    return buffer.getvalue()


def _tar() -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("a"))
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("path", "content", "puid", "mime"),
    [
        ("a.tif", _image("TIFF"), "fmt/353", "image/tiff"),
        ("a.tif", b"MM\x00*\x00\x00\x00\x08", "fmt/353", "image/tiff"),
        ("a.tif", _big_tiff(), "fmt/1917", "image/tiff"),
        ("a.jpg", _image("JPEG"), "fmt/43", "image/jpeg"),
        ("a.jpg", b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x02\x00", "fmt/44", "image/jpeg"),
        (
            "a.jpg",
            b"\xff\xd8\xff\xe1\x00\x2aExif\x00\x00MM\x90\x00\x00\x07\x00\x00\x00\x040221",
            "fmt/645",
            "image/jpeg",
        ),
        (
            "a.jpg",
            b"\xff\xd8\xff\xe1\x00\x2aExif\x00\x00II\x00\x90\x07\x00\x04\x00\x00\x000231",
            "fmt/1507",
            "image/jpeg",
        ),
        ("a.jpg", b"\xff\xd8\xff\xdb\x00\x43", "fmt/41", "image/jpeg"),
        ("a.jp2", _image("JPEG2000"), "x-fmt/392", "image/jp2"),
        ("a.png", _image("PNG"), "fmt/11", "image/png"),
        ("a.png", _png_with_text(), "fmt/13", "image/png"),
        ("a.gif", _image("GIF"), "fmt/3", "image/gif"),
        ("a.pdf", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "fmt/276", "application/pdf"),
        ("a.zip", _zip(), "x-fmt/263", "application/zip"),
        ("a.gz", gzip.compress(b"x"), "x-fmt/266", "application/gzip"),
        ("a.tar", _tar(), "x-fmt/265", "application/x-tar"),
        ("a.html", HOCR, "fmt/102", "application/xhtml+xml"),
        ("a.html", b"<!doctype html><html><head>", "fmt/96", "text/html"),
        ("a.xml", b'\xef\xbb\xbf<?xml version="1.0"?>\n<!-- made --><thing/>', "fmt/101", "application/xml"),
        (
            "a.xml",
            '<?xml version="1.0" encoding="UTF-16"?><thing/>'.encode("utf-16"),
            "fmt/101",
            "application/xml",
        ),
        ("a.json", b' {"a": 1}', "fmt/817", "application/json"),
        ("a.csv", b"a,b\n1,2\n", "x-fmt/18", "text/csv"),
        ("a.md", b"# Title\n%PDF-1.4 is a header\n", "fmt/1149", "text/markdown"),
        ("a.txt", "Brief aus Köln".encode(), "x-fmt/111", "text/plain"),
        ("README", b"plain", "x-fmt/111", "text/plain"),
        ("a.txt", ("ä" * HEAD).encode()[: HEAD - 1] + b"\xc3", "x-fmt/111", "text/plain"),
        ("a.sig", bytes(range(64)), "", "application/octet-stream"),
        ("a.txt", b"Br\xfcssel", "", "application/octet-stream"),
        ("empty", b"", "", "application/x-empty"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_file_is_what_its_bytes_say(path: str, content: bytes, puid: str, mime: str) -> None:
    found = identify_head(path, content[:HEAD])
    assert (found.format.puid, found.format.mime) == (puid, mime)
    assert not contradicts(path, found)


@pytest.mark.parametrize(
    ("content", "name", "version"),
    [
        (
            b'<?xml version="1.0" encoding="UTF-8"?><alto xmlns="http://www.loc.gov/standards/alto/ns-v4#" SCHEMAVERSION="4.4">',
            "ALTO",
            "4.4",
        ),
        (b'<alto xmlns="http://www.loc.gov/standards/alto/ns-v4#">', "ALTO", "4"),
        (b'<?xml version="1.0"?>\n<mets:mets xmlns:mets="http://www.loc.gov/METS/">', "METS", ""),
        (b'<premis:premis xmlns:premis="http://www.loc.gov/premis/v3" version="3.0">', "PREMIS", "3.0"),
    ],
)
def test_an_xml_vocabulary_is_told_by_its_root(content: bytes, name: str, version: str) -> None:
    found = identify_head("a.xml", content)
    assert (found.format.name, found.format.version, found.by) == (name, version, "root element")
    assert found.format.puid == "fmt/101"


def test_a_name_that_promises_another_format_is_noticed() -> None:
    assert contradicts("page.tif", identify_head("page.tif", _image("JPEG")))
    assert contradicts("page.TIFF", identify_head("page.TIFF", b"a text"))
    # what is not known contradicts nothing
    assert not contradicts("page.tif", identify_head("page.tif", b"\0\1\2\3"))
    assert not contradicts("page.dat", identify_head("page.dat", _image("JPEG")))


def _watched(path: str, content: bytes, block: int) -> Identified:
    watch = FormatWatch()
    blocks = (content[start : start + block] for start in range(0, len(content), block))
    assert b"".join(watch.watched(path, blocks)) == content
    return watch.found[path]


@pytest.mark.parametrize("block", [7, 1000, 4096, 1 << 20])
@pytest.mark.parametrize(("part", "level"), [(b"1", b"A"), (b"2", b"B"), (b"3", b"U")])
def test_pdf_a_is_told_by_its_xmp_wherever_that_stands(part: bytes, level: bytes, block: int) -> None:
    content = b"%PDF-1.7\n" + bytes(5000) + XMP % (part, level) + bytes(9000)
    found = _watched("a.pdf", content, block).format
    assert (found.version, found.mime) == ((part + level).decode().lower(), "application/pdf")
    assert found.puid == PDF_A[found.version]


def test_pdf_a_4_needs_no_level_and_attributes_tell_it_too() -> None:
    content = b"%PDF-2.0\n" + b"<rdf:Description pdfaid:part='4' pdfaid:rev='2020'/>"
    assert _watched("a.pdf", content, 10).format.puid == "fmt/1910"


def test_what_is_no_pdf_is_not_searched_for_the_mark_of_pdf_a() -> None:
    assert _watched("a.xmp", b"<x:xmpmeta>" + XMP % (b"2", b"B"), 100).format.name == "XMP"


def test_files_of_one_format_share_what_is_kept_of_it() -> None:
    watch = FormatWatch()
    for name in ("a.tif", "b.tif"):
        list(watch.watched(name, [b"II*\x00"]))
    assert watch.found["a.tif"] is watch.found["b.tif"]


def test_the_table_names_each_pronom_format_once() -> None:
    puids = [signature.format.puid for signature in SIGNATURES]
    tables = [*PDF.values(), *PDF_A.values(), *JFIF.values(), *PNG.values()]
    assert len(set(tables)) == len(tables)
    assert not set(tables) & set(puids)
    assert all(puid.startswith(("fmt/", "x-fmt/")) for puid in itertools.chain(puids, tables))
    assert all(mimes for mimes in ENDINGS.values())


def test_the_handbook_names_every_format_of_the_table() -> None:
    handbook = (Path(__file__).parents[4] / "docs" / "receiving.md").read_text()
    told = [
        *(signature.format.puid for signature in SIGNATURES),
        *PDF_A.values(),
        *JFIF.values(),
        *PNG.values(),
    ]
    told += [form.puid for form in (XML, XHTML, HTML, TEXT, JSON, *TEXT_BY_ENDING.values())]
    assert [puid for puid in told if not re.search(rf"(?<![-/\w]){puid}\b", handbook)] == []
    assert [name for name in VOCABULARIES.values() if name not in handbook] == []
