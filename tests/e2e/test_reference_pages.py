# SPDX-License-Identifier: Apache-2.0
"""Real pages from four centuries, as existing files and lying on the simulated glass, through the whole way."""

from __future__ import annotations

import csv
import json
import shutil
import tarfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from lxml import etree

from tests.e2e.conftest import Home
from tests.integration.text.conftest import character_error_rate, edit_distance, normalised
from tests.unit.archive.metadata.conftest import OfflineSchemas, require_valid, schema

pytestmark = [
    pytest.mark.tesseract,
    pytest.mark.reference_data,
    pytest.mark.timeout(500),
    pytest.mark.usefixtures("tesseract"),
]

__all__ = ["character_error_rate", "require_valid", "schema"]

TOLERANCE = 0.02
"""By how much a page's character error rate may exceed the rate that Tesseract alone reached."""


MOST_ERRORS = 0.055
"""Share of the characters of all pages together that may be wrong in their ALTO (4.0 % with Tesseract 5.3.0)."""


@dataclass(frozen=True)
class ReferencePage:
    """A page with its printed text.

    Attributes:
        item: The item it belongs to.
        image: Its file.
        truth: What is printed on it.
        language: Tesseract's model.
        dpi: 600 where the page is tagged so, else 300.
        rate: Character error rate of Tesseract alone.
    """

    item: str
    image: Path
    truth: str
    language: str
    dpi: int
    rate: float


@pytest.fixture(scope="module")
def pages(reference_data: Path) -> list[ReferencePage]:
    folder = reference_data / "pages"
    with (folder / "pages.csv").open(newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["cer_norm"]]
    return [
        ReferencePage(
            item=Path(row["file"]).parent.name,
            image=folder / row["file"],
            truth=(folder / row["gt_text"]).read_text(),
            language=row["ocr_lang"].split()[0],
            dpi=600 if row["file"].startswith(("bebel", "gallica")) else 300,
            rate=float(row["cer_norm"]),
        )
        for row in rows
    ]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, pages: list[ReferencePage]) -> Home:
    """A home with a copy of the pages beside the manifests, and the first of each item on its glass."""
    made = Home(tmp_path_factory.mktemp("reference") / "home")
    glass = made.folder / "glass"
    for folder, way in ((made.folder / "manifests" / "pages", "files"), (glass, "glass")):
        for page in brought(pages, way):
            (folder / page.item).mkdir(parents=True, exist_ok=True)
            shutil.copy(page.image, folder / page.item)
    made.configure(f'\n[[devices.simulated]]\nname = "glass"\nkind = "feeder"\nglass = "{glass}"\n')
    text = (made.folder / "config/recto.toml").read_text()
    head, _, glass_device = text.rpartition("\n[[devices.simulated]]")
    devices, _, ledger = head.partition("\n[ledger]")
    (made.folder / "config/recto.toml").write_text(
        f"{devices}\n[[devices.simulated]]{glass_device}\n[ledger]{ledger}"
    )
    return made


def brought(pages: list[ReferencePage], way: str) -> list[ReferencePage]:
    """All pages as files; of the glass one page of each item, for reading them again takes long."""
    if way == "files":
        return pages
    first: dict[str, ReferencePage] = {}
    for page in sorted(pages, key=lambda page: page.image.name):
        first.setdefault(page.item, page)
    return list(first.values())


def manifest(pages: list[ReferencePage], way: str, dpi: int) -> dict[str, object]:
    items: dict[str, dict[str, object]] = {}
    for page in (page for page in brought(pages, way) if page.dpi == dpi):
        item = items.setdefault(
            page.item,
            {"id": page.item, "title": f"Pages of {page.item}", "language": page.language, "names": []},
        )
        item["names"].append(f"pages/{page.item}/{page.image.name}")
    for item in items.values():
        names = sorted(item.pop("names"))
        item.update({"file_paths": names} if way == "files" else {"pages": len(names)})
    return {
        "id": f"{way}-{dpi}",
        "institution": "Test Library",
        "scanner_id": "simulated:glass",
        "scanner_model": "Any",
        "resolution_dpi": dpi,
        "color_profile": "sRGB",
        "settings": {"mode": "Color"},
        "items": list(items.values()),
    }


@pytest.fixture(scope="module")
def results(home: Home, pages: list[ReferencePage]) -> dict[str, dict[str, object]]:
    """The four batches, run to their end by one station."""
    names = []
    for way in ("files", "glass"):
        for dpi in (300, 600):
            description = manifest(pages, way, dpi)
            names.append(str(description["id"]))
            home.recto("batch", "submit", home.manifest(f"{names[-1]}.json", json.dumps(description)))
    with home.station():
        return {name: home.json("batch", "resume", name) for name in names}


def test_every_batch_is_done_and_its_copies_are_proved(results: dict[str, dict[str, object]]) -> None:
    assert {name: document["state"] for name, document in results.items()} == dict.fromkeys(results, "done")
    proofs = {
        copy["proof"]
        for document in results.values()
        for item in document["items"]
        for copy in item["copies"]
    }
    assert proofs == {"whole-digest-read-back"}


@pytest.mark.parametrize("way", ["files", "glass"])
def test_no_page_is_read_worse_than_by_tesseract_alone(
    way: str,
    home: Home,
    pages: list[ReferencePage],
    results: dict[str, dict[str, object]],
    character_error_rate: Callable[[str, str], float],
) -> None:
    worse = {}
    shown = brought(pages, way)
    for page in shown:
        names = sorted(other.image.name for other in shown if other.item == page.item)
        number = names.index(page.image.name) + 1
        text = (home.items(f"{way}-{page.dpi}") / page.item / f"ocr/{number:04d}.txt").read_text()
        rate = character_error_rate(page.truth, text)
        if rate > page.rate + TOLERANCE:
            worse[page.image.name] = (round(rate, 4), page.rate)
    assert worse == {}


def test_the_text_in_the_alto_of_all_pages_together_has_few_errors(
    home: Home, pages: list[ReferencePage], results: dict[str, dict[str, object]]
) -> None:
    errors = characters = 0
    for page in pages:
        name = f"{sorted(other.image.name for other in pages if other.item == page.item).index(page.image.name) + 1:04d}"
        alto = etree.parse(home.items(f"files-{page.dpi}") / page.item / f"ocr/{name}.alto.xml")
        truth = normalised(page.truth)
        errors += edit_distance(truth, normalised(alto_text(alto)))
        characters += len(truth)
    assert errors / characters <= MOST_ERRORS


def alto_text(alto: etree._ElementTree) -> str:
    """The text of an ALTO document in its own order, a line for each of its lines."""
    lines = alto.iterfind(".//{*}TextLine")
    return "\n".join(
        " ".join(string.get("CONTENT", "") for string in line.iter("{*}String")) for line in lines
    )


def test_the_files_are_kept_byte_for_byte(home: Home, pages: list[ReferencePage], results: object) -> None:
    for page in pages:
        masters = home.items(f"files-{page.dpi}") / page.item / "masters"
        assert page.image.read_bytes() in {master.read_bytes() for master in masters.iterdir()}


def test_both_validators_accept_every_bag(home: Home, results: object) -> None:
    bags = sorted((home.folder / "data/storage").glob("*.tar"))
    reports = home.json("bag", "verify", *map(str, bags))
    assert [report for report in reports if not report["valid"] or report["second_opinion"] != "valid"] == []
    assert len(reports) == 12


def test_the_metadata_in_every_bag_is_valid(
    home: Home, results: object, require_valid: Callable[[bytes], object], alto_schema: etree.XMLSchema
) -> None:
    for bag in sorted((home.folder / "data/storage").glob("*.tar")):
        with tarfile.open(bag) as tar:
            for member in tar.getmembers():
                content = tar.extractfile(member)
                if member.name.endswith(("/mets.xml", "/premis.xml")):
                    assert content is not None
                    require_valid(content.read())
                elif member.name.endswith(".alto.xml"):
                    alto_schema.assertValid(etree.parse(content))


@pytest.fixture(scope="module")
def alto_schema(reference_data: Path) -> etree.XMLSchema:
    parser = etree.XMLParser(no_network=True)
    parser.resolvers.add(OfflineSchemas(reference_data / "schemas"))
    return etree.XMLSchema(etree.parse(reference_data / "schemas/alto-4-4.xsd", parser))
