# SPDX-License-Identifier: Apache-2.0
"""Suggestions about pages and items: what a program thinks, with its source, for a person to accept."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import Any

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


def suggest_page_facts(
    width: int, height: int, ink: float, sheet: float, *, page: int | None = None
) -> tuple[Suggestion, ...]:
    """Suggest what follows from a page's measurements: blank or not, upright or sideways format, ink.

    Args:
        width: Pixels in a row.
        height: Rows.
        ink: Share of ink on the sheet, 0 to 1.
        sheet: The sheet's share of the image, 0 to 1.
        page: The page's number, from 1.
    """
    facts = [
        ("format", "landscape" if width > height else "portrait", 1.0),
        ("ink_share", f"{ink:.4f}", 1.0),
        ("sheet_share", f"{sheet:.3f}", 1.0),
    ]
    verdict, _ = load_quality_profile(DEFAULT).limits("blank").verdict(ink)
    if verdict != "pass":
        sure = ink < BLANK
        facts.insert(0, ("blank", "blank" if sure else "perhaps blank", 0.9 if sure else 0.5))
    return tuple(
        Suggestion(kind, value, "archive.imaging.page_area", recto_version(), confidence, page)
        for kind, value, confidence in facts
    )
