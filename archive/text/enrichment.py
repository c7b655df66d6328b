# SPDX-License-Identifier: Apache-2.0
"""Suggestions about pages and items: what a program thinks, with its source, for a person to accept."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from PIL import Image

from archive.imaging.page_area import find_page_area
from archive.imaging.quality.profile import DEFAULT, load_quality_profile
from archive.imaging.quality.review import BLANK


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Something a program suggests; never a fact, never written into a manifest by itself.

    Attributes:
        kind: What it is about: "language", "key_phrase", "blank", "orientation" and so on.
        value: The suggested value.
        source: The module or library that suggests it.
        version: Version of the source.
        confidence: 0 to 1; comparable only between suggestions of one kind and source.
        page: The page's number, from 1, or None for the item.
    """

    kind: str
    value: str
    source: str
    version: str
    confidence: float
    page: int | None = None

    def to_json(self) -> dict[str, Any]:
        """The suggestion as a JSON object."""
        return {**asdict(self), "status": "suggested"}

    @classmethod
    def from_json(cls, document: dict[str, Any]) -> Suggestion:
        """The suggestion that `to_json` described."""
        return cls(**{name: value for name, value in document.items() if name != "status"})


def recto_version() -> str:
    """The version of Recto, or "unknown" where it runs without being installed."""
    try:
        return version("recto")
    except PackageNotFoundError:
        return "unknown"


def suggest_page_facts(proxy: Image.Image, *, page: int | None = None) -> tuple[Suggestion, ...]:
    """Suggest what can be seen from a page's image: blank or not, upright or sideways format, ink.

    Args:
        proxy: A gray image as `archive.imaging.pixels.gray_proxy` makes it.
        page: The page's number, from 1.
    """
    area = find_page_area(proxy)
    width, height = proxy.size
    facts = [
        ("format", "landscape" if width > height else "portrait", 1.0),
        ("ink_share", f"{area.ink:.4f}", 1.0),
        ("sheet_share", f"{area.share:.3f}", 1.0),
    ]
    verdict, _ = load_quality_profile(DEFAULT).limits("blank").verdict(area.ink)
    if verdict != "pass":
        sure = area.ink < BLANK
        facts.insert(0, ("blank", "blank" if sure else "perhaps blank", 0.9 if sure else 0.5))
    return tuple(
        Suggestion(kind, value, "archive.imaging.page_area", recto_version(), confidence, page)
        for kind, value, confidence in facts
    )
