# SPDX-License-Identifier: Apache-2.0
"""The step runs in a pipeline for real: Recto registers a batch, runs its units in this process, and bags it."""

from __future__ import annotations

import csv
import json
import shutil
import tarfile
from pathlib import Path

import pytest
from archive.registry.status import batch_status
from archive.registry.tables import UnitRow
from PIL import Image
from sqlalchemy import select
from workers.node import Node
from workers.operations import register_manifest
from workers.run_unit import run_unit
from workers.settings import load_settings
from workers.steps.registry import find_step

from recto_page_list import NAME, step

HERE = Path(__file__).parent.parent
MANIFEST = {
    "id": "letters",
    "institution": "Library",
    "scanner_model": "Any",
    "resolution_dpi": 60,
    "color_profile": "gray",
    "pipeline": "page-list.yaml",
    "items": [{"id": "one", "title": "One", "file_paths": ["1.tif", "2.tif"]}],
}


@pytest.fixture
def node(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Node:
    monkeypatch.setenv("RECTO_HOME", str(tmp_path / "home"))
    for name in ("1.tif", "2.tif"):
        Image.new("L", (60, 80), 200).save(tmp_path / name, dpi=(60, 60))
    shutil.copy(HERE / "page-list.yaml", tmp_path)
    (tmp_path / "letters.json").write_text(json.dumps(MANIFEST))
    node = Node(load_settings())
    register_manifest(node, tmp_path / "letters.json")
    return node


def run_all(node: Node) -> None:
    with node.registry.reading() as session:
        units = list(session.scalars(select(UnitRow.id).order_by(UnitRow.id)))
    for unit in units:
        run_unit(node, unit, "test")


def test_recto_finds_the_step_by_its_entry_point() -> None:
    assert find_step("page-list") is step


def test_the_list_is_in_the_bag_and_nothing_is_left_behind(node: Node) -> None:
    run_all(node)
    with node.registry.reading() as session:
        status = batch_status(session, "letters")
    assert status["state"] == "done"
    with tarfile.open(status["items"][0]["bag"]) as bag:
        (listed,) = [member for member in bag if member.name.endswith(f"data/{NAME}")]
        content = bag.extractfile(listed)
        assert content is not None
        rows = list(csv.reader(content.read().decode().splitlines(), delimiter=";"))
    assert [row[0] for row in rows] == ["page", "1", "2"]
    assert not list(node.item_folder("letters", "one").glob("*scratch*"))
    node.close()


def test_a_failure_is_told_and_cleaned_up_after(node: Node, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_arguments: object, **_more: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("recto_page_list.csv.writer", fail)
    run_all(node)
    with node.registry.reading() as session:
        status = batch_status(session, "letters")
    (problem,) = status["items"][0]["problems"]
    assert (problem["stage"], problem["code"]) == ("page-list", "filesystem")
    assert not list(node.item_folder("letters", "one").glob("*scratch*"))
    node.close()
