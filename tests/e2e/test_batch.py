# SPDX-License-Identifier: Apache-2.0
"""Batches from manifest to proved bag on a running station, and everything that can be wrong with them."""

from __future__ import annotations

import json
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest
from PIL import Image

from archive.storage.file_url import path_of
from tests.e2e.conftest import Home, small_batch

pytestmark = [pytest.mark.tesseract, pytest.mark.usefixtures("tesseract")]


def only_item(document: dict[str, object]) -> dict[str, object]:
    items = document["items"]
    assert isinstance(items, list)
    assert len(items) == 1
    return items[0]


def test_a_batch_becomes_a_bag_that_two_validators_accept(station: Home, tmp_path: Path) -> None:
    manifest = station.manifest("whole.yaml", small_batch("whole", pages=5))
    document = station.json("batch", "submit", manifest, "--wait")
    item = only_item(document)
    assert document["state"] == "done"
    assert set(item["stages"].values()) == {"done"}
    [copy] = item["copies"]
    assert copy["proof"] == "whole-digest-read-back"
    stored = path_of(copy["url"])
    assert station.json("bag", "verify", str(stored))[0]["valid"]
    subprocess.run(["/bin/tar", "xf", stored, "-C", tmp_path], check=True)
    validated = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "bagit", "--validate", tmp_path / stored.stem],
        capture_output=True,
        check=False,
    )
    assert validated.returncode == 0, validated.stderr
    assert len(list((tmp_path / stored.stem / "data/masters").iterdir())) == 5
    assert station.json("verify-chain", "whole")["valid"]


def test_the_same_pages_give_the_same_bag_byte_for_byte(station: Home, tmp_path: Path) -> None:
    station.recto("batch", "submit", station.manifest("again.yaml", small_batch("again")), "--wait")
    exported = station.json("batch", "export", "again", "--out", str(tmp_path / "export"))
    assert [bag["equal"] for bag in exported["bags"]] == [True]
    [made_again] = (tmp_path / "export").glob("*.tar")
    [first] = (station.folder / "data/storage").glob("*.again_item.tar")
    assert made_again.read_bytes() == first.read_bytes()


def test_existing_images_are_taken_in_byte_for_byte(station: Home, tmp_path: Path) -> None:
    image = tmp_path / "leaf.tif"
    station.recto(
        "scan", "simulated:flatbed", "-o", str(image), "--set", "resolution=150", "--set", "mode=Gray"
    )
    manifest = tmp_path / "files.json"
    manifest.write_text(
        json.dumps(
            {
                "id": "files",
                "institution": "Test Library",
                "scanner_model": "unknown",
                "resolution_dpi": 150,
                "color_profile": "gray",
                "items": [{"id": "leaf", "title": "One leaf", "language": "eng", "file_paths": ["leaf.tif"]}],
            }
        )
    )
    document = station.json("batch", "submit", str(manifest), "--wait")
    assert document["state"] == "done"
    assert (station.items("files") / "leaf/masters/0001.tif").read_bytes() == image.read_bytes()


def test_submitting_a_batch_twice_creates_nothing_the_second_time(station: Home) -> None:
    manifest = station.manifest("twice.yaml", small_batch("twice", pages=1))
    station.recto("batch", "submit", manifest, "--wait")
    refused = station.recto("batch", "submit", manifest, expect=2)
    assert "this very manifest" in refused.stderr
    assert "recto batch resume" in refused.stderr


def test_a_broken_manifest_creates_nothing_and_names_every_problem(station: Home) -> None:
    text = small_batch("broken", dpi=0, pages=0)
    manifest = station.manifest("broken.yaml", text)
    refused = station.recto("batch", "submit", manifest, expect=1)
    assert "What to do" in refused.stderr
    checked = station.json("manifest", "check", manifest, expect=1)
    assert len(checked["problems"]) >= 2
    assert all(problem["message"] and problem["remedy"] for problem in checked["problems"])
    assert not (station.folder / "data/batches/broken").exists()
    assert "broken" not in {row["batch"] for row in station.json("batch", "status")}


def test_an_absent_scanner_holds_the_item_and_says_what_to_do(station: Home) -> None:
    manifest = station.manifest("absent.yaml", small_batch("absent", scanner="sane:nowhere:0"))
    document = station.json("batch", "submit", manifest, "--wait", expect=3)
    [problem] = only_item(document)["problems"]
    assert problem["code"] == "scanner.device_not_found"
    assert "sane:nowhere:0" in problem["message"]
    assert problem["remedy"]
    assert not list((station.items("absent") / "item").glob("masters/*"))


def test_a_missing_language_holds_the_item_before_the_first_page(station: Home) -> None:
    manifest = station.manifest("klingon.yaml", small_batch("klingon", language="tlh"))
    document = station.json("batch", "submit", manifest, "--wait", expect=5)
    item = only_item(document)
    assert item["stages"]["validate"] == "held"
    assert item["stages"]["capture"] == "waiting"
    assert not (station.items("klingon") / "item/masters").exists()
    assert "tesseract-ocr-tlh" in item["problems"][0]["remedy"]


def test_an_item_that_would_fill_the_disk_is_not_begun(station: Home) -> None:
    manifest = station.manifest("vast.yaml", small_batch("vast", dpi=4800, pages=9000))
    document = station.json("batch", "submit", manifest, "--wait", expect=4)
    assert only_item(document)["problems"][0]["code"] == "disk.low"


def test_a_feeder_that_runs_empty_early_keeps_its_pages_and_names_the_missing_ones(station: Home) -> None:
    text = small_batch("short", pages=4, scanner="simulated:three-sheets")
    document = station.json("batch", "submit", station.manifest("short.yaml", text), "--wait", expect=5)
    [problem] = only_item(document)["problems"]
    assert problem["code"] == "capture.pages_missing"
    masters = station.items("short") / "item/masters"
    before = {path.name: path.stat().st_mtime_ns for path in masters.iterdir()}
    assert sorted(before) == ["0001.tif", "0002.tif", "0003.tif"]
    # the operator fills the feeder again: the pages that are there stay, the rest comes
    document = station.json("batch", "retry", "short")
    assert document["state"] == "done"
    after = {path.name: path.stat().st_mtime_ns for path in masters.iterdir()}
    assert {name: after[name] for name in before} == before
    assert len(after) == 4


def test_a_page_that_fails_a_check_holds_its_item_until_it_is_accepted_with_a_reason(
    station: Home, tmp_path: Path
) -> None:
    leaf = Image.effect_noise((600, 800), 60)
    leaf.save(tmp_path / "leaf.tif", dpi=(150, 150), save_all=True, append_images=[leaf])
    manifest = tmp_path / "odd.yaml"
    manifest.write_text(small_batch("odd").replace("pages: 2", "file_paths: [leaf.tif]"))
    document = station.json("batch", "submit", str(manifest), "--wait", expect=5)
    item = only_item(document)
    assert item["stages"]["characterise"] == "held"
    station.recto("batch", "accept", "odd", "--reason", "The second image is the first again")
    document = station.json("batch", "resume", "odd")
    assert document["state"] == "done"
    [stored] = (station.folder / "data/storage").glob("*.odd_item.tar")
    with tarfile.open(stored) as tar:
        events = tar.extractfile(f"{stored.stem}/metadata/events.jsonl").read().decode()
    assert "The second image is the first again" in events


def test_a_cancelled_batch_can_be_taken_up_again(station: Home) -> None:
    text = small_batch("stopped", scanner="sane:nowhere:0")
    station.recto("batch", "submit", station.manifest("stopped.yaml", text), "--wait", expect=3)
    document = station.json("batch", "cancel", "stopped")
    assert document["state"] in {"cancelled", "held"}
    document = station.json("batch", "retry", "stopped", expect=3)
    assert document["state"] == "held"


@pytest.mark.parametrize("command", [["status"], ["resume"], ["retry"], ["cancel"]])
def test_an_unknown_batch_is_wrong_usage(station: Home, command: list[str]) -> None:
    refused = station.recto("batch", *command, "nowhere", expect=2)
    assert "nowhere" in refused.stderr


def test_an_altered_event_is_found_by_verify_chain(station: Home) -> None:
    import sqlite3

    station.recto(
        "batch", "submit", station.manifest("forged.yaml", small_batch("forged", pages=1)), "--wait"
    )
    with sqlite3.connect(station.folder / "state/registry.sqlite3", timeout=30) as database:
        database.execute(
            "UPDATE event SET body = replace(body, 'success', 'fail') WHERE batch = 'forged' AND sequence = 5"
        )
    database.close()
    found = station.json("verify-chain", "forged", expect=1)
    assert "Event 5 was altered" in found["problems"][0]


def test_a_second_station_in_the_same_home_is_refused(station: Home) -> None:
    refused = station.recto("station", expect=5)
    assert "is run by process" in refused.stderr


@pytest.mark.sane
def test_one_sheet_on_the_glass_is_never_taken_for_two_pages(station: Home) -> None:
    text = small_batch(
        "glass", pages=2, scanner="sane:test:0", dpi=75, settings="{mode: Gray, test-picture: Grid}"
    )
    text += "  - {id: other, title: Another item, language: eng, pages: 1}\n"
    masters = {
        "item": station.items("glass") / "item/masters",
        "other": station.items("glass") / "other/masters",
    }

    def captured() -> list[str]:
        return sorted(
            f"{item}/{file.stem}" for item, folder in masters.items() for file in folder.glob("*.tif")
        )

    document = station.json("batch", "submit", station.manifest("glass.yaml", text), "--wait", expect=5)
    codes = {item["id"]: [problem["code"] for problem in item["problems"]] for item in document["items"]}
    assert codes == {"item": ["capture.next_sheet"], "other": ["capture.scanner_taken"]}
    assert captured() == ["item/0001"]
    document = station.json("batch", "retry", "glass", expect=5)
    assert captured() == ["item/0001", "item/0002"]
    assert [item["id"] for item in document["items"] if item["problems"]] == ["other"]
    document = station.json("batch", "retry", "glass")
    assert captured() == ["item/0001", "item/0002", "other/0001"]
    assert document["state"] == "done"


def test_a_lost_bag_is_written_and_stored_again(station: Home) -> None:
    station.recto("batch", "submit", station.manifest("lost.yaml", small_batch("lost", pages=1)), "--wait")
    document = station.json("batch", "status", "lost")
    Path(only_item(document)["bag"]).unlink()
    document = station.json("batch", "retry", "lost", "--stage", "bag")
    assert document["state"] == "done"
    assert Path(only_item(document)["bag"]).is_file()


def test_an_unknown_item_or_pipeline_is_named(station: Home) -> None:
    station.recto("batch", "submit", station.manifest("named.yaml", small_batch("named", pages=1)), "--wait")
    refused = station.recto("batch", "accept", "named", "--item", "nobody", "--reason", "x", expect=2)
    assert "nobody" in refused.stderr
    text = small_batch("odd-pipeline", pages=1).replace("items:", "pipeline: fancy\nitems:")
    refused = station.recto("batch", "submit", station.manifest("fancy.yaml", text), expect=1)
    assert "fancy" in refused.stderr
