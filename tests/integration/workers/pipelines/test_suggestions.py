# SPDX-License-Identifier: Apache-2.0
"""What programs suggest of an item, and what a person made of it, goes into its bag beside the manifest's metadata."""

from __future__ import annotations

import json
import tarfile
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner
from PIL import Image

from app.command_line import main
from archive.registry.item_description import describe_item
from tests.integration.workers.pipelines.conftest import Station, draw_page

BEFORE_BAG = ("validate", "capture", "characterise", "enrich", "ocr", "assemble")


def recto(*arguments: str) -> Any:
    result = CliRunner().invoke(main, ["suggestions", *arguments, "--json"])
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout), result.stderr


def in_bag(station: Station) -> dict[str, Any]:
    """The suggestions in the item's bag, by what was suggested."""
    (bag,) = station.node.bag_folder("batch").glob("*.tar")
    with tarfile.open(bag) as tar:
        (name,) = [name for name in tar.getnames() if "/data/enrichment/" in name]
        file = tar.extractfile(name)
        assert file is not None
        document = json.load(file)
    assert name.endswith("/data/enrichment/item-1.json")
    return {f"{each['kind']}={each['value']}": each["status"] for each in document["suggestions"]}


def test_a_date_is_suggested_accepted_and_bagged_and_the_manifest_keeps_its_own(
    station: Callable[..., Station],
) -> None:
    made = station()
    made.register("book", 1)
    draw_page(made.folder / "1-0.tif", "im Jahre 1784")
    made.run(*BEFORE_BAG)
    (date,), _ = recto("list", "batch", "--kind", "date")
    assert (date["item"], date["page"], date["value"], date["status"]) == ("item-1", 1, "1784", "suggested")
    assert (date["source"], date["bagged"]) == ("archive.text.dates", False)
    (accepted,), _ = recto("accept", "batch", "--id", str(date["id"]), "--reason", "as printed")
    assert accepted["status"] == "accepted"
    assert recto("accept", "batch", "--kind", "date")[0] == []
    made.run()
    assert in_bag(made)["date=1784"] == "accepted"
    with made.node.registry.reading() as session:
        assert describe_item(session, 1).date == ""
    # decided after the bag was made: told, and in the bag when it is made anew
    changed, told = recto("refuse", "batch", "--item", "item-1", "--kind", "date")
    assert [each["bagged"] for each in changed] == [True]
    assert "batch retry batch --item item-1 --stage bag" in told
    assert in_bag(made)["date=1784"] == "accepted"


def test_consent_is_recorded_once_and_withdrawn(station: Callable[..., Station]) -> None:
    made = station()
    made.register("book", 1)
    call = ["batch", "consent", "batch", "--provider", "openai-compatible", "--reason", "agreed", "--json"]
    told = [json.loads(CliRunner().invoke(main, more).stdout) for more in (call, call, [*call, "--withdraw"])]
    assert [(each["consent"], each["changed"]) for each in told] == [
        (True, True),
        (True, False),
        (False, True),
    ]
    unknown = CliRunner().invoke(main, ["batch", "consent", "batch", "--provider", "none", "--reason", "x"])
    assert unknown.exit_code != 0
    assert "enrichment.provider_unknown" in unknown.output


OWN = """\
name: own
title: Sheets between items
version: "1"
stages:
  - name: validate
  - name: capture
    applies_to: chunk
  - name: characterise
    applies_to: chunk
  - name: enrich
    parameters:
      barcodes: true
      separator: "BOX "
      kinds: [barcode, separator]
"""


def test_a_sheet_between_items_is_suggested_and_splits_nothing(station: Callable[..., Station]) -> None:
    zxingcpp: Any = pytest.importorskip("zxingcpp")
    made = station()
    (made.folder / "own.yaml").write_text(OWN)
    made.register("own.yaml", 2)
    code = zxingcpp.write_barcode_to_image(zxingcpp.create_barcode("BOX 17", zxingcpp.QRCode), scale=8)
    sheet = Image.new("L", (600, 600), 235)
    sheet.paste(Image.fromarray(np.array(code)), (150, 150))
    sheet.save(made.folder / "1-1.tif", dpi=(150, 150))
    made.run()
    ((found,), _) = recto("list", "batch")
    assert (found["kind"], found["value"], found["page"]) == ("separator", "17", 2)
    assert found["source"] == "zxing-cpp QRCode"
    assert [item["pages"] for item in made.status()["items"]] == [2]
