# SPDX-License-Identifier: Apache-2.0
"""The pages of the settings screen: their names and icons, and which setting stands on which."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from app.desktop.language.marking import QT_TRANSLATE_NOOP


class PageId(StrEnum):
    """The pages, in their order."""

    STATION = "station"
    PROFILES = "profiles"
    NAMING = "naming"
    STORAGE = "storage"
    QUEUE = "queue"
    DEVICES = "devices"
    OCR = "ocr"
    QUALITY = "quality"
    KEYS = "keys"
    APPEARANCE = "appearance"
    LANGUAGE = "language"


@dataclass(frozen=True, slots=True)
class Page:
    """A page.

    Attributes:
        title: Its name, to be translated in the context "settings".
        icon: Name of its icon.
        text: What is chosen there.
    """

    title: str
    icon: str
    text: str


PAGES: dict[PageId, Page] = {
    PageId.STATION: Page(
        QT_TRANSLATE_NOOP("settings", "Station"),
        "station",
        QT_TRANSLATE_NOOP("settings", "Who works here, and where pages and records are kept."),
    ),
    PageId.PROFILES: Page(
        QT_TRANSLATE_NOOP("settings", "Scan profiles"),
        "profile",
        QT_TRANSLATE_NOOP("settings", "Settings of the scanner under a name, on the keys F2 to F12."),
    ),
    PageId.NAMING: Page(
        QT_TRANSLATE_NOOP("settings", "Names and bags"),
        "label",
        QT_TRANSLATE_NOOP("settings", "How files are named, how bags are sent, and when masters may go."),
    ),
    PageId.STORAGE: Page(
        QT_TRANSLATE_NOOP("settings", "Storage"),
        "storage",
        QT_TRANSLATE_NOOP(
            "settings", "Where bags go. A batch goes to all of these unless its manifest names some."
        ),
    ),
    PageId.QUEUE: Page(
        QT_TRANSLATE_NOOP("settings", "Work queue"),
        "queue",
        QT_TRANSLATE_NOOP("settings", "How work gets to the workers. A single station needs nothing here."),
    ),
    PageId.DEVICES: Page(
        QT_TRANSLATE_NOOP("settings", "Scanners"),
        "scanner",
        QT_TRANSLATE_NOOP("settings", "How scanners are looked for, simulated ones, and watched folders."),
    ),
    PageId.OCR: Page(
        QT_TRANSLATE_NOOP("settings", "Text recognition"),
        "page",
        QT_TRANSLATE_NOOP("settings", "How text is read from pages, where the manifest does not say."),
    ),
    PageId.QUALITY: Page(
        QT_TRANSLATE_NOOP("settings", "Quality checks"),
        "quality",
        QT_TRANSLATE_NOOP("settings", "What is measured on every page, and what holds an item."),
    ),
    PageId.KEYS: Page(
        QT_TRANSLATE_NOOP("settings", "Keys and pedal"),
        "keyboard",
        QT_TRANSLATE_NOOP("settings", "Keys of your own. They are yours alone, not the station's."),
    ),
    PageId.APPEARANCE: Page(
        QT_TRANSLATE_NOOP("settings", "Appearance"),
        "theme",
        QT_TRANSLATE_NOOP("settings", "Light or dark, and how large. Images stay on neutral grey in both."),
    ),
    PageId.LANGUAGE: Page(
        QT_TRANSLATE_NOOP("settings", "Language"),
        "language",
        QT_TRANSLATE_NOOP(
            "settings", "The language of the desktop. Files are written the same in every language."
        ),
    ),
}

_BY_TABLE: dict[str, PageId] = {
    "bag": PageId.NAMING,
    "release": PageId.NAMING,
    "storage": PageId.STORAGE,
    "upload": PageId.STORAGE,
    "staging": PageId.STORAGE,
    "fetch": PageId.STORAGE,
    "broker_url": PageId.QUEUE,
    "result_url": PageId.QUEUE,
    "ca_file": PageId.QUEUE,
    "passwords_in_keyring": PageId.QUEUE,
    "ledger": PageId.QUEUE,
    "pipelines": PageId.QUEUE,
    "workers": PageId.QUEUE,
    "limits": PageId.QUEUE,
    "metrics": PageId.QUEUE,
    "restore": PageId.QUEUE,
    "deletion": PageId.QUEUE,
    "fixity": PageId.QUEUE,
    "notifications": PageId.QUEUE,
    "receiving": PageId.QUEUE,
    "schedules": PageId.QUEUE,
    "backup": PageId.QUEUE,
    "devices": PageId.DEVICES,
    "ocr": PageId.OCR,
    "enrichment": PageId.OCR,
    "quality": PageId.QUALITY,
    "masters": PageId.QUALITY,
}


def pages_shown(keys: Iterable[tuple[str, ...]]) -> tuple[PageId, ...]:
    """The pages that have something on them, in their order.

    Args:
        keys: Of all settings.
    """
    filled = {page_of(key) for key in keys}
    single = {PageId.STATION, PageId.QUEUE, PageId.OCR, PageId.QUALITY}
    return tuple(page for page in PAGES if page in filled or page not in single)


def page_of(key: tuple[str, ...]) -> PageId:
    """The page of a setting; a table that nobody has placed yet stands with the station."""
    return _BY_TABLE.get(key[0], PageId.STATION)
