# SPDX-License-Identifier: Apache-2.0
"""A batch is listed with what is captured of each item, and what is left to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive.errors import BatchUnknown
from archive.registry.capture_list import Standing, batch_names, capture_list
from workers.desk.desk import Desk
from workers.node import Node
from workers.operations import register_manifest
from workers.settings import load_settings

MANIFEST = """\
batch_id;shelf
institution;Recto Test Library
scanner_id;simulated:flatbed
scanner_model;Recto Simulated Flatbed
resolution_dpi;75
color_profile;gray
bag_profile;aptrust-2.3
tag.Access;Institution

id;title;rights;pages
new;Not begun;Public domain;3
begun;Begun;Public domain;2
again;To be retaken;Public domain;2
"""


@pytest.fixture
def node(recto_home: Path, tmp_path: Path) -> Node:
    manifest = tmp_path / "shelf.csv"
    manifest.write_text(MANIFEST, encoding="utf-8")
    node = Node(load_settings())
    register_manifest(node, manifest, at_desk=True)
    return node


def test_items_stand_where_their_pages_are(node: Node) -> None:
    Desk(node, "shelf", "begun").mark_missing()
    again = Desk(node, "shelf", "again")
    for _ in range(3):
        again.mark_missing()
    first, second, third = (place.id for place in again.state().places)
    again.judge([first, second], "rejected", "focus")
    again.discard([third])
    with node.registry.reading() as session:
        found = capture_list(session, "shelf")
        assert batch_names(session) == [("shelf", 3, 3)]
    assert [(item.name, item.standing, item.expected, item.pages, item.rejected) for item in found.items] == [
        ("new", Standing.WAITING, 3, 0, 0),
        ("begun", Standing.BEGUN, 2, 1, 0),
        ("again", Standing.RETAKE, 2, 2, 2),
    ]
    assert found.manifest["color_profile"] == "gray"


def test_a_batch_that_does_not_exist_is_named(node: Node) -> None:
    with node.registry.reading() as session, pytest.raises(BatchUnknown):
        capture_list(session, "no such batch")
