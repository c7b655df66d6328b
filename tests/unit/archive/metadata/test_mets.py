# SPDX-License-Identifier: Apache-2.0
"""METS lists every file with its digest, keeps the order of the pages, and stays small."""

from __future__ import annotations

import dataclasses
import io
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import unquote, urljoin

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from archive.metadata.description import ItemDescription, PageDescription
from archive.metadata.mets import relative_link, write_mets

Parsed = Callable[..., etree._Element]

NS = {
    "m": "http://www.loc.gov/METS/",
    "x": "http://www.w3.org/1999/xlink",
    "dc": "http://purl.org/dc/elements/1.1/",
    "mix": "http://www.loc.gov/mix/v20",
}
HREF = "{http://www.w3.org/1999/xlink}href"

any_text = st.text(alphabet=st.characters(exclude_categories=()), max_size=40)


class Tape(io.RawIOBase):
    """Forgets what is written to it, and remembers how much came at once."""

    def __init__(self) -> None:
        super().__init__()
        self.total = 0
        self.largest = 0

    def writable(self) -> bool:
        return True

    def write(self, block: Any) -> int:
        self.total += len(block)
        self.largest = max(self.largest, len(block))
        return len(block)


@pytest.fixture
def mets(
    make_item: Callable[..., ItemDescription],
    to_bytes: Callable[..., bytes],
    to_xml: Callable[[bytes], etree._Element],
) -> Parsed:
    """The METS of an item with some facts changed, parsed."""
    return lambda **changes: to_xml(to_bytes(write_mets, make_item(**changes)))


def with_different_widths(pages: Iterable[PageDescription]) -> tuple[PageDescription, ...]:
    return tuple(
        dataclasses.replace(page, technical={**page.technical, "width": 1000 + page.number}) for page in pages
    )


def test_every_file_stands_in_the_group_of_its_use_with_size_and_digest(
    make_item: Callable[..., ItemDescription],
    to_bytes: Callable[..., bytes],
    to_xml: Callable[[bytes], etree._Element],
) -> None:
    item = make_item()
    root = to_xml(to_bytes(write_mets, item))
    listed = {
        (
            group.get("USE"),
            unquote(urljoin("data/mets.xml", file[0].get(HREF))),
            int(file.get("SIZE")),
            file.get("CHECKSUM"),
            file.get("CHECKSUMTYPE"),
            file.get("MIMETYPE"),
        )
        for group in root.iterfind("m:fileSec/m:fileGrp", NS)
        for file in group
    }
    assert listed == {
        (file.use, file.path, file.size, file.sha256, "SHA-256", file.mime) for file in item.all_files()
    }


def test_the_physical_structure_keeps_order_labels_and_files_of_the_pages(
    mets: Parsed, make_page: Callable[..., PageDescription]
) -> None:
    pages = (make_page(3, label="iii"), make_page(5, label=""), make_page(6, label="[back]", files=()))
    root = mets(pages=pages)
    divs = root.findall("m:structMap[@TYPE='PHYSICAL']/m:div/m:div", NS)
    assert [(div.get("ORDER"), div.get("ORDERLABEL")) for div in divs] == [
        ("3", "iii"),
        ("5", None),
        ("6", "[back]"),
    ]
    paths = {file.get("ID"): file[0].get(HREF) for file in root.iterfind(".//m:file", NS)}
    of_pages = [[paths[pointer.get("FILEID")] for pointer in div.iterfind("m:fptr", NS)] for div in divs]
    expected = [[relative_link(file.path, "data/mets.xml") for file in page.files] for page in pages]
    assert of_pages == expected


def test_every_page_is_linked_to_the_logical_item(mets: Parsed) -> None:
    root = mets()
    label = "{http://www.w3.org/1999/xlink}label"
    known = {div.get(label) for div in root.iterfind(".//m:div", NS)}
    links = [
        (link.get(f"{{{NS['x']}}}from"), link.get(f"{{{NS['x']}}}to"))
        for link in root.iterfind("m:structLink/m:smLink", NS)
    ]
    assert links == [("LOG", "PHYS"), ("LOG", "P1"), ("LOG", "P2")]
    assert {end for link in links for end in link} <= known


def test_technical_metadata_is_told_once_for_pages_of_one_profile(
    mets: Parsed, make_page: Callable[..., PageDescription]
) -> None:
    gray = {**make_page(1).technical, "photometric": "black_is_zero", "samples_per_pixel": 1}
    pages = tuple(make_page(n, **({"technical": gray} if n % 2 else {})) for n in range(1, 41))
    root = mets(pages=pages)
    assert len(root.findall("m:amdSec/m:techMD", NS)) == 2
    used = [file.get("ADMID") for file in root.iterfind("m:fileSec/m:fileGrp[@USE='master']/m:file", NS)]
    assert used == ["TECH1", "TECH2"] * 20
    assert root.find("m:amdSec/m:techMD[@ID='TECH1']//mix:colorSpace", NS).text == "BlackIsZero"


def test_shared_technical_metadata_tells_dimensions_only_when_all_pages_have_them(
    mets: Parsed, make_page: Callable[..., PageDescription]
) -> None:
    pages = tuple(make_page(n) for n in range(1, 4))
    assert mets(pages=pages).findtext(".//mix:imageWidth", namespaces=NS) == "2480"
    different = mets(pages=with_different_widths(pages))
    assert different.find(".//m:techMD[@ID='TECH1']//mix:imageWidth", NS) is None


def test_pages_of_other_sizes_have_them_told_once_for_each_size(
    mets: Parsed, make_page: Callable[..., PageDescription], require_valid: Callable[[bytes], etree._Element]
) -> None:
    narrow, wide = ({**make_page(1).technical, "width": width, "height": 3000} for width in (1000, 2000))
    pages = tuple(make_page(n, technical=narrow if n % 2 else wide) for n in range(1, 9))
    root = mets(pages=pages)
    require_valid(etree.tostring(root))
    sections = {
        section.get("ID"): section.findtext(".//mix:imageWidth", namespaces=NS)
        for section in root.iterfind(".//m:techMD", NS)
    }
    assert sections == {"TECH1": None, "SIZE1": "1000", "SIZE2": "2000"}
    used = [file.get("ADMID") for file in root.iterfind("m:fileSec/m:fileGrp[@USE='master']/m:file", NS)]
    assert used == ["TECH1 SIZE1", "TECH1 SIZE2"] * 4


def test_shared_technical_metadata_says_nothing_about_a_single_page(mets: Parsed) -> None:
    mix = etree.tostring(mets().find(".//mix:mix", NS)).decode()
    assert "Fixity" not in mix
    assert "dateTimeCreated" not in mix
    assert "objectIdentifier" not in mix


def test_links_are_relative_to_where_the_document_stands(
    to_bytes: Callable[..., bytes],
    to_xml: Callable[[bytes], etree._Element],
    make_item: Callable[..., ItemDescription],
) -> None:
    root = to_xml(to_bytes(write_mets, make_item(), location="metadata/mets.xml"))
    assert root.find(".//m:FLocat", NS).get(HREF) == "../data/masters/0001.tif"
    assert root.find(".//m:mdRef", NS).get(HREF) == "premis.xml"


@pytest.mark.parametrize(
    ("path", "link"),
    [
        ("data/masters/a b#1.tif", "masters/a%20b%231.tif"),
        ("data/12:30.tif", "12%3A30.tif"),
        ("data/עמוד.tif", "%D7%A2%D7%9E%D7%95%D7%93.tif"),
        ("data/100%.tif", "100%25.tif"),
        ("bagit.txt", "../bagit.txt"),
    ],
)
def test_a_link_is_a_url_reference_and_not_a_bare_name(path: str, link: str) -> None:
    assert relative_link(path, "data/mets.xml") == link


# requirement 30
def test_simulated_items_are_marked_for_programs_and_for_people(
    to_bytes: Callable[..., bytes], to_xml: Callable[[bytes], etree._Element], simulated_item: ItemDescription
) -> None:
    root = to_xml(to_bytes(write_mets, simulated_item))
    assert root.get("LABEL").startswith("SIMULATED")
    assert root.find("m:metsHdr", NS).get("RECORDSTATUS") == "SIMULATED"
    assert root.findtext(".//dc:description", namespaces=NS).startswith("SIMULATED DATA")
    assert "simulated" in root.findtext(".//mix:sourceType", namespaces=NS)


def test_a_real_item_is_nowhere_called_simulated(
    to_bytes: Callable[..., bytes], make_item: Callable[..., ItemDescription]
) -> None:
    assert b"SIMULATED" not in to_bytes(write_mets, make_item()).upper()


def test_equal_items_give_equal_bytes(
    to_bytes: Callable[..., bytes], make_item: Callable[..., ItemDescription]
) -> None:
    assert to_bytes(write_mets, make_item()) == to_bytes(write_mets, make_item())


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(title=any_text, label=any_text, creator=any_text)
def test_any_title_gives_a_valid_document(
    make_item: Callable[..., ItemDescription],
    make_page: Callable[..., PageDescription],
    to_bytes: Callable[..., bytes],
    require_valid: Callable[[bytes], etree._Element],
    title: str,
    label: str,
    creator: str,
) -> None:
    item = make_item(title=title, creator=creator, pages=(make_page(1, label=label),))
    require_valid(to_bytes(write_mets, item))


@pytest.mark.parametrize("title", ["מכתב אל חבר", "羅生門 第一巻", 'Tïtle & <more> "quotes" \']]>'])
def test_a_title_in_any_script_survives(mets: Parsed, title: str) -> None:
    root = mets(title=title)
    assert root.findtext(".//dc:title", namespaces=NS) == title
    assert root.get("LABEL") == title


def test_every_kind_of_page_gives_a_valid_document(
    page_of_each_kind: PageDescription,
    make_item: Callable[..., ItemDescription],
    to_bytes: Callable[..., bytes],
    require_valid: Callable[[bytes], etree._Element],
) -> None:
    require_valid(to_bytes(write_mets, make_item(pages=(page_of_each_kind,))))


def test_accessioned_and_simulated_and_empty_items_give_valid_documents(
    accessioned_page: PageDescription,
    simulated_item: ItemDescription,
    make_item: Callable[..., ItemDescription],
    to_bytes: Callable[..., bytes],
    require_valid: Callable[[bytes], etree._Element],
) -> None:
    empty = {
        "pages": (),
        "files": (),
        "agents": (),
        "events": (),
        "institution": "",
        "batch": "",
        "title": "",
    }
    for item in (make_item(pages=(accessioned_page,)), simulated_item, make_item(**empty)):
        require_valid(to_bytes(write_mets, item))


def test_the_validator_looks_inside_the_wrappers(
    make_item: Callable[..., ItemDescription],
    to_bytes: Callable[..., bytes],
    require_valid: Callable[[bytes], etree._Element],
) -> None:
    document = to_bytes(write_mets, make_item())
    with pytest.raises(etree.DocumentInvalid):
        require_valid(document.replace(b"imageWidth>2480<", b"imageWidth>-3<"))


@pytest.mark.parametrize(("different", "bytes_a_page"), [(False, 2000), (True, 2500)])
def test_a_document_of_1000_pages_is_linear_below_2_kb_a_page_and_streamed(
    different: bool,  # noqa: FBT001
    bytes_a_page: int,
    make_item: Callable[..., ItemDescription],
    make_page: Callable[..., PageDescription],
) -> None:
    pages = tuple(make_page(number) for number in range(1, 1001))
    # no two of one size: the worst that can be, and rare
    pages = with_different_widths(pages) if different else pages
    half, whole = Tape(), Tape()
    write_mets(make_item(pages=pages[:500]), half)
    write_mets(make_item(pages=pages), whole)
    assert whole.total < 1000 * bytes_a_page
    assert whole.total == pytest.approx(2 * half.total, rel=0.02)
    assert whole.largest < 256 * 1024
