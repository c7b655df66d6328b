# SPDX-License-Identifier: Apache-2.0
"""`recto scan` beside `scanimage`, on SANE's test device with the same options."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
import tifffile
from click.testing import CliRunner

from app.command_line import main
from tests.conftest import missing
from tests.e2e.conftest import Home

pytestmark = pytest.mark.sane

OPTIONS = {"resolution": "150", "test-picture": "Color pattern", "br-x": "100", "br-y": "120"}


@pytest.fixture(scope="module")
def scanimage(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, dict[str, str]]:
    """The program, and an environment in which it sees the test backend only."""
    program = shutil.which("scanimage")
    if program is None:
        missing("scanimage is not installed (Debian: sane-utils).")
    folder = tmp_path_factory.mktemp("sane")
    (folder / "dll.conf").write_text("test\n")
    shutil.copy("/etc/sane.d/test.conf", folder)
    return str(program), {**os.environ, "SANE_CONFIG_DIR": str(folder)}


def delivered(
    scanimage: tuple[str, dict[str, str]], options: dict[str, str]
) -> tuple[tuple[int, int], bytes]:
    """Width, height and samples as scanimage writes them in PNM: big-endian, 1 = black in a bitmap."""
    program, environment = scanimage
    lengths = {"br-x": "-x", "br-y": "-y"}
    arguments = [f"--{name}={value}" for name, value in options.items() if name not in lengths]
    arguments += [word for name, flag in lengths.items() for word in (flag, options[name])]
    scanned = subprocess.run(
        [program, "-d", "test:0", "--format=pnm", *arguments],
        env=environment,
        capture_output=True,
        check=True,
    ).stdout
    header = re.match(rb"P[456]\n# SANE data follows\n(\d+) (\d+)\n(?:\d+\n)?", scanned)
    assert header is not None
    return (int(header[1]), int(header[2])), scanned[header.end() :]


@pytest.mark.parametrize(
    ("mode", "depth"), [("Gray", "1"), ("Gray", "8"), ("Gray", "16"), ("Color", "8"), ("Color", "16")]
)
def test_a_page_has_the_pixels_that_scanimage_delivers(
    home: Home,
    tmp_path: Path,
    scanimage: tuple[str, dict[str, str]],
    monkeypatch: pytest.MonkeyPatch,
    mode: str,
    depth: str,
) -> None:
    options = {"mode": mode, "depth": depth, **OPTIONS}
    (width, height), expected = delivered(scanimage, options)
    file = tmp_path / "page.tif"
    assignments = [word for name, value in options.items() for word in ("--set", f"{name}={value}")]
    # in this process: the others here start the program as its users do
    monkeypatch.setenv("RECTO_HOME", str(home.folder))
    ended = CliRunner().invoke(main, ["scan", "sane:test:0", "-o", str(file), *assignments, "--json"])
    [page] = json.loads(ended.stdout)["pages"]
    assert (page["width"], page["height"], page["complete"]) == (width, height, True)
    assert page["sha256"] == hashlib.sha256(file.read_bytes()).hexdigest()
    samples = tifffile.imread(file)
    if depth == "1":
        with tifffile.TiffFile(file) as tiff:
            # 1 is black here as in the bitmap
            assert tiff.pages.first.photometric == tifffile.PHOTOMETRIC.MINISWHITE
        rows = np.frombuffer(expected, np.uint8).reshape(height, -1)
        # what fills the last byte of a row is nobody's pixel
        assert np.array_equal(samples, np.unpackbits(rows, axis=1)[:, :width])
    else:
        assert samples.astype(samples.dtype.newbyteorder(">")).tobytes() == expected


def test_the_answer_has_the_shape_of_the_contract(home: Home, tmp_path: Path) -> None:
    document = home.json(
        "scan",
        "sane:test:0",
        "-o",
        str(tmp_path / "page.tif"),
        "--set",
        "resolution=99.7",
        "--set",
        "source=Automatic Document Feeder",
        "--pages",
        "2",
    )
    assert set(document) == {"file", "pages", "options"}
    assert document["options"]["resolution"] == {"requested": "99.7", "actual": 100.0}
    keys = {
        "path",
        "sha256",
        "pixel_sha256",
        "width",
        "height",
        "bits_per_sample",
        "samples_per_pixel",
        "dpi",
        "complete",
    }
    assert [set(page) for page in document["pages"]] == [keys, keys]
    assert [Path(page["path"]).name for page in document["pages"]] == ["page.tif", "page-0002.tif"]
    assert document["pages"][0]["dpi"] == [100.0, 100.0]


def test_an_absent_scanner_is_a_hardware_error_and_writes_nothing(home: Home, tmp_path: Path) -> None:
    ended = home.recto("scan", "sane:nowhere", "-o", str(tmp_path / "new" / "page.tif"), expect=3)
    assert "What to do" in ended.stderr
    assert not (tmp_path / "new" / "page.tif").exists()


def test_devices_have_the_shape_of_the_contract(home: Home) -> None:
    found = home.json("devices")
    keys = {"id", "backend", "vendor", "model", "type", "simulated", "state"}
    assert all(keys <= set(device) for device in found)
    assert {"sane:test:0", "simulated:flatbed", "simulated:feeder"} <= {device["id"] for device in found}
