# SPDX-License-Identifier: Apache-2.0
"""What a batch's images say about themselves: the resolution, the colour and the scanner that most of them have."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from archive.errors import ArchiveError
from archive.fetching.findings import Finding
from archive.imaging.technical_metadata import TechnicalMetadata, read_technical_metadata
from archive.manifest.rules import HIGHEST_DPI, LOWEST_DPI
from archive.progress import ProgressCallback, no_progress
from archive.progress_meter import ProgressMeter

_PROFILE_NAMES = (("adobe", "AdobeRGB"), ("ecirgb", "eciRGBv2"), ("srgb", "sRGB"))


@dataclass(slots=True)
class ImageFacts:
    """What images say, counted.

    Attributes:
        images: How many were read.
        resolutions: Dots per inch.
        colors: Colour profiles by the manifest's names; "" for what it has no name for.
        scanners: Make and model.
        unreadable: Images that cannot be read, with the reason.
    """

    images: int = 0
    resolutions: Counter[int] = field(default_factory=Counter)
    colors: Counter[str] = field(default_factory=Counter)
    scanners: Counter[str] = field(default_factory=Counter)
    unreadable: dict[str, str] = field(default_factory=dict)


def read_image_facts(
    paths: Iterable[tuple[str, Path]], progress: ProgressCallback = no_progress
) -> ImageFacts:
    """Read the headers of images; no pixel is decoded, and nothing is held but counts.

    Args:
        paths: Name and path of each.
        progress: Told of files; may raise to end it.
    """
    facts = ImageFacts()
    meter = ProgressMeter(progress, "Reading images", None, "files")
    meter.start()
    for name, path in paths:
        try:
            _count(facts, read_technical_metadata(path))
        except (ArchiveError, OSError) as error:
            facts.unreadable[name] = str(error)
        meter.advance(1)
    meter.finish()
    return facts


def _count(facts: ImageFacts, image: TechnicalMetadata) -> None:
    facts.images += 1
    if image.dpi is not None and LOWEST_DPI <= round(image.dpi[0]) <= HIGHEST_DPI:
        facts.resolutions[round(image.dpi[0])] += 1
    facts.colors[_color(image)] += 1
    make, model = image.tags.get("make", ""), image.tags.get("model", "")
    # some write their make into the model too
    if scanner := model if model.startswith(make) else f"{make} {model}".strip():
        facts.scanners[scanner] += 1


def _color(image: TechnicalMetadata) -> str:
    if image.color_space in {"bitonal", "gray"}:
        return image.color_space
    if image.color_space not in {"rgb", "palette"}:
        return ""
    if image.icc is None:
        return "sRGB"
    name = image.icc.name.lower().replace(" ", "").replace("-", "")
    return next((known for part, known in _PROFILE_NAMES if part in name), "")


def most_common(counted: Counter[int] | Counter[str], what: str, findings: list[Finding], total: int) -> str:
    """The value that most images have; "" where none has any. What the others have is told.

    Args:
        counted: The values.
        what: What they are, for the note.
        findings: Gets the note.
        total: How many images there are.
    """
    if not counted:
        return ""
    (value, number), *others = counted.most_common()
    if number < total:
        told = [f"{other or 'unknown'} in {count}" for other, count in others]
        silent = total - counted.total()
        told += [f"none in {silent}"] if silent else []
        findings.append(
            Finding(
                "note",
                "differs",
                what,
                f"{number} of {total} images have the {what} {value or 'unknown'}, which the manifest says; "
                f"there is also {', '.join(told[:5])}. The others are shown for review.",
            )
        )
    return str(value)
