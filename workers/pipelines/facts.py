# SPDX-License-Identifier: Apache-2.0
"""The facts of a batch, an item and its pages that conditions may ask for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal

from archive.registry.pages import count_pages

if TYPE_CHECKING:
    from workers.work import Work

FactKind = Literal["text", "number", "flag", "texts", "any"]

FACTS: dict[str, tuple[FactKind, str]] = {
    "batch": ("text", "The batch's id"),
    "institution": ("text", "The institution of the manifest"),
    "collection": ("text", "The collection"),
    "bag_profile": ("text", "The bag profile"),
    "color_profile": ("text", "sRGB, AdobeRGB, eciRGBv2, gray or bitonal"),
    "resolution_dpi": ("number", "Pixels per inch"),
    "scanner_model": ("text", "The scanner's model as the manifest names it"),
    "storage": ("texts", "The names of the batch's storage targets"),
    "item": ("text", "The item's id"),
    "title": ("text", "The item's title"),
    "creator": ("text", "Its creator"),
    "date": ("text", "Its date, as the manifest writes it"),
    "language": ("text", "The Tesseract models that its language means, such as deu"),
    "rights": ("text", "Its rights statement"),
    "device": ("text", "The id of its scanner"),
    "pages": ("number", "How many pages the item has; of a stage per batch: all of its items"),
    "files": ("flag", "Whether its pages are existing files"),
}
"""The name of each fact, its type, and what it tells."""

FAMILIES: dict[str, str] = {
    "setting": "A scanner setting of the manifest, such as setting.source",
    "tag": 'A tag of the manifest, such as tag.Access or tag."Storage Option"',
}
"""Facts with a name of the manifest's own behind a dot; their type is open."""


def kind_of(name: str) -> FactKind | None:
    """The type of a fact; None where there is no such fact."""
    if name in FACTS:
        return FACTS[name][0]
    family, dot, rest = name.partition(".")
    return "any" if family in FAMILIES and dot and rest else None


def facts_of_manifest(
    batch: Mapping[str, Any], item: Mapping[str, Any] | None, *, pages: int, files: bool
) -> dict[str, Any]:
    """The facts that a manifest tells; what it leaves out is not set.

    Args:
        batch: The manifest without its items, as it is kept with the batch.
        item: The item's part of it; None for a stage per batch.
        pages: How many pages there are.
        files: Whether they are existing files.
    """
    of_item: Mapping[str, Any] = item or {}
    facts: dict[str, Any] = {
        "batch": batch.get("id"),
        "item": of_item.get("id"),
        "device": of_item.get("scanner_id") or batch.get("scanner_id"),
        "pages": pages,
        "files": files,
    }
    for name in ("institution", "collection", "bag_profile", "color_profile", "resolution_dpi"):
        facts[name] = batch.get(name)
    facts["scanner_model"] = batch.get("scanner_model")
    facts["storage"] = list(batch.get("storage") or ())
    for name in ("title", "creator", "date", "language", "rights"):
        facts[name] = of_item.get(name)
    for name, value in {**(batch.get("settings") or {}), **(of_item.get("settings") or {})}.items():
        facts[f"setting.{name}"] = value
    for name, value in {**(batch.get("tags") or {}), **(of_item.get("tags") or {})}.items():
        facts[f"tag.{name}"] = value
    return {name: value for name, value in facts.items() if value not in (None, "", [])}


def facts_of(work: Work) -> dict[str, Any]:
    """The facts of a unit's work, for the condition of its stage."""
    with work.node.registry.reading() as session:
        pages, files = count_pages(session, work.claim.batch, work.claim.item or None)
    return facts_of_manifest(work.manifest, work.item or None, pages=pages, files=files > 0)
