# SPDX-License-Identifier: Apache-2.0
"""A page's original stands in METS and PREMIS as what its master was made from."""

from __future__ import annotations

from collections.abc import Callable

from lxml import etree

from archive.metadata.description import FileDescription, ItemDescription, PageDescription
from archive.metadata.mets import write_mets
from archive.metadata.premis import write_premis

P = "{http://www.loc.gov/premis/v3}"
M = "{http://www.loc.gov/METS/}"


def sources(root: etree._Element) -> dict[str | None, str | None]:
    """For each file that has one, the file that it was made from."""
    found = {}
    for item in root.iterfind(f"{P}object"):
        for relation in item.iterfind(f"{P}relationship"):
            if relation.findtext(f"{P}relationshipSubType") == "has source":
                name = item.findtext(f"{P}objectIdentifier/{P}objectIdentifierValue")
                found[name] = relation.findtext(f"{P}relatedObjectIdentifier/{P}relatedObjectIdentifierValue")
    return found


def test_the_master_names_the_original_as_its_source_and_derivatives_name_the_master(
    make_page: Callable[..., PageDescription],
    make_file: Callable[..., FileDescription],
    make_item: Callable[..., ItemDescription],
    to_bytes: Callable[..., bytes],
    to_xml: Callable[[bytes], etree._Element],
    require_valid: Callable[[bytes], etree._Element],
) -> None:
    files = tuple(make_file(use, "0001") for use in ("access", "master", "original"))
    item = make_item(pages=(make_page(1, files=files), make_page(2)))
    premis = to_bytes(write_premis, item)
    require_valid(premis)
    of_page_1 = {name: source for name, source in sources(to_xml(premis)).items() if "0001" in str(name)}
    assert of_page_1 == {
        "data/access/0001.jpg": "data/masters/0001.tif",
        "data/masters/0001.tif": "data/originals/0001.dng",
    }
    groups = {
        group.get("USE"): [file.get("CHECKSUM") for file in group]
        for group in require_valid(to_bytes(write_mets, item)).iter(f"{M}fileGrp")
    }
    assert groups["original"] == [make_file("original", "0001").sha256]
    assert len(groups["master"]) == 2
