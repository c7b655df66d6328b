# SPDX-License-Identifier: Apache-2.0
"""Options of scanners are told in the operator's language, by Recto's words or by those that SANE ships."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QApplication

from app.desktop.language.device_texts import DOMAIN, SIMULATED, VALUES, catalogue, device_text
from app.desktop.language.translations import put_on, take_off
from hardware.options import OneOf
from hardware.simulated.configuration import SimulatedDevice
from hardware.simulated.models import MODELS
from hardware.simulated.options import SimulatedOptions


@pytest.fixture
def german(qapp: QApplication) -> Iterator[None]:
    locale = QLocale()
    put_on(qapp, "de")
    yield
    take_off(qapp)
    QLocale.setDefault(locale)


def test_titles_descriptions_and_values_are_told_in_german(german: None) -> None:
    assert device_text("Scan resolution") == "Scanauflösung"
    assert device_text("Flatbed") == "Flachbett"
    assert device_text("") == ""
    assert device_text("Some driver's own word") == "Some driver's own word"


@pytest.mark.parametrize("kind", sorted(MODELS))
def test_every_text_of_a_simulated_device_is_known(kind: Any) -> None:
    options = SimulatedOptions(SimulatedDevice(name="x", kind=kind)).descriptors()
    texts = {text for option in options for text in (option.title, option.description) if text}
    assert texts <= set(SIMULATED)
    words = {
        value
        for option in options
        if isinstance(option.constraint, OneOf)
        for value in option.constraint.values
        if isinstance(value, str)
    }
    assert words
    assert words <= set(VALUES)


def test_what_sane_translates_is_taken_from_there(tmp_path: Path) -> None:
    folder = tmp_path / "de" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / f"{DOMAIN}.mo").write_bytes(_catalogue_of("Threshold", "Schwellwert"))
    assert catalogue("de", (tmp_path / "nowhere", tmp_path)).gettext("Threshold") == "Schwellwert"


def test_without_translations_of_sane_options_keep_their_words(tmp_path: Path) -> None:
    (tmp_path / "de" / "LC_MESSAGES").mkdir(parents=True)
    (tmp_path / "de" / "LC_MESSAGES" / f"{DOMAIN}.mo").write_bytes(b"no catalogue")
    assert catalogue("de", (tmp_path,)).gettext("Threshold") == "Threshold"


def _catalogue_of(english: str, german_word: str) -> bytes:
    """A catalogue of one text (GNU gettext manual, "The Format of GNU MO Files")."""
    head = "Content-Type: text/plain; charset=UTF-8\n"
    pairs = [("", head), (english, german_word)]
    tables, texts = 28, 28 + 2 * 8 * len(pairs)
    originals, translations, data = b"", b"", b""
    for column in (0, 1):
        for pair in pairs:
            text = pair[column].encode()
            entry = struct.pack("<II", len(text), texts + len(data))
            data += text + b"\0"
            if column == 0:
                originals += entry
            else:
                translations += entry
    counts = struct.pack("<7I", 0x950412DE, 0, len(pairs), tables, tables + 8 * len(pairs), 0, 0)
    return counts + originals + translations + data
