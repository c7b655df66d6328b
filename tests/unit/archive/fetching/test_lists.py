# SPDX-License-Identifier: Apache-2.0
"""Lists of files and index pages are read as they are written, or refused with the line that is wrong."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.errors import AnswerUnusable
from archive.fetching.addresses import Declared
from archive.fetching.file_kinds import FileKind, kind_of, name_problem, natural_key
from archive.fetching.file_lists import read_checksums, read_list
from archive.fetching.index_pages import links_down

SHA, MD5 = "ab" * 32, "cd" * 16


def names(content: str, suffix: str = ".txt") -> list[str]:
    return [listed.name for listed in read_list(content.encode(), suffix, "the list")]


def test_a_plain_list_is_one_address_a_line() -> None:
    assert names("# scans of volume 1\n\nhttps://h/b.tif\r\nvol/a.tif\n") == ["https://h/b.tif", "vol/a.tif"]


def test_a_bagit_manifest_gives_digests_and_no_order() -> None:
    listed = read_list(f"{SHA}  data/a b.tif\n{MD5} *data/c.tif\n".encode(), ".txt", "the list")
    assert [(one.name, one.declared, one.in_order) for one in listed] == [
        ("data/a b.tif", Declared(sha256=SHA), False),
        ("data/c.tif", Declared(md5=MD5), False),
    ]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_table_may_have_its_columns_in_any_order(delimiter: str) -> None:
    text = f"SHA256,url,size,item\n{SHA},vol/a.tif,12,Volume 1\n,,,\n,vol/b.tif,,\n".replace(",", delimiter)
    listed = read_list(b"\xef\xbb\xbf" + text.encode(), ".txt", "the list")
    assert [(one.name, one.declared, one.item) for one in listed] == [
        ("vol/a.tif", Declared(sha256=SHA, size=12), "Volume 1"),
        ("vol/b.tif", Declared(), ""),
    ]


def test_json_may_be_a_list_of_addresses_or_of_objects() -> None:
    entries = ["a.tif", {"url": "b.tif", "md5": MD5, "size": 5, "item": None}]
    for document in (entries, {"files": entries}):
        listed = read_list(json.dumps(document).encode(), ".json", "the list")
        assert [(one.name, one.declared) for one in listed] == [
            ("a.tif", Declared()),
            ("b.tif", Declared(md5=MD5, size=5)),
        ]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\xff\xfe\x00", "UTF-8"),
        (b"{", "list of files"),
        (b'{"a": 1}', "files"),
        (b"[1]", "entry 1"),
        (b'[{"sha256": ""}]', "names no file"),
        (b"url,size\na.tif,many\n", "row 2"),
        (b"url,sha256\na.tif,abc\n", "row 2"),
        (b"[" * 100_000, "list of files"),
    ],
)
def test_what_is_no_list_is_told(content: bytes, said: str) -> None:
    with pytest.raises(AnswerUnusable, match=said):
        read_list(content, ".txt", "the list")


@given(st.binary(max_size=200))
def test_whatever_a_server_sends_is_a_list_or_is_refused(content: bytes) -> None:
    for suffix in (".txt", ".csv", ".json"):
        try:
            read_list(content, suffix, "the list")
        except AnswerUnusable:
            continue
    read_checksums(content, "sha256")


NGINX = """<html><head><title>Index of /scans/</title></head><body><h1>Index of /scans/</h1><hr><pre>
<a href="../">../</a>
<a href="vol-1/">vol-1/</a>                   02-Jan-2026 10:00       -
<a href="0001%20a.tif">0001 a.tif</a>         02-Jan-2026 10:00  123456
</pre><hr></body></html>"""
PYTHON = """<!DOCTYPE HTML><html lang="en"><body><h1>Directory listing for /scans/</h1><hr><ul>
<li><a href="vol-1/">vol-1/</a></li><li><a href="a%23b.tif">a#b.tif</a></li></ul></body></html>"""
APACHE = """<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 3.2 Final//EN"><html><body><table>
<tr><th><a href="?C=N;O=D">Name</a></th><th><a href="?C=M;O=A">Last modified</a></th></tr>
<tr><td><a href="/">Parent Directory</a></td></tr><tr><td><a href="vol-1/">vol-1/</a></td></tr>
<tr><td><a href="x.tif">x.tif</a></td></tr><tr><td><A HREF='x.tif'><img></A></td></tr></table></body></html>"""
STRANGE = """<a href="https://elsewhere.example/a.tif">1</a><a href="//elsewhere.example/b.tif">2</a>
<a href="../../etc/passwd">3</a><a href="/scans/deep/er/c.tif">4</a><a href="javascript:alert(1)">5</a>
<a href="file:///etc/passwd">6</a><a href="http://[broken">7</a><a href="#top">8</a><a href="">9</a>
<a href="x/../ok.tif">10</a><a name="nothing">11</a><a href="/scans/whole.tif">12</a><a href="a/../../up.tif">13</a>"""


@pytest.mark.parametrize(
    ("page", "found"),
    [
        (NGINX, ["vol-1/", "0001 a.tif"]),
        (PYTHON, ["vol-1/", "a#b.tif"]),
        (APACHE, ["vol-1/", "x.tif"]),
        (STRANGE, ["ok.tif", "whole.tif"]),
    ],
)
def test_only_what_lies_directly_below_an_index_page_is_followed(page: str, found: list[str]) -> None:
    assert links_down(page, "http://host/scans/") == found


@given(st.text(max_size=200))
def test_no_page_makes_the_reader_stumble(page: str) -> None:
    assert all("/" not in name[:-1] or "%" in page for name in links_down(page, "http://host/scans/"))


def test_pages_are_sorted_as_people_count() -> None:
    pages = ["p10.tif", "p2.tif", "P1.tif", "p02.tif", "p1b.tif", "10.tif", "9.tif", "a.tif", "p1.tif"]
    assert sorted(pages, key=natural_key) == [
        "9.tif", "10.tif", "a.tif", "P1.tif", "p1.tif", "p1b.tif", "p02.tif", "p2.tif", "p10.tif",
    ]  # fmt: skip


@given(st.lists(st.text(max_size=12), unique=True))
def test_the_order_does_not_depend_on_how_names_come(pages: list[str]) -> None:
    backwards = pages[::-1]
    assert sorted(pages, key=natural_key) == sorted(backwards, key=natural_key)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.TIF", FileKind.PAGE),
        ("vol/a.jp2", FileKind.PAGE),
        (".a.tif", FileKind.HIDDEN),
        ("vol/.DS_Store", FileKind.HIDDEN),
        ("Thumbs.db", FileKind.HIDDEN),
        ("~$letter.docx", FileKind.HIDDEN),
        ("manifest-sha256.txt", FileKind.CHECKSUMS),
        ("letter.pdf", FileKind.OTHER),
        ("tif", FileKind.OTHER),
    ],
)
def test_a_file_is_what_its_name_says(name: str, kind: FileKind) -> None:
    assert kind_of(name) is kind


@pytest.mark.parametrize(
    "name", ["../a.tif", "a/../b.tif", "/a.tif", "a//b.tif", "a\\b.tif", "a\nb.tif", "-a.tif", "x" * 300]
)
def test_a_name_that_leads_elsewhere_is_told(name: str) -> None:
    assert name_problem(name)
