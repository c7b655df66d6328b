# SPDX-License-Identifier: Apache-2.0
"""What the workspace tells of a page and of an item: names and values, ready to be shown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QCoreApplication, QDateTime, QLocale

from app.desktop.failures.messages import message_words
from app.desktop.quality.words import reason_word
from archive.imaging.page_measures import PageMeasures
from hardware.scanner import PageFile
from workers.desk.places import Place

Fact = tuple[str, str]
"""A name and a value, both for people."""

MM_PER_INCH = 25.4

TIMES = " \N{MULTIPLICATION SIGN} "

translate = QCoreApplication.translate


def page_facts(place: Place, color_profile: str, measured: PageMeasures | None) -> list[Fact]:
    """What is known of a page.

    Args:
        place: Where it stands.
        color_profile: The colour space that the manifest declares.
        measured: Its measurements, as soon as they are there.
    """
    if place.kind == "missing":
        return [
            (translate("facts", "Page"), translate("facts", "missing")),
            (translate("facts", "Label"), place.label),
        ]
    facts: list[Fact] = [(translate("facts", "File"), place.name), (translate("facts", "Label"), place.label)]
    if place.problem:
        facts.insert(0, (translate("facts", "Problem"), message_words(place.problem)))
    if place.verdict == "rejected":
        facts.insert(0, (translate("facts", "Retake"), reason_word(place.reason)))
    page = place.page
    if page is not None:
        facts += _pixel_facts(page, color_profile)
    if measured is not None:
        facts += _measured_facts(measured)
    if page is not None:
        scanner = f"{page.device.vendor} {page.device.model}".strip() or page.device.id
        facts.append((translate("facts", "Scanner"), scanner))
    when = QDateTime.fromString(place.captured_at, "yyyy-MM-ddTHH:mm:ss.zzz")
    captured = QDateTime.fromString(place.captured_at[:19] + "Z", "yyyy-MM-ddTHH:mm:ssZ")
    moment = captured if captured.isValid() else when
    if moment.isValid():
        text = QLocale().toString(moment.toLocalTime(), QLocale.FormatType.ShortFormat)
        facts.append((translate("facts", "Captured"), text))
    return facts


def _pixel_facts(page: PageFile, color_profile: str) -> list[Fact]:
    locale = QLocale()
    horizontal, vertical = page.dpi
    facts = [(translate("facts", "Pixels"), TIMES.join(map(locale.toString, (page.width, page.height))))]
    if min(page.dpi) > 0:
        size = (page.width / horizontal * MM_PER_INCH, page.height / vertical * MM_PER_INCH)
        facts.append(
            (translate("facts", "Size"), TIMES.join(locale.toString(side, "f", 1) for side in size) + " mm")
        )
        dpi = f"{horizontal:g}" if horizontal == vertical else f"{horizontal:g}{TIMES}{vertical:g}"
        facts.append((translate("facts", "Resolution"), f"{dpi} dpi"))
    depth = translate("facts", "{bits} bit").format(bits=page.bits_per_sample)
    if page.samples_per_pixel > 1:
        depth = f"{page.samples_per_pixel}{TIMES}{depth}"
    facts.append((translate("facts", "Depth"), depth))
    facts.append((translate("facts", "Colour"), _colour(page, color_profile)))
    return facts


def _colour(page: PageFile, color_profile: str) -> str:
    if page.bits_per_sample == 1:
        return translate("facts", "black and white")
    if page.samples_per_pixel == 1:
        return translate("facts", "gray, ICC profile gray")
    # what the master of a colour page gets where the manifest declares none for colour
    name = "sRGB" if color_profile in {"gray", "bitonal"} else color_profile
    return translate("facts", "colour, ICC profile {name}").format(name=name)


def _measured_facts(measured: PageMeasures) -> list[Fact]:
    locale = QLocale()

    def share(value: float) -> str:
        return f"{locale.toString(value * 100, 'f', 2)} %"

    return [
        (translate("facts", "Pure white"), share(measured.highlights)),
        (translate("facts", "Pure black"), share(measured.shadows)),
        (translate("facts", "Sharpness"), locale.toString(measured.sharpness, "f", 1)),
    ]


def item_facts(description: Mapping[str, Any], manifest: Mapping[str, Any]) -> list[Fact]:
    """What the manifest tells of an item."""
    told = [
        (translate("facts", "Title"), description.get("title")),
        (translate("facts", "Creator"), description.get("creator")),
        (translate("facts", "Date"), description.get("date")),
        (translate("facts", "Language"), description.get("language")),
        (translate("facts", "Rights"), description.get("rights")),
        (translate("facts", "Collection"), manifest.get("collection")),
        (translate("facts", "Institution"), manifest.get("institution")),
        (
            translate("facts", "Asked for"),
            f"{manifest.get('resolution_dpi')} dpi, {manifest.get('color_profile')}",
        ),
    ]
    return [(name, str(value)) for name, value in told if value]
