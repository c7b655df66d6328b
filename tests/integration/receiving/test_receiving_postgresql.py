# SPDX-License-Identifier: Apache-2.0
"""On PostgreSQL, which takes no NUL and no half characters: hostile bags are refused as on SQLite, good ones kept."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.registry.ingest_facts import Outcome
from archive.registry.states import State
from tests.arrivals import ReceivingSite, make_bag, make_tar
from tests.broken_bags import tar_member
from workers.node import Node
from workers.settings import load_settings


@pytest.fixture
def site(
    recto_home: Path, tmp_path: Path, registry_url: str, monkeypatch: pytest.MonkeyPatch
) -> Iterator[ReceivingSite]:
    assert not recto_home.exists()
    monkeypatch.setenv("RECTO_DATABASE_URL", registry_url)
    node = Node(load_settings())
    yield ReceivingSite(tmp_path / "site", node)
    node.close()


def test_what_no_database_takes_refuses_the_bag_and_stops_nothing(
    site: ReceivingSite, tmp_path: Path
) -> None:
    files = {
        "bagit.txt": b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n",
        "bag-info.txt": b"Note: a\0b\nPayload-Oxum: \0\nno tag \0\n",
        "data/a": b"",
        "manifest-md5.txt": b"d41d8cd98f00b204e9800998ecf8427e  data/a\n\0rubbish\0\n",
    }
    tar = make_tar(tmp_path / "x.tar", {f"x/{name}": data for name, data in files.items()})
    with tarfile.open(tar, "a", errors="surrogateescape") as appended:
        appended.addfile(tar_member("x/\udcff.txt", size=3), io.BytesIO(b"new"))
    arrived = site.deposit(tar)
    arrived.run()
    assert {unit.state for unit in arrived.units()} == {State.DONE}
    assert arrived.item.outcome == Outcome.REFUSED
    assert {error["rule"] for error in arrived.reading["errors"]} == {
        "manifest-form",
        "bag-info",
        "payload-oxum",
        "unportable-name",
    }


def test_a_good_bag_is_kept(site: ReceivingSite, tmp_path: Path) -> None:
    content = {"masters/0001.tif": b"II*\0", "ocr/Köln \N{SNOWMAN}.txt": "Köln \N{GRINNING FACE}".encode()}
    arrived = site.deposit(make_bag(tmp_path, content=content), told_right=True)
    arrived.run("receive")
    assert arrived.files() == arrived.reading["files"]
    arrived.run()
    assert (arrived.item.outcome, arrived.files()) == (Outcome.INGESTED, 0)
