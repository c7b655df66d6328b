# SPDX-License-Identifier: Apache-2.0
"""What the manifest demands decides which mode is chosen, and which device and which page is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from hardware.options import OneOf, OptionDescriptor, OptionType, Value
from hardware.scanner import DeviceInfo, PageFile
from workers.errors import CaptureRefused
from workers.stages.capture_requirements import Requirements


def demanded(profile: str = "gray", dpi: int = 300, **settings: Any) -> Requirements:
    return Requirements.of({"resolution_dpi": dpi, "color_profile": profile}, settings)


def options(modes: tuple[str, ...], depths: tuple[int, ...] = (8, 16)) -> list[OptionDescriptor]:
    return [
        OptionDescriptor(1, "mode", "", "", OptionType.STRING, size=32, constraint=OneOf(modes)),
        OptionDescriptor(2, "depth", "", "", OptionType.INT, constraint=OneOf(depths)),
    ]


PAPER = ("Lineart", "Halftone", "Gray", "Color")


@pytest.mark.parametrize(
    ("profile", "modes", "depths", "chosen"),
    [
        ("gray", PAPER, (8,), {"mode": "Gray"}),
        ("bitonal", PAPER, (8,), {"mode": "Lineart"}),
        ("sRGB", PAPER, (8,), {"mode": "Color"}),
        ("eciRGBv2", ("Grayscale", "Colour"), (8,), {"mode": "Colour"}),
        ("bitonal", ("Gray", "Color"), (1, 8, 16), {"mode": "Gray", "depth": 1}),
        ("bitonal", ("Gray", "Color"), (8, 16), {}),
        ("gray", ("Sepia",), (8,), {}),
        ("gray", ("True Gray", "Gray"), (8,), {"mode": "Gray"}),
    ],
)
def test_the_mode_of_the_colour_profile_is_chosen_where_the_device_has_it(
    profile: str, modes: tuple[str, ...], depths: tuple[int, ...], chosen: dict[str, Value]
) -> None:
    assert demanded(profile).mode_to_choose(options(modes, depths)) == chosen


def test_a_mode_that_the_settings_name_is_left_alone() -> None:
    assert demanded("gray", mode="Halftone").mode_to_choose(options(PAPER)) == {}
    assert demanded("gray").mode_to_choose([]) == {}


GOOD = [
    (demanded(), {"resolution": 300, "mode": "Gray", "depth": 8}),
    (demanded(), {"resolution": 302.9}),
    (demanded(), {"x-resolution": 300, "y-resolution": 300, "mode": "Something new"}),
    (demanded(depth=16), {"depth": 16}),
    (demanded(depth="16"), {}),
    (demanded("bitonal"), {"mode": "Gray", "depth": 1}),
    (demanded("gray", mode="Graustufen"), {"mode": "Gray"}),
    (demanded("bitonal", mode="Halftone"), {"mode": "Halftone"}),
]


@pytest.mark.parametrize(("requirements", "actual"), GOOD)
def test_a_device_that_has_what_is_demanded_may_scan(
    requirements: Requirements, actual: dict[str, Value]
) -> None:
    requirements.refuse_device(actual, PAPER)


BAD = [
    (demanded(), {"resolution": 296}, "resolution 296"),
    (demanded(), {"resolution": 300, "y-resolution": 600}, "y-resolution 600"),
    (demanded(depth=16), {"depth": 8}, "depth 8"),
    (demanded(), {"mode": "Color"}, "mode Color"),
    (demanded(), {"mode": "Lineart"}, "mode Lineart"),
    (demanded("sRGB"), {"mode": "Gray"}, "mode Gray"),
    (demanded("bitonal"), {"mode": "Halftone"}, "mode Halftone"),
    (demanded("gray"), {"mode": "Gray[Error Diffusion]"}, "mode Gray"),
    (demanded("gray", mode="Gray"), {"mode": "Lineart"}, "mode Lineart"),
    (demanded("gray", mode="Color"), {"mode": "Color"}, "mode Color"),
]


@pytest.mark.parametrize(("requirements", "actual", "words"), BAD)
def test_a_device_that_has_something_else_may_not(
    requirements: Requirements, actual: dict[str, Value], words: str
) -> None:
    with pytest.raises(CaptureRefused) as refused:
        requirements.refuse_device(actual, PAPER)
    assert f"would give {words}" in refused.value.message
    assert str(requirements.dpi) in refused.value.message


def page(samples: int = 1, bits: int = 8, dpi: tuple[float, float] = (300, 300)) -> PageFile:
    return PageFile(
        path=Path("0001.raw"),
        number=1,
        width=1,
        height=1,
        bits_per_sample=bits,
        samples_per_pixel=samples,
        photometric="rgb" if samples > 1 else "black_is_zero",
        pixel_sha256="",
        dpi=dpi,
        options={},
        device=DeviceInfo("sane:x", "x", "", "", "", simulated=False),
        started_at="",
        finished_at="",
        bytes_received=1,
        complete=True,
    )


@pytest.mark.parametrize(
    ("requirements", "delivered"),
    [
        (demanded(), page()),
        (demanded(), page(bits=16)),
        (demanded("sRGB", depth=1), page(3)),
        (demanded("sRGB"), page(3)),
        (demanded("bitonal"), page(bits=1)),
        (demanded(depth=12), page(bits=16)),
        (demanded(depth=8), page(bits=8)),
    ],
)
def test_a_page_that_is_as_demanded_is_kept(requirements: Requirements, delivered: PageFile) -> None:
    requirements.refuse_page(delivered)


@pytest.mark.parametrize(
    ("requirements", "delivered", "words"),
    [
        (demanded(), page(3), "colour, 8 bit"),
        (demanded(), page(bits=1), "bilevel, 1 bit"),
        (demanded("sRGB"), page(), "gray, 8 bit"),
        (demanded("bitonal"), page(), "gray, 8 bit"),
        (demanded(depth=16), page(), "gray, 8 bit"),
        (demanded(depth=8), page(bits=16), "gray, 16 bit"),
        (demanded(), page(dpi=(300, 150)), "300 x 150 dpi"),
        (demanded(), page(dpi=(0, 0)), "0 x 0 dpi"),
    ],
)
def test_a_page_that_is_something_else_is_refused(
    requirements: Requirements, delivered: PageFile, words: str
) -> None:
    with pytest.raises(CaptureRefused) as refused:
        requirements.refuse_page(delivered)
    assert words in refused.value.message
    assert "sheet of page 1" in refused.value.remedy
