# SPDX-License-Identifier: Apache-2.0
"""The demonstration, as `make demo` runs it."""

from __future__ import annotations

import json
import tarfile
from pathlib import Path

import pytest

from tests.e2e.conftest import Home


@pytest.mark.sane
@pytest.mark.tesseract
# requirement 30
def test_the_demo_takes_two_batches_to_proved_bags_and_leaves_a_folder_to_open(
    home: Home, tmp_path: Path, tesseract: str
) -> None:
    result = home.json("demo", "--out", str(tmp_path / "eine démo"))
    assert result["proved"]
    assert result["pages"] == 15
    assert {batch["batch"]: batch["state"] for batch in result["batches"]} == {
        "reading-room": "done",
        "sane-test": "done",
    }
    assert all(bag["valid"] and bag["second_opinion"] == "valid" for bag in result["bags"])
    assert all(chain["valid"] for chain in result["chains"])
    folder = Path(result["folder"])
    assert folder == tmp_path / "eine démo" / "run-001"
    letters = folder / "data/batches/reading-room/items/letters"
    assert len(list((letters / "masters").glob("*.tif"))) == 8
    assert (letters / "letters.pdf").read_bytes().startswith(b"%PDF")
    assert "ledger" in (letters / "letters.txt").read_text()
    _simulated_data_is_marked_in_the_bag(folder)
    _nothing_is_left_running(folder)


def _simulated_data_is_marked_in_the_bag(folder: Path) -> None:
    bag = next((folder / "data/storage").glob("*minutes.tar"))
    with tarfile.open(bag) as tar:
        texts = {
            name.split("/", 1)[1]: tar.extractfile(name).read()
            for name in tar.getnames()
            if name.endswith((".txt", ".json", ".xml"))
        }
    assert b"no paper was scanned" in texts["bag-info.txt"]
    assert b"no paper was scanned" in texts["metadata/premis.xml"]
    assert b'"simulated":true' in texts["metadata/capture/0001.json"]
    assert b"imulated" in texts["data/mets.xml"]
    options = json.loads(texts["metadata/capture/0001.json"])["options"]
    assert options["resolution"] == {"requested": 300, "actual": 300}
    assert options["source"]["requested"] is None
    assert options["source"]["actual"]


def _nothing_is_left_running(folder: Path) -> None:
    environments = (read_or_nothing(process / "environ") for process in Path("/proc").glob("[0-9]*"))
    assert not [environment for environment in environments if str(folder).encode() in environment]


def read_or_nothing(file: Path) -> bytes:
    """A file's content; nothing when its process ended meanwhile."""
    try:
        return file.read_bytes()
    except (FileNotFoundError, ProcessLookupError, PermissionError):
        return b""
