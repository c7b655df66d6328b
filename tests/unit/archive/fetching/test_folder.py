# SPDX-License-Identifier: Apache-2.0
"""A folder becomes a manifest that passes every check, or tells what is wrong and writes nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from archive.errors import ManifestExists
from archive.fetching.batch_manifest import BatchFacts, item_id, make_manifest, write_checked
from archive.fetching.findings import Finding
from archive.fetching.folder import survey_folder
from archive.fetching.image_facts import most_common, read_image_facts
from archive.fetching.listing import Found
from archive.manifest.names import legal_id
from archive.manifest.reader import read_manifest


def image(path: Path, *, dpi: int = 300, mode: str = "RGB", scanner: str = "Zeutschel OS 12000") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    make, _, model = scanner.partition(" ")
    tags = {271: make, 272: model} if path.suffix == ".tif" else None
    Image.new(mode, (8, 8)).save(path, dpi=(dpi, dpi), tiffinfo=tags)
    return path


def survey(folder: Path, **options: bool) -> tuple[Found, list[tuple[str, str]]]:
    found = survey_folder(folder, folder, **options)
    return found, [(finding.severity, finding.name) for finding in found.findings]


FACTS = BatchFacts(
    {"id": "b", "institution": "I", "scanner_model": "S", "resolution_dpi": 300, "color_profile": "sRGB"}
)


def test_each_sub_folder_is_an_item_with_its_pages_in_order(tmp_path: Path) -> None:
    for name in ("vol 2/p10.tif", "vol 2/p9.tif", "vol 10/a.tif"):
        image(tmp_path / name)
    (tmp_path / "vol 2" / "letter.pdf").write_bytes(b"%PDF")
    found, told = survey(tmp_path)
    assert [(item.name, item.pages, item.others) for item in found.items] == [
        ("vol 2", ("vol 2/p9.tif", "vol 2/p10.tif"), ("vol 2/letter.pdf",)),
        ("vol 10", ("vol 10/a.tif",), ()),
    ]
    assert told == []


def test_what_operating_systems_leave_and_what_has_no_place_is_left_out_and_told(tmp_path: Path) -> None:
    image(tmp_path / "vol" / "a.tif")
    image(tmp_path / "vol" / "deeper" / "b.tif")
    for name in (".hidden", "vol/Thumbs.db", "vol/.DS_Store", "readme.txt"):
        (tmp_path / name).write_bytes(b"x")
    found, told = survey(tmp_path)
    assert found.items[0].pages == ("vol/a.tif",)
    assert sorted(told) == [
        ("note", ".hidden"),
        ("note", "readme.txt"),
        ("note", "vol/.DS_Store"),
        ("note", "vol/Thumbs.db"),
        ("note", "vol/deeper"),
    ]


def test_images_directly_in_the_folder_are_one_item_when_asked_for(tmp_path: Path) -> None:
    image(tmp_path / "vol" / "a.tif")
    found = survey_folder(tmp_path / "vol", tmp_path, one_item=True)
    assert [(item.name, item.pages) for item in found.items] == [("vol", ("vol/a.tif",))]


def test_what_cannot_be_a_page_keeps_the_manifest_from_being_made(tmp_path: Path) -> None:
    outside = image(tmp_path / "elsewhere.tif")
    folder = tmp_path / "in"
    image(folder / "vol" / "a.tif")
    image(folder / "vol" / "A.tif")
    (folder / "vol" / "empty.tif").touch()
    (folder / "vol" / "bro|ken.tif").write_bytes(b"x")
    (folder / "vol" / "link.tif").symlink_to(outside)
    (folder / "vol" / "dangling.tif").symlink_to(folder / "nothing")
    found, _ = survey(folder)
    assert sorted((finding.severity, finding.code) for finding in found.findings) == [
        ("error", "doubled-name"),
        ("error", "empty"),
        ("error", "link"),
        ("error", "name"),
        ("error", "unreadable"),
    ]


def test_images_tell_resolution_colour_and_scanner_of_the_batch(tmp_path: Path) -> None:
    paths = [image(tmp_path / f"{number}.tif", dpi=400, mode="L") for number in range(3)]
    paths += [image(tmp_path / "x.jpg", dpi=300)]
    damaged = tmp_path / "damaged.tif"
    damaged.write_bytes(b"II*\0 no tiff at all")
    facts = read_image_facts((path.name, path) for path in (*paths, damaged))
    assert (facts.images, list(facts.unreadable)) == (4, ["damaged.tif"])
    findings: list[Finding] = []
    assert most_common(facts.resolutions, "resolution", findings, facts.images) == "400"
    assert most_common(facts.colors, "colour", findings, facts.images) == "gray"
    assert most_common(facts.scanners, "scanner", findings, facts.images) == "Zeutschel OS 12000"
    assert [finding.name for finding in findings] == ["resolution", "colour", "scanner"]


@pytest.mark.parametrize("suffix", [".yaml", ".csv", ".xlsx", ".json"])
def test_what_is_written_passes_every_check(tmp_path: Path, suffix: str) -> None:
    for name in ("Brief: Anna?/1.tif", "Ünï; code/2.tif", "con/3.tif"):
        image(tmp_path / name)
    (tmp_path / "con" / "a;b.pdf").write_bytes(b"%PDF")
    found, findings = survey(tmp_path)
    told: list[Finding] = []
    manifest = make_manifest(found, FACTS, told)
    assert manifest is not None
    assert write_checked(manifest, tmp_path / f"m{suffix}", told)
    reading = read_manifest(tmp_path / f"m{suffix}")
    assert reading.manifest == manifest
    assert [problem.severity for problem in reading.problems if problem.severity == "error"] == []
    assert {item.id for item in manifest.items} == {"Brief_ Anna_", "Ünï; code", "item-con"}
    assert findings == []
    assert sorted(path.name for path in tmp_path.glob(".*")) == []


def test_nothing_that_is_there_is_overwritten(tmp_path: Path) -> None:
    image(tmp_path / "vol" / "a.tif")
    (tmp_path / "m.yaml").write_text("mine")
    manifest = make_manifest(survey(tmp_path)[0], FACTS, [])
    assert manifest is not None
    with pytest.raises(ManifestExists):
        write_checked(manifest, tmp_path / "m.yaml", [])
    assert (tmp_path / "m.yaml").read_text() == "mine"


def test_what_nobody_says_is_asked_for_by_its_option(tmp_path: Path) -> None:
    image(tmp_path / "vol" / "a.tif")
    findings: list[Finding] = []
    assert make_manifest(survey(tmp_path)[0], BatchFacts({"id": "b"}), findings) is None
    remedies = " ".join(finding.remedy for finding in findings)
    for option in ("--institution", "--scanner-model", "--resolution", "--color-profile"):
        assert option in remedies


def test_a_manifest_that_would_have_problems_is_not_written(tmp_path: Path) -> None:
    image(tmp_path / "vol" / "a.tif")
    facts = BatchFacts(FACTS.values, tags={"Access": "Nobody"})
    manifest = make_manifest(survey(tmp_path)[0], facts, [])
    assert manifest is not None
    findings: list[Finding] = []
    assert not write_checked(manifest, tmp_path / "m.yaml", findings)
    assert [finding.code for finding in findings if finding.severity == "error"] == ["tag-value"]
    assert not (tmp_path / "m.yaml").exists()


@pytest.mark.parametrize(
    "name", ["a/b", "..", "nul", "-x", ".x", "x.", "ä" * 200, "a\u200bb", "\u00a0", "?", "vol 1"]
)
def test_every_folder_name_makes_a_legal_id(name: str) -> None:
    assert legal_id(item_id(name)) == item_id(name)
