# SPDX-License-Identifier: Apache-2.0
"""Frames become canonical rows, however a driver pads, orders and cuts them."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.errors import IncompletePage, UnsupportedFrame
from hardware.frames import PASSES, FrameFormat, FrameParameters, FrameRows, page_layout
from hardware.samples import interleave


def frame(
    form: FrameFormat = FrameFormat.GRAY, width: int = 5, depth: int = 8, lines: int = 3, padding: int = 0
) -> FrameParameters:
    bare = FrameParameters(form, True, 1 << 20, width, lines, depth)
    return FrameParameters(form, True, bare.bytes_needed + padding, width, lines, depth)


def canonical(parameters: FrameParameters, data: bytes, *, byteorder: str = "little", step: int = 7) -> bytes:
    out = bytearray()
    rows = FrameRows(parameters, out.extend, byteorder)
    for start in range(0, len(data), step):
        rows.feed(data[start : start + step])
    rows.finish()
    return bytes(out)


def slow_one_bit_colour(row: bytes, width: int) -> bytes:
    """SANE standard 1.06, figure 3: byte after byte red, green, blue, eight pixels each."""
    pixels = bytearray()
    for x in range(width):
        for channel in range(3):
            byte = row[x // 8 * 3 + channel]
            pixels.append(255 if byte >> (7 - x % 8) & 1 else 0)
    return bytes(pixels)


def test_rows_without_padding_pass_as_they_are() -> None:
    assert canonical(frame(), bytes(range(15))) == bytes(range(15))


def test_padding_at_the_end_of_rows_is_cropped() -> None:
    data = b"aaaaa--bbbbb--ccccc--"
    assert canonical(frame(padding=2), data) == b"aaaaabbbbbccccc"


def test_sixteen_bits_are_little_endian_whatever_the_host() -> None:
    values = np.arange(15, dtype=np.uint16) * 1000
    parameters = frame(depth=16)
    assert canonical(parameters, values.astype("<u2").tobytes()) == values.astype("<u2").tobytes()
    assert (
        canonical(parameters, values.astype(">u2").tobytes(), byteorder="big")
        == values.astype("<u2").tobytes()
    )


def test_one_bit_gray_stays_packed_and_its_spare_bits_are_cleared() -> None:
    parameters = frame(width=12, depth=1, lines=2)
    assert canonical(parameters, b"\xa5\xff\x5a\x0f") == b"\xa5\xf0\x5a\x00"
    assert page_layout(parameters).photometric == "white_is_zero"
    assert page_layout(parameters).bits_per_sample == 1


def test_one_bit_gray_of_whole_bytes_is_untouched() -> None:
    assert canonical(frame(width=16, depth=1, lines=1), b"\xa5\xff") == b"\xa5\xff"


@pytest.mark.parametrize("width", [1, 7, 8, 9, 24, 37])
def test_one_bit_colour_becomes_bytes_of_0_and_255(width: int) -> None:
    parameters = frame(FrameFormat.RGB, width=width, depth=1, lines=2, padding=1)
    data = np.random.default_rng(width).integers(0, 256, parameters.bytes_per_line * 2, np.uint8).tobytes()
    expected = b"".join(
        slow_one_bit_colour(data[row * parameters.bytes_per_line :], width) for row in range(2)
    )
    assert canonical(parameters, data) == expected
    assert page_layout(parameters).bits_per_sample == 8


def test_a_one_bit_pass_becomes_a_plane_of_0_and_255() -> None:
    assert canonical(frame(FrameFormat.RED, width=9, depth=1, lines=1), b"\x81\x80") == bytes(
        [255, 0, 0, 0, 0, 0, 0, 255, 255]
    )


@given(
    form=st.sampled_from([FrameFormat.GRAY, FrameFormat.RGB, FrameFormat.GREEN]),
    width=st.integers(1, 40),
    depth=st.sampled_from([1, 8, 16]),
    padding=st.integers(0, 5),
    lines=st.integers(1, 6),
    cuts=st.lists(st.integers(1, 50), min_size=1, max_size=8),
)
def test_where_reads_end_makes_no_difference(
    form: FrameFormat, width: int, depth: int, padding: int, lines: int, cuts: list[int]
) -> None:
    parameters = frame(form, width, depth, lines, padding)
    data = np.random.default_rng(1).integers(0, 256, parameters.bytes_per_line * lines, np.uint8).tobytes()
    whole = canonical(parameters, data, step=len(data))
    out = bytearray()
    rows = FrameRows(parameters, out.extend, "little")
    rest = data
    for cut in itertools.cycle(cuts):
        rows.feed(rest[:cut])
        rest = rest[cut:]
        if not rest:
            break
    assert rows.finish() == lines
    assert bytes(out) == whole
    layout = page_layout(parameters)
    samples = 1 if form is FrameFormat.GREEN else layout.samples_per_pixel
    assert len(out) == lines * ((width * samples * layout.bits_per_sample + 7) // 8)


@pytest.mark.parametrize(
    ("sent", "said"),
    [(14, "sent 2 and a part"), (10, "sent 2"), (20, "sent 4"), (0, "sent 0"), (16, "sent 3 and")],
)
def test_a_frame_that_is_not_as_announced_is_incomplete(sent: int, said: str) -> None:
    with pytest.raises(IncompletePage, match=said) as caught:
        canonical(frame(), bytes(sent))
    assert caught.value.facts["rows_expected"] == 3


def test_a_frame_of_unknown_height_may_have_any_height() -> None:
    assert canonical(frame(lines=-1), bytes(35)) == bytes(35)


@pytest.mark.parametrize("sent", [0, 13])
def test_a_frame_of_unknown_height_still_needs_whole_rows(sent: int) -> None:
    with pytest.raises(IncompletePage, match="an unknown number of rows"):
        canonical(frame(lines=-1), bytes(sent))


@pytest.mark.parametrize(
    ("depth", "bytes_per_line", "width"), [(12, 100, 5), (8, 4, 5), (8, 0, 0), (16, 9, 5), (1, 0, 5)]
)
def test_impossible_parameters_are_refused(depth: int, bytes_per_line: int, width: int) -> None:
    with pytest.raises(UnsupportedFrame):
        FrameParameters(FrameFormat.GRAY, True, bytes_per_line, width, 3, depth)


@pytest.mark.parametrize("depth", [8, 16])
def test_a_fourth_sample_is_not_taken_for_padding(depth: int) -> None:
    with pytest.raises(UnsupportedFrame, match="four samples"):
        FrameParameters(FrameFormat.RGB, True, 100 * 4 * depth // 8, 100, 3, depth)
    FrameParameters(FrameFormat.RGB, True, 100 * 4 * depth // 8 + 4, 100, 3, depth)


@pytest.mark.parametrize("depth", [8, 16])
def test_three_planes_become_pixels(tmp_path: Path, depth: int) -> None:
    kind = "<u2" if depth == 16 else "u1"
    # more than a megabyte, so that several blocks are made
    rows, width = 700, 601
    pixels = np.random.default_rng(3).integers(0, 1 << depth, (rows, width, 3)).astype(kind)
    planes = {}
    for channel, colour in enumerate(PASSES):
        planes[colour] = tmp_path / colour
        planes[colour].write_bytes(pixels[:, :, channel].tobytes())
    layout = page_layout(frame(FrameFormat.RED, width, depth, rows))
    blocks = list(interleave(planes, layout, rows))
    assert b"".join(blocks) == pixels.tobytes()
    assert len(blocks) > 1


def test_a_plane_that_lost_its_end_is_an_error(tmp_path: Path) -> None:
    planes = {colour: tmp_path / colour for colour in PASSES}
    for path in planes.values():
        path.write_bytes(bytes(14))
    with pytest.raises(OSError, match="ended early"):
        list(interleave(planes, page_layout(frame(FrameFormat.RED)), 3))
