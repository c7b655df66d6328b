# SPDX-License-Identifier: Apache-2.0
"""What a pipeline may ask of images: compressed masters, tags of an institution, JPEG 2000 for image servers."""

from __future__ import annotations

import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tifffile
from jpylyzer import jpylyzer

from archive.agents import kind_of_agent
from archive.bag.validator import verify_bag
from archive.imaging.color_profiles import srgb_profile
from archive.imaging.opinions import TOOLS, installed_tools
from archive.registry.batches import pages_of
from archive.registry.events import read_events
from archive.registry.pages import files_of
from tests.conftest import missing

MakeStation = Callable[..., Any]

OWN = """\
name: own
version: 1
stages:
  - name: validate
    parameters: {language_data: false}
  - name: capture
    parameters: {master_compression: deflate, tag_set: baseline}
  - name: characterise
    parameters: {tag_set: slub}
  - name: jpeg2000
    applies_to: chunk
    parameters: {ratio: 5}
  - name: assemble
  - name: bag
"""


def checks_of(station: Any) -> list[dict[str, Any]]:
    with station.node.registry.reading() as session:
        return list(pages_of(session, 1)[0].checks or [])


def deep_page(path: Path) -> Path:
    """A compressed colour page of 16 bits, as another program has left it."""
    samples = np.random.default_rng(3).integers(0, 2**16, (90, 70, 3), dtype=np.uint16)
    tifffile.imwrite(
        path, samples, photometric="rgb", compression="zlib", predictor=True, rowsperstrip=16,
        resolution=(150, 150), resolutionunit="INCH", iccprofile=srgb_profile(), metadata=None,
    )  # fmt: skip
    return path


@pytest.fixture
def done(station: MakeStation, tmp_path: Path) -> Any:
    (tmp_path / "own.yaml").write_text(OWN)
    here = station()
    deep_page(here.folder / "deep.tif")
    here.register("own.yaml", items=[{"id": "item-1", "title": "One", "file_paths": ["deep.tif"]}])
    here.run()
    return here


def test_a_deep_page_goes_through_every_step_and_keeps_every_bit(done: Any) -> None:
    assert done.status()["state"] == "done"
    folder = done.node.item_folder("batch", "item-1")
    assert (folder / "masters" / "0001.tif").read_bytes() == (done.folder / "deep.tif").read_bytes()
    [tags] = [check for check in checks_of(done) if check["check"] == "tags"]
    assert (tags["verdict"], tags["threshold"]) == ("review", "slub")
    assert "Compression (259) is 8, not 1" in tags["sentence"]

    image = folder / "access" / "0001.jp2"
    assert jpylyzer.checkOneFile(str(image)).findtext(".//isValid") == "True"
    with done.node.registry.reading() as session:
        recorded = {file.path: (file.use, file.mime) for file in files_of(session, 1)}
    assert recorded["access/0001.jp2"] == ("access", "image/jp2")
    assert recorded["access/0001.jpg"] == ("access", "image/jpeg")

    bag = Path(done.status()["items"][0]["bag"])
    assert verify_bag(bag).valid
    with tarfile.open(bag) as tar:
        [mets] = [name for name in tar.getnames() if name.endswith("mets.xml")]
        written = tar.extractfile(mets)
        assert written is not None
        assert b"access/0001.jp2" in written.read()
    # the PDF is made of the JPEG
    assert (folder / "item-1.pdf").stat().st_size > 0
    assert done.status()["items"][0]["pages"] == 1


def test_what_others_say_of_the_files_is_a_finding_and_in_the_history(done: Any) -> None:
    gone = set(TOOLS) - set(installed_tools())
    if gone:
        missing(f"Not installed: {', '.join(sorted(gone))}.")
    checks = {check["check"]: check for check in checks_of(done)}
    assert checks["exiftool"]["verdict"] == "pass"
    # the page came from elsewhere: what does not fit the rules of the set is shown
    assert (checks["checkit_tiff"]["verdict"], checks["checkit_tiff"]["measured"]) == ("review", "invalid")
    assert checks["access_jpeg2000"]["verdict"] == "pass"
    exiftool, jpylyzer_agent = (f"{tool} {installed_tools()[tool]}" for tool in ("exiftool", "jpylyzer"))
    with done.node.registry.reading() as session:
        technical = pages_of(session, 1)[0].technical
        judged = [event for event in read_events(session, "batch") if event["type"] == "validation"]
    assert list(technical["tools"].values()) == ["valid", "invalid"]
    checkit_tiff = list(technical["tools"])[1]
    assert checkit_tiff.startswith("checkit_tiff ")
    assert {kind_of_agent(agent) for agent in (exiftool, checkit_tiff, jpylyzer_agent)} == {"software"}
    agents = [
        (event["detail"]["file"], event["agents"][1:], event["detail"].get("tools")) for event in judged
    ]
    assert ("masters/0001.tif", [exiftool, checkit_tiff], technical["tools"]) in agents
    assert ("access/0001.jp2", [jpylyzer_agent], {jpylyzer_agent: "valid"}) in agents


@pytest.mark.parametrize("by", ["setting", "parameter"])
def test_nobody_else_is_asked_where_that_is_switched_off(
    by: str, station: MakeStation, tmp_path: Path
) -> None:
    off = OWN.replace("parameters: {tag_set: slub}", "parameters: {tag_set: slub, outside_tools: false}")
    (tmp_path / "own.yaml").write_text(off if by == "parameter" else OWN)
    here = station(**({"QUALITY__OUTSIDE_TOOLS": "false"} if by == "setting" else {}))
    deep_page(here.folder / "deep.tif")
    here.register("own.yaml", items=[{"id": "item-1", "title": "One", "file_paths": ["deep.tif"]}])
    here.run("validate", "capture", "characterise")
    names = {check["check"] for check in checks_of(here)}
    assert "tags" in names
    assert not names & {*TOOLS, "access_jpeg2000"}
