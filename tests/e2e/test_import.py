# SPDX-License-Identifier: Apache-2.0
"""The whole way of images that exist already, from folders and from a web server to proved bags."""

from __future__ import annotations

import hashlib
import io
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from PIL import Image, ImageDraw

from archive.bag.validator import verify_bag
from tests.e2e.conftest import Home
from tests.integration.fetching.web import Web, serve_web

FACTS = ("--institution", "Test Library", "--scanner-model", "Any")


def page(words: str) -> bytes:
    """A small scan; the words are drawn large."""
    image = Image.new("L", (300, 400), 245)
    ImageDraw.Draw(image).text((30, 150), words, fill=20, font_size=60)
    file = io.BytesIO()
    image.save(file, "TIFF", dpi=(100, 100))
    return file.getvalue()


def stored(document: dict[str, Any], item: str) -> dict[str, bytes]:
    """The files below data/ of an item's stored bag, by their paths there; the bag is valid."""
    [found] = [entry for entry in document["items"] if entry["id"] == item]
    path = Path(urlsplit(found["copies"][0]["url"]).path)
    assert verify_bag(path).valid
    with tarfile.open(path) as bag:
        files = {}
        for member in bag.getmembers():
            _, slash, name = member.name.partition("/data/")
            content = bag.extractfile(member) if slash and member.isfile() else None
            if content is not None:
                files[name] = content.read()
        return files


@pytest.fixture
def web(station: Home) -> Iterator[Web]:
    """A web server on loopback; the station's workers were started to reach it directly."""
    with serve_web() as server:
        yield server


def test_a_folder_of_images_becomes_a_valid_bag_with_what_lay_beside_the_images(
    station: Home, tmp_path: Path
) -> None:
    pages = {f"letter 1/p{number}.tif": page(f"page {number}") for number in (10, 9)}
    for name, content in {**pages, "letter 1/aid.xml": b"<ead/>", "letter 1/.hidden": b"x"}.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(content)
    manifest = tmp_path / "letters.yaml"
    made = station.json(
        "manifest", "from-folder", str(tmp_path), "-o", str(manifest), "--id", "letters", *FACTS
    )
    assert (made["items"], made["pages"], made["attachments"]) == (1, 2, 1)
    files = stored(station.json("batch", "submit", str(manifest), "--wait"), "letter 1")
    assert files["masters/0001.tif"] == pages["letter 1/p9.tif"]
    assert files["masters/0002.tif"] == pages["letter 1/p10.tif"]
    assert files["attachments/aid.xml"] == b"<ead/>"
    assert b'USE="attachment"' in files["mets.xml"]


def test_images_of_a_server_become_valid_bags_though_it_breaks_and_asks_to_wait(
    station: Home, web: Web, tmp_path: Path
) -> None:
    pages = {f"/in/vol-{item}/1.tif": page(f"volume {item}") for item in (1, 2)}
    web.files |= pages
    web.files["/in/manifest-sha256.txt"] = "".join(
        f"{hashlib.sha256(content).hexdigest()}  {path.removeprefix('/in/')}\n"
        for path, content in pages.items()
    ).encode()
    manifest = tmp_path / "delivery.yaml"
    made = station.json(
        "manifest", "from-server", f"{web.url}/in/", "-o", str(manifest), "--id", "delivery", *FACTS
    )
    assert (made["items"], made["pages"], made["with_digest"]) == (2, 2, 2)
    web.faults["/in/vol-1/1.tif"] = [("cut", 1000), ("status", 503, {"Retry-After": "1"})]
    web.faults["/in/vol-2/1.tif"] = [("body", b"another file")]
    held = station.json("batch", "submit", str(manifest), "--wait", expect=1)
    problems = {item["id"]: [problem["code"] for problem in item["problems"]] for item in held["items"]}
    assert problems == {"vol-1": [], "vol-2": ["fetch.differs"]}
    document = station.json("batch", "retry", "delivery", "--code", "fetch.differs")
    assert stored(document, "vol-1")["masters/0001.tif"] == pages["/in/vol-1/1.tif"]
    assert stored(document, "vol-2")["masters/0001.tif"] == pages["/in/vol-2/1.tif"]
