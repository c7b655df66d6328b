# SPDX-License-Identifier: Apache-2.0
"""The pixels of SANE's test device, beside us and behind saned, are those that other front-ends deliver."""

from __future__ import annotations

import hashlib
import itertools
import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from hardware.errors import IncompletePage, InputOutputFailure, UnsupportedFrame
from hardware.options import Value
from hardware.sane.private import write_configuration
from hardware.scanner import PageFile, PageStarted
from tests.conftest import missing
from tests.integration.hardware.contract.conftest import SANE, Device

ON_BOTH = pytest.mark.parametrize("device", SANE, indirect=True)
BESIDE_US = pytest.mark.parametrize("device", ["test"], indirect=True)

Pixels = npt.NDArray[np.uint16]
ReadPixels = Callable[[PageFile], Pixels]
Settings = dict[str, Value]
Oracle = Callable[[Settings], Pixels]

# a width that fills neither bytes nor words
AREA: Settings = {"resolution": 61, "br-x": 67, "br-y": 43}
ORDERS = ("RGB", "RBG", "GBR", "GRB", "BRG", "BGR")


@pytest.fixture(scope="session")
def scanimage(tmp_path_factory: pytest.TempPathFactory) -> Oracle:
    """What `scanimage`, SANE's own front-end, delivers of the device beside us with the same options."""
    program = shutil.which("scanimage")
    if program is None:
        missing("scanimage is not installed (Debian: sane-utils).")
    environment = os.environ | write_configuration(tmp_path_factory.mktemp("scanimage"), ["test"])
    delivered: dict[str, Pixels] = {}

    def run(values: Settings) -> Pixels:
        key = json.dumps(values, sort_keys=True)
        if key not in delivered:
            # scanimage has short names of its own for the lower right corner
            names = {"br-x": "-x", "br-y": "-y"}
            words = [
                word
                for name, value in values.items()
                for word in ([names[name], str(value)] if name in names else [f"--{name}={_word(value)}"])
            ]
            command = [str(program), "-d", "test:0", "--format=pnm", *words]
            done = subprocess.run(command, env=environment, check=True, capture_output=True)
            delivered[key] = _read_pnm(done.stdout)
        return delivered[key]

    return run


def _word(value: Value) -> str:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def _read_pnm(data: bytes) -> Pixels:
    kind, _comment, size, rest = data.split(b"\n", 3)
    width, height = map(int, size.split())
    if kind == b"P4":
        packed = np.frombuffer(rest, np.uint8).reshape(height, -1)
        return np.unpackbits(packed, axis=1)[:, :width].astype(np.uint16)
    greatest, samples = rest.split(b"\n", 1)
    # PNM is big-endian
    flat = np.frombuffer(samples, ">u2" if int(greatest) > 255 else "u1").astype(np.uint16)
    return flat.reshape((height, width, 3) if kind == b"P6" else (height, width))


@pytest.fixture
def scanned(device: Device, pixels: ReadPixels) -> Callable[[Settings], tuple[PageFile, Pixels]]:
    """Scans one page with Recto; what its record says must be so."""

    def scan(values: Settings) -> tuple[PageFile, Pixels]:
        device.session.apply(values)
        page = device.page()
        data = page.path.read_bytes()[page.pixel_offset :]
        assert page.pixel_sha256 == hashlib.sha256(data).hexdigest()
        assert len(data) == page.height * page.bytes_per_row
        assert device.left_in_spool() == ["0001.raw"]
        return page, pixels(page)

    return scan


Scanned = Callable[[Settings], tuple[PageFile, Pixels]]


@ON_BOTH
@pytest.mark.parametrize(
    ("mode", "depth"), [("Gray", 1), ("Gray", 8), ("Gray", 16), ("Color", 8), ("Color", 16)]
)
def test_pixels_are_those_of_scanimage(scanned: Scanned, scanimage: Oracle, mode: str, depth: int) -> None:
    base: Settings = {"mode": mode, "depth": depth, **AREA}
    for picture in ("Grid", "Color pattern"):
        values = {**base, "test-picture": picture}
        expected = scanimage(values)
        page, pixels = scanned({**values, "ppl-loss": 0})
        assert pixels.shape == expected.shape
        assert np.array_equal(pixels, expected), picture
        assert len(np.unique(expected)) > 1
        assert (page.bits_per_sample, page.samples_per_pixel) == (depth, 3 if mode == "Color" else 1)
        assert page.dpi == (61, 61)
    # the device drops the pixels at the right and leaves their bytes in the row
    page, pixels = scanned({**values, "ppl-loss": 7})
    assert page.width == expected.shape[1] - 7
    assert np.array_equal(pixels, expected[:, :-7])


@ON_BOTH
def test_an_unknown_height_is_read_to_its_end(device: Device, scanned: Scanned, scanimage: Oracle) -> None:
    for depth in (1, 8, 16):
        values: Settings = {"depth": depth, "resolution": 61, "hand-scanner": True, "test-picture": "Grid"}
        expected = scanimage({"mode": "Gray", **values})
        assert np.array_equal(scanned(values)[1], expected)
        (started, *_) = device.scan().events
        assert isinstance(started, PageStarted)
        assert started.height is None


@ON_BOTH
def test_neither_short_reads_nor_waits_nor_wrong_announcements_make_a_difference(
    device: Device, pixels: ReadPixels, scanimage: Oracle
) -> None:
    values: Settings = {"mode": "Color", "depth": 16, "resolution": 20, "br-x": 30, "test-picture": "Grid"}
    expected = scanimage(values)
    plain: Settings = {"read-limit": False, "non-blocking": False, "select-fd": False}
    odd: list[Settings] = [
        *({"read-limit": True, "read-limit-size": size} for size in (1, 7, 4097, 65536)),
        {"non-blocking": True},
        {"non-blocking": True, "select-fd": True},
        {"fuzzy-parameters": True},
    ]
    whole = 0
    for settings in odd:
        device.session.apply({**values, **plain, **settings})
        told = device.scan()
        # a saned may ask for the parameters when the page has passed and gets fuzzy ones then, and now and
        # then it miscounts short records: such a page is void, never wrong
        if device.kind == "saned" and told.error is not None:
            assert isinstance(told.error, (IncompletePage, InputOutputFailure))
            continue
        assert np.array_equal(pixels(told.pages[0]), expected), settings
        whole += 1
    assert whole >= (3 if device.kind == "saned" else len(odd))


@ON_BOTH
def test_sixteen_bits_come_in_either_byte_order(scanned: Scanned, scanimage: Oracle) -> None:
    for mode in ("Gray", "Color"):
        values: Settings = {"mode": mode, "depth": 16, **AREA, "test-picture": "Color pattern"}
        inverted: Settings = {**values, "invert-endianess": True}
        expected = scanimage({**values, "invert-endianess": False})
        assert np.array_equal(scanned({**values, "invert-endianess": False})[1], expected)
        assert np.array_equal(scanned(inverted)[1], scanimage(inverted))
        assert np.array_equal(scanimage(inverted), expected.byteswap())


@BESIDE_US
@pytest.mark.parametrize("depth", [1, 8, 16])
def test_three_passes_in_any_order_are_the_picture_of_one_pass(
    device: Device, scanned: Scanned, depth: int
) -> None:
    values: Settings = {"mode": "Color", "depth": depth, **AREA, "test-picture": "Color pattern"}
    expected = scanned({**values, "three-pass": False})[1]
    for order in ORDERS:
        for loss in (0, 7):
            passes: Settings = {"three-pass": True, "three-pass-order": order, "ppl-loss": loss}
            _, pixels = scanned({**values, **passes})
            assert np.array_equal(pixels, expected[:, : expected.shape[1] - loss]), (order, loss)


@pytest.mark.parametrize("device", ["saned"], indirect=True)
def test_a_pass_that_saned_loses_never_makes_a_wrong_page(device: Device, scanimage: Oracle) -> None:
    # saned 1.2.1 skips passes of the test device now and then, and scanimage then delivers wrong colours
    values: Settings = {"mode": "Color", "depth": 8, **AREA, "test-picture": "Color pattern"}
    expected = hashlib.sha256(scanimage(values).astype(np.uint8).tobytes()).hexdigest()
    device.session.apply({**values, "three-pass": True})
    for number in (1, 2):
        told = device.scan(1, number)
        if told.error is None:
            assert told.pages[0].pixel_sha256 == expected
        else:
            assert isinstance(told.error, (IncompletePage, UnsupportedFrame))
            assert f"{number:04d}.raw" not in device.left_in_spool()


@ON_BOTH
def test_one_bit_colour_has_the_grid_of_eight_bit_colour(scanned: Scanned, scanimage: Oracle) -> None:
    # scanimage itself gives up on 1-bit colour
    values: Settings = {"mode": "Color", **AREA, "test-picture": "Grid"}
    page, pixels = scanned({**values, "depth": 1})
    assert np.array_equal(pixels, scanimage({**values, "depth": 8}))
    assert (page.bits_per_sample, page.photometric) == (8, "rgb")


@BESIDE_US
def test_one_bit_colour_has_all_eight_colours_in_their_order(scanned: Scanned) -> None:
    # sane-test(5) counts through the colours: a swapped channel would change the order
    values: Settings = {"mode": "Color", "depth": 1, "resolution": 100, "test-picture": "Color pattern"}
    first_row = scanned(values)[1][0] // 255
    numbers = [number for number, _ in itertools.groupby((first_row @ np.array([4, 2, 1])).tolist())]
    assert numbers[:8] == [0, 1, 2, 3, 4, 5, 6, 7]


# Another front-end

DEBIAN_PYTHON = "/usr/bin/python3"


@BESIDE_US
def test_eight_bits_are_those_of_python_sane(scanned: Scanned, tmp_path: Path) -> None:
    # where it is right: flatbed, 8 bit, one pass, no padding
    try:
        subprocess.run([DEBIAN_PYTHON, "-c", "import sane, PIL"], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        missing("python-sane is not installed (Debian: python3-sane, python3-pil).")
    settings: list[Settings] = [
        {"mode": mode, "depth": 8, "test-picture": picture, **area}
        for mode in ("Gray", "Color")
        for picture in ("Solid black", "Solid white", "Color pattern", "Grid")
        for area in (AREA, {"resolution": 33, "br-x": 11, "br-y": 197})
    ]
    (configuration, pictures) = (tmp_path / "configuration", tmp_path / "pictures")
    configuration.mkdir()
    pictures.mkdir()
    subprocess.run(
        [DEBIAN_PYTHON, Path(__file__).with_name("scan_with_python_sane.py"), pictures],
        env=os.environ | write_configuration(configuration, ["test"]),
        input=json.dumps(settings).encode(),
        check=True,
    )
    for number, values in enumerate(settings):
        (theirs,) = pictures.glob(f"{number}.*")
        page, _ = scanned(values)
        kind = "L" if page.samples_per_pixel == 1 else "RGB"
        assert theirs.name == f"{number}.{kind}.{page.width}x{page.height}"
        assert hashlib.sha256(theirs.read_bytes()).hexdigest() == page.pixel_sha256, values
