# SPDX-License-Identifier: Apache-2.0
"""PREMIS names every object with its digest and every event with who did it and to what."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from archive.metadata.description import EventDescription, FileDescription, ItemDescription, PageDescription
from archive.metadata.premis import write_premis

Parsed = Callable[..., etree._Element]

NS = {"p": "http://www.loc.gov/premis/v3", "chain": "urn:recto:event-chain"}
KIND = "{http://www.w3.org/2001/XMLSchema-instance}type"

any_text = st.text(alphabet=st.characters(exclude_categories=()), min_size=1, max_size=40)


@pytest.fixture
def premis(
    make_item: Callable[..., ItemDescription],
    to_bytes: Callable[..., bytes],
    to_xml: Callable[[bytes], etree._Element],
) -> Parsed:
    """The PREMIS of an item with some facts changed, parsed."""
    return lambda **changes: to_xml(to_bytes(write_premis, make_item(**changes)))


def objects_by_name(root: etree._Element) -> dict[str | None, etree._Element]:
    return {
        item.findtext("p:objectIdentifier/p:objectIdentifierValue", namespaces=NS): item
        for item in root.iterfind("p:object", NS)
    }


def test_the_item_its_pages_and_its_files_are_objects(
    premis: Parsed, make_item: Callable[..., ItemDescription]
) -> None:
    found = objects_by_name(premis())
    kinds = {name: element.get(KIND) for name, element in found.items()}
    files = {file.path: "file" for file in make_item().all_files()}
    pages = {"letter-17#page-1": "representation", "letter-17#page-2": "representation"}
    assert kinds == {"letter-17": "intellectualEntity", **pages, **files}


def test_a_file_carries_its_digests_size_and_format(
    premis: Parsed, make_file: Callable[..., FileDescription]
) -> None:
    master = make_file("master", "0001")
    element = objects_by_name(premis())[master.path]
    fixities = {
        fixity.findtext("p:messageDigestAlgorithm", namespaces=NS): fixity.findtext(
            "p:messageDigest", namespaces=NS
        )
        for fixity in element.iterfind("p:objectCharacteristics/p:fixity", NS)
    }
    assert fixities == {"SHA-256": master.sha256, "MD5": master.md5}
    assert element.findtext(".//p:size", namespaces=NS) == str(master.size)
    assert element.findtext(".//p:formatName", namespaces=NS) == "image/tiff"
    assert element.findtext(".//p:formatRegistryKey", namespaces=NS) == "fmt/353"


def test_the_digest_of_the_pixels_stands_beside_the_master_only(premis: Parsed) -> None:
    found = objects_by_name(premis())
    carriers = [name for name, element in found.items() if "ab" * 32 in element.itertext()]
    assert carriers == ["data/masters/0001.tif", "data/masters/0002.tif"]


def test_derivatives_name_the_master_as_their_source(premis: Parsed) -> None:
    found = objects_by_name(premis())
    sources = {
        name: [
            relation.findtext(".//p:relatedObjectIdentifierValue", namespaces=NS)
            for relation in element.iterfind("p:relationship", NS)
            if relation.findtext("p:relationshipSubType", namespaces=NS) == "has source"
        ]
        for name, element in found.items()
    }
    assert sources["data/access/0002.jpg"] == ["data/masters/0002.tif"]
    assert sources["data/alto/0001.xml"] == ["data/masters/0001.tif"]
    assert sources["data/masters/0001.tif"] == []
    assert sources["data/letter-17.pdf"] == []
    assert sources["metadata/pages/0001.json"] == []


def test_links_inside_the_document_lead_somewhere(premis: Parsed) -> None:
    root = premis()
    known = set(objects_by_name(root))
    agents = {name.text for name in root.iterfind("p:agent/p:agentIdentifier/p:agentIdentifierValue", NS)}
    assert {link.text for link in root.iter(f"{{{NS['p']}}}relatedObjectIdentifierValue")} <= known
    assert {link.text for link in root.iter(f"{{{NS['p']}}}linkingObjectIdentifierValue")} <= known
    assert {link.text for link in root.iter(f"{{{NS['p']}}}linkingAgentIdentifierValue")} <= agents


def test_an_event_tells_what_when_how_it_ended_and_its_place_in_the_chain(premis: Parsed) -> None:
    event = premis().find("p:event", NS)
    assert event.findtext("p:eventType", namespaces=NS) == "capture"
    assert event.findtext("p:eventDateTime", namespaces=NS) == "2026-11-21T10:15:30.123Z"
    assert event.findtext(".//p:eventDetail", namespaces=NS) == "Scanned at 300 dpi"
    assert event.findtext(".//p:eventOutcome", namespaces=NS) == "success"
    assert event.findtext(".//chain:sha256", namespaces=NS) == "cd" * 32


def test_an_event_names_its_agents_and_its_objects(premis: Parsed) -> None:
    event = premis().find("p:event", NS)
    agents = event.iterfind("p:linkingAgentIdentifier/p:linkingAgentIdentifierValue", NS)
    objects = event.iterfind("p:linkingObjectIdentifier/p:linkingObjectIdentifierValue", NS)
    assert [agent.text for agent in agents] == ["scanner", "recto"]
    assert [linked.text for linked in objects] == ["data/masters/0001.tif"]


def test_only_terms_of_the_vocabulary_claim_its_authority(premis: Parsed) -> None:
    authorities = {kind.text: kind.get("authority") for kind in premis().iterfind("p:event/p:eventType", NS)}
    assert authorities == {"capture": "eventType", "text recognition": None}


def test_an_event_without_detail_and_outcome_is_still_valid(
    make_item: Callable[..., ItemDescription],
    to_bytes: Callable[..., bytes],
    require_valid: Callable[[bytes], etree._Element],
) -> None:
    bare = EventDescription("e", "validation", "2026-11-21T10:00:00Z", "", "", (), ())
    require_valid(to_bytes(write_premis, make_item(events=(bare,), agents=())))


def test_agents_keep_kind_version_and_note(premis: Parsed) -> None:
    agent = premis().findall("p:agent", NS)[-1]
    tags = ("agentName", "agentType", "agentVersion", "agentNote")
    values = [agent.findtext(f"p:{tag}", namespaces=NS) for tag in tags]
    assert values == ["Recto", "software", "0.1.0", "capture and bagging"]


# requirement 30
def test_simulated_pages_and_their_item_are_marked(
    to_bytes: Callable[..., bytes], to_xml: Callable[[bytes], etree._Element], simulated_item: ItemDescription
) -> None:
    found = objects_by_name(to_xml(to_bytes(write_premis, simulated_item)))
    for name in ("letter-17", "letter-17#page-1"):
        assert (
            found[name].findtext("p:significantProperties/p:significantPropertiesType", namespaces=NS)
            == "simulated"
        )


def test_equal_items_give_equal_bytes(
    to_bytes: Callable[..., bytes], make_item: Callable[..., ItemDescription]
) -> None:
    assert to_bytes(write_premis, make_item()) == to_bytes(write_premis, make_item())


def test_every_kind_of_item_gives_a_valid_document(
    page_of_each_kind: PageDescription,
    accessioned_page: PageDescription,
    simulated_item: ItemDescription,
    make_item: Callable[..., ItemDescription],
    to_bytes: Callable[..., bytes],
    require_valid: Callable[[bytes], etree._Element],
) -> None:
    for item in (make_item(pages=(page_of_each_kind,)), make_item(pages=(accessioned_page,)), simulated_item):
        require_valid(to_bytes(write_premis, item))
    require_valid(to_bytes(write_premis, make_item(pages=(), files=(), agents=(), events=(), title="")))


@settings(max_examples=40)
@given(title=any_text, detail=any_text, kind=any_text)
def test_any_text_gives_a_valid_document(
    make_item: Callable[..., ItemDescription],
    to_bytes: Callable[..., bytes],
    require_valid: Callable[[bytes], etree._Element],
    title: str,
    detail: str,
    kind: str,
) -> None:
    event = EventDescription(
        "e", kind, "2026-11-21T10:00:00+02:00", detail, detail, ("recto",), ("letter-17",)
    )
    require_valid(to_bytes(write_premis, make_item(title=title, events=(event,))))


def test_a_title_in_any_script_survives(premis: Parsed) -> None:
    entity = objects_by_name(premis(title="מכתב 羅生門"))["letter-17"]
    assert (
        entity.findtext("p:significantProperties/p:significantPropertiesValue", namespaces=NS)
        == "מכתב 羅生門"
    )


def test_missing_pages_and_turned_views_are_told(
    premis: Parsed,
    make_item: Callable[..., ItemDescription],
    make_page: Callable[..., PageDescription],
    to_bytes: Callable[..., bytes],
    require_valid: Callable[[bytes], etree._Element],
) -> None:
    facts = {"pages": (make_page(1, rotation=3), make_page(2)), "missing_pages": ((3, "2r"), (4, ""))}
    found = objects_by_name(premis(**facts))
    item = make_item(**facts)
    assert properties(found[item.id], "missing page") == ["3, labelled 2r", "4"]
    turned = [properties(found[f"{item.id}#page-{page}"], "rotation for viewing") for page in (1, 2)]
    assert turned == [["270 degrees clockwise"], []]
    require_valid(to_bytes(write_premis, item))


def properties(element: etree._Element, kind: str) -> list[str | None]:
    return [
        found.findtext("p:significantPropertiesValue", namespaces=NS)
        for found in element.iterfind("p:significantProperties", NS)
        if found.findtext("p:significantPropertiesType", namespaces=NS) == kind
    ]
