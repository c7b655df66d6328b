# SPDX-License-Identifier: Apache-2.0
"""Each pipeline that comes with Recto takes a batch to a proved bag, and does what it is there for."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from archive.bag.validator import verify_bag
from archive.registry.events import read_events
from archive.registry.stages import Stage
from workers.errors import ManifestRefused, PipelineRefused

MakeStation = Callable[..., Any]


def bags_are_valid(station: Any) -> bool:
    bags = [Path(item["bag"]) for item in station.status()["items"]]
    return bool(bags) and all(verify_bag(bag).valid for bag in bags)


def test_photographs_are_bagged_without_being_read(station: MakeStation) -> None:
    here = station()
    here.register("photographs", 2)
    assert Stage.OCR not in here.run()
    assert here.status()["state"] == "done"
    assert here.uses() == {"master", "access", "thumbnail", "technical"}
    assert bags_are_valid(here)
    assert not list((here.node.item_folder("batch", "item-1")).glob("renditions/*"))


def test_photographs_need_no_language_data(station: MakeStation) -> None:
    here = station(OCR__LANGUAGE="tlh")
    here.register("photographs", 1)
    here.run()
    assert here.status()["state"] == "done"


def test_a_loose_sheet_alone_becomes_no_pdf_and_two_together_do(station: MakeStation) -> None:
    here = station()
    here.register("loose-sheets", 1, 2)
    here.run()
    assert here.status()["state"] == "done"
    alone, together = here.units()[Stage.ASSEMBLE]
    assert alone.result["skipped"]["code"] == "stage.condition"
    assert together.result["pages"] == 2
    folders = [here.node.item_folder("batch", f"item-{number}") for number in (1, 2)]
    assert [bool(list(folder.glob("*.pdf"))) for folder in folders] == [False, True]
    assert bags_are_valid(here)


def test_a_loose_sheet_that_cannot_be_read_holds_nobody_up(
    station: MakeStation, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = station()
    monkeypatch.setenv("TESSDATA_PREFIX", "/nonexistent")
    here.register("loose-sheets", 2)
    with here.node.registry.transaction() as session:
        # the look at the machine would tell at once that nothing can be read here
        session.get_one(
            type(here.units()[Stage.VALIDATE][0]), here.units()[Stage.VALIDATE][0].id
        ).state = "done"
    here.run()
    assert here.status()["state"] == "done"
    [ocr] = here.units()[Stage.OCR]
    assert ocr.result["skipped"]["code"].startswith("text.")
    # the pages are in the PDF as they were seen
    assert here.uses() == {"master", "access", "thumbnail", "pdf", "technical"}
    assert bags_are_valid(here)


def test_newspapers_have_larger_access_images_and_are_read_in_small_chunks(station: MakeStation) -> None:
    here = station()
    names = []
    for page in range(9):
        names.append(f"{page}.tif")
        Image.new("L", (40, 60), 200).save(here.folder / names[-1], dpi=(150, 150))
    Image.new("L", (200, 5200), 200).save(here.folder / "0.tif", dpi=(150, 150))
    here.register("newspapers", items=[{"id": "issue", "title": "Issue", "file_paths": names}])
    here.run(Stage.VALIDATE, Stage.CAPTURE, Stage.CHARACTERISE)
    assert [(unit.first_page, unit.last_page) for unit in here.units()[Stage.OCR]] == [(1, 8), (9, 9)]
    with Image.open(here.node.item_folder("batch", "issue") / "access" / "0001.jpg") as access:
        assert max(access.size) == 5000


OWN = """\
name: own
version: 7
stages:
  - name: validate
  - name: capture
  - name: characterise
  - name: ocr
    when: language = "deu" or pages > 1
    parameters: {page_segmentation: 6, second_page_segmentation: ~}
  - name: bag
"""


def test_an_own_pipeline_lies_beside_the_manifest_or_in_the_folder_of_the_settings(
    station: MakeStation, tmp_path: Path
) -> None:
    (tmp_path / "pipelines").mkdir()
    (tmp_path / "pipelines" / "own.yaml").write_text(OWN)
    here = station(PIPELINES__FOLDER=str(tmp_path / "pipelines"))
    here.register("pipelines/own.yaml", 1, 2)
    here.run()
    status = here.status()
    assert status["state"] == "done"
    assert list(status["items"][0]["stages"]) == ["validate", "capture", "characterise", "ocr", "bag"]
    alone, together = here.units()[Stage.OCR]
    assert alone.result["skipped"]["message"].endswith('language = "deu" or pages > 1')
    assert together.result == {"pages": 2, "to_look_at": []}
    assert bags_are_valid(here)
    with here.node.registry.reading() as session:
        creation = next(event for event in read_events(session, "batch") if event["type"] == "creation")
        read = [event for event in read_events(session, "batch") if event["type"] == "transcription"]
    told = creation["detail"]["pipeline"]
    assert (told["name"], told["version"], len(told["sha256"])) == ("own", "7", 64)
    assert {event["detail"]["page_segmentation"] for event in read} == {6}
    here.register("own", 1, id="another")
    with pytest.raises(PipelineRefused) as raised:
        here.register("owm", 1, id="third")
    assert raised.value.remedy == "Did you mean own?"


def test_a_later_change_of_the_file_changes_nothing_of_the_batchs_way(
    station: MakeStation, tmp_path: Path
) -> None:
    (tmp_path / "own.yaml").write_text(OWN)
    here = station()
    here.register("own.yaml", 1)
    (tmp_path / "own.yaml").unlink()
    here.run()
    assert here.status()["state"] == "done"


def test_a_pipeline_that_cannot_be_used_creates_nothing(station: MakeStation, tmp_path: Path) -> None:
    (tmp_path / "broken.yaml").write_text(OWN.replace("name: own", "name: own\nstages: []"))
    (tmp_path / "far.yaml").write_text(OWN + "  - name: upload\n    parameters: {targets: [moon]}\n")
    (tmp_path / "blind.yaml").write_text("name: blind\nversion: 1\nstages:\n  - name: validate\n")
    here = station()
    items = [{"id": "one", "title": "One", "pages": 2}]
    for pipeline, error in (
        ("../own.yaml", PipelineRefused),
        ("/etc/own.yaml", PipelineRefused),
        ("missing.yaml", PipelineRefused),
        ("broken.yaml", PipelineRefused),
        ("far.yaml", ManifestRefused),
        ("blind.yaml", ManifestRefused),
        # made for existing files, whose order nobody has to keep
        ("existing-files", ManifestRefused),
    ):
        with pytest.raises(error):
            here.register(pipeline, scanner_id="simulated:flatbed", items=items)
    assert here.units() == {}


def test_the_manifest_check_tells_of_the_pipeline_at_its_place(station: MakeStation, tmp_path: Path) -> None:
    from workers.manifest_check import inspect_manifest

    here = station()
    here.register("default", 1)
    manifest = json.loads((tmp_path / "batch.json").read_text()) | {"id": "next", "pipeline": "bok"}
    (tmp_path / "batch.json").write_text(json.dumps(manifest, indent=1))
    (problem,) = inspect_manifest(here.node, tmp_path / "batch.json").reading.problems
    assert (problem.code, problem.pointer) == ("pipeline-unknown", "/pipeline")
    assert problem.remedy == "Did you mean book?"
    (tmp_path / "blind.yaml").write_text("name: blind\nversion: 1\nstages:\n  - name: validate\n")
    items = [{"id": "one", "title": "One", "pages": 2}]
    manifest |= {"pipeline": "blind.yaml", "scanner_id": "simulated:flatbed", "items": items}
    (tmp_path / "batch.json").write_text(json.dumps(manifest, indent=1))
    (problem,) = inspect_manifest(here.node, tmp_path / "batch.json").reading.problems
    assert "captures nothing, and 1 items name no files, such as one" in problem.message


@pytest.mark.parametrize("pipeline", ["existing-files", "server-import"])
def test_files_whose_language_nobody_names_are_bagged_unread(station: MakeStation, pipeline: str) -> None:
    here = station()
    here.register(pipeline, 1)
    begun = here.run()
    assert here.status()["state"] == "done"
    assert ("fetch" in begun) is (pipeline == "server-import")
    assert here.units()[Stage.OCR][0].result["skipped"]["code"] == "stage.condition"
    assert here.uses() == {"master", "access", "thumbnail", "technical"}
    assert bags_are_valid(here)
