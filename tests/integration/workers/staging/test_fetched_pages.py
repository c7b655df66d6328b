# SPDX-License-Identifier: Apache-2.0
"""What one host fetches from a server becomes pages at the station, without being fetched a second time."""

from __future__ import annotations

import io
import json

import pytest
from PIL import Image

from archive.registry.states import State
from tests.integration.fetching.web import serve_web
from tests.integration.workers.staging.conftest import Hosts
from workers.operations import register_manifest

PIPELINE = """\
name: fetching
title: Only as far as masters
version: 1
stages:
  - name: validate
    parameters: {language_data: false}
  - name: fetch
    applies_to: chunk
  - name: capture
    applies_to: chunk
    same_chunk: true
"""


def test_what_another_host_fetched_is_taken_in_at_the_station(
    hosts: Hosts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("no_proxy", "*")
    (hosts.folder / "fetching.yaml").write_text(PIPELINE)
    with serve_web() as web:
        for number in range(2):
            page = io.BytesIO()
            Image.new("L", (60, 80), 100 + number).save(page, "TIFF", dpi=(60, 60))
            web.files[f"/{number}.tif"] = page.getvalue()
        web.files["/index.pdf"] = b"%PDF-1.7"
        manifest = {
            "id": "letters",
            "institution": "Library",
            "scanner_model": "Any",
            "resolution_dpi": 60,
            "color_profile": "gray",
            "pipeline": "fetching.yaml",
            "items": [
                {
                    "id": "item 0",
                    "title": "One",
                    "file_paths": [f"{web.url}/{number}.tif" for number in range(2)],
                    "attachments": [f"{web.url}/index.pdf"],
                }
            ],
        }
        (hosts.folder / "letters.json").write_text(json.dumps(manifest))
        register_manifest(hosts.host("station"), hosts.folder / "letters.json")
        hosts.run_named("node", "validate", "fetch")
        asked = len(web.requests)
        unit = hosts.run_named("station", "capture")
        assert unit.state == State.DONE, unit.error
        assert len(web.requests) == asked
    masters = hosts.files("station", "data/batches/letters/items/item 0")
    assert {"masters/0001.tif", "masters/0002.tif", "attachments/index.pdf"} <= masters
    # the masters and the attachment are there for everybody, and so is the manifest
    with hosts.host("station").registry.reading() as session:
        staged = {row.path.rpartition("items/item 0/")[2] for row in hosts.staged(session)}
    assert {"masters/0001.tif", "attachments/index.pdf", "manifest.json"} <= staged
