# SPDX-License-Identifier: Apache-2.0
"""Checking image files that belong to no batch, one after the other and all together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from typing import Any

from archive.errors import ImagingError
from archive.imaging.checks import Expectation, inspect_page
from archive.imaging.opinions import ask_exiftool, ask_jpylyzer
from archive.imaging.pixels import DecodedPage, shrink
from archive.imaging.quality.finding import CheckResult
from archive.imaging.quality.order import PageFacts, check_order
from archive.imaging.quality.profile import QualityProfile, Verdict
from archive.imaging.technical_metadata import TechnicalMetadata, read_technical_metadata

PICTURE_SIDE = 280
"""Pixels of the longer side of the small picture for reports."""

_WORST: tuple[Verdict, ...] = ("hold", "review", "pass")


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """A file that was checked.

    Attributes:
        path: The file.
        checks: One result a check.
        technical: What the file says of itself; None where it is no image.
        picture: A small JPEG of it; empty where it does not decode.
    """

    path: Path
    checks: tuple[CheckResult, ...]
    technical: TechnicalMetadata | None
    picture: bytes

    @property
    def verdict(self) -> Verdict:
        """The worst verdict of its checks: the weakest one rates the page, never an average."""
        found = {check.verdict for check in self.checks}
        return next(verdict for verdict in _WORST if verdict in found or verdict == "pass")

    def to_json(self) -> dict[str, Any]:
        """The file as a JSON object: path, verdict, technical and checks."""
        return {
            "path": str(self.path),
            "verdict": self.verdict,
            "technical": self.technical.to_json() if self.technical else None,
            "checks": [check.to_json() for check in self.checks],
        }


def check_files(
    paths: Iterable[Path], profile: QualityProfile, expected: Expectation | None = None
) -> Iterator[CheckedFile]:
    """Check files, each told as soon as it is done.

    What is no whole image, or cannot be read, is a finding, and the next file is checked.

    Args:
        paths: The files.
        profile: From where on to flag.
        expected: What every one of them should be, where that is known.
    """
    for path in paths:
        yield _check_file(path, profile, expected or Expectation())


def _check_file(path: Path, profile: QualityProfile, expected: Expectation) -> CheckedFile:
    try:
        technical = read_technical_metadata(path)
        inspected = inspect_page(path, technical, expected, profile)
    except ImagingError as error:
        return _unreadable(path, error.message)
    except OSError as error:
        return _unreadable(path, f"{path} cannot be read: {error.strerror or error}.")
    return CheckedFile(path, inspected.checks, technical, _picture(inspected.page))


def with_opinions(file: CheckedFile) -> CheckedFile:
    """The file with what exiftool, and of JPEG 2000 jpylyzer, say of it, where they are installed."""
    technical = file.technical
    if technical is None:
        return file
    asked = [ask_exiftool([(file.path, technical)]).get(file.path)]
    if technical.format_name == "JPEG 2000":
        asked.append(ask_jpylyzer(file.path))
    opinions = [opinion for opinion in asked if opinion is not None]
    return replace(
        file,
        checks=(*file.checks, *(opinion.to_check("review") for opinion in opinions)),
        technical=replace(technical, tools={opinion.agent: opinion.verdict for opinion in opinions}),
    )


def _unreadable(path: Path, sentence: str) -> CheckedFile:
    return CheckedFile(path, (CheckResult("decode", "hold", None, "whole", sentence),), None, b"")


def _picture(page: DecodedPage | None) -> bytes:
    if page is None:
        return b""
    encoded = BytesIO()
    shrink(page.image, PICTURE_SIDE).convert("RGB").save(encoded, "JPEG", quality=75)
    return encoded.getvalue()


def check_together(files: Sequence[CheckedFile], profile: QualityProfile) -> list[CheckedFile]:
    """The files with what only shows beside the others: which came twice, and which are not sharp."""
    facts = [
        PageFacts.of_checks(number, [check.to_json() for check in file.checks])
        for number, file in enumerate(files)
    ]
    more: dict[int, list[CheckResult]] = {}
    names = {number: file.path.name for number, file in enumerate(files)}
    for number, result in check_order(facts, profile, names):
        more.setdefault(number, []).append(result)
    return [replace(file, checks=(*file.checks, *more.get(number, ()))) for number, file in enumerate(files)]
