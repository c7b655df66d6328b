# SPDX-License-Identifier: Apache-2.0
"""The German texts keep what the English ones hold: places for values, both plurals, keys of menus, and room."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QApplication

from app.desktop.language.translations import take_off
from app.desktop.preferences.personal import Personal, write_personal
from app.desktop.start_failure import show_start_failure, start_failure_box
from tools.write_translations import FOLDER
from workers.errors import SettingsInvalid

PLACE = re.compile(r"\{[^}]*\}|%n|%L?\d+|<[^>]+>")
"""What is filled in later, and markup."""

BUTTON = 20
"""Letters of an English text that may stand on a button."""

ROOM = 2
"""A German text on a button may be this many times as long, and a few letters more."""

TITLES = {"actions", "CropBar", "FirstRunGuide", "RejectBar", "RecoveryDialog", "screens"}
"""Contexts whose short texts stand on buttons, in menus and in the rail."""


@dataclass(frozen=True, slots=True)
class Text:
    """One text: where, English, and its German forms."""

    context: str
    english: str
    german: tuple[str, ...]
    plural: bool


def _texts(file: Path) -> Iterator[Text]:
    for context in ET.parse(file).getroot().iter("context"):  # noqa: S314 (a file of our own)
        for message in context.iter("message"):
            translation = message.find("translation")
            assert translation is not None
            plural = message.get("numerus") == "yes"
            forms = (
                tuple(form.text or "" for form in translation.findall("numerusform"))
                if plural
                else (translation.text or "",)
            )
            yield Text(context.findtext("name", ""), message.findtext("source", ""), forms, plural)


@pytest.fixture(scope="module")
def texts() -> list[Text]:
    return list(_texts(FOLDER / "recto_de.ts"))


def test_each_place_for_a_value_is_kept(texts: list[Text]) -> None:
    lost = [
        (text.english, form)
        for text in texts
        for form in text.german
        if form and sorted(PLACE.findall(text.english)) != sorted(PLACE.findall(form))
    ]
    assert lost == []


def test_one_and_many_both_have_words(texts: list[Text]) -> None:
    plurals = [text for text in texts if text.plural]
    assert plurals
    assert [text.english for text in plurals if len(text.german) != 2] == []
    assert [text.english for text in plurals if any(text.german) and not all(text.german)] == []


def test_texts_end_begin_and_break_as_the_english_ones(texts: list[Text]) -> None:
    def shape(text: str) -> tuple[str, bool, int]:
        return text[-1:] if text[-1:] in set(".:?…") else "", text.startswith(" "), text.count("\n")

    assert [
        (text.english, form)
        for text in texts
        for form in text.german
        if form and shape(text.english) != shape(form)
    ] == []


def test_keys_of_fields_stay_and_differ_within_a_dialog(texts: list[Text]) -> None:
    keys: dict[str, list[str]] = {}
    for text in texts:
        for form in text.german:
            found = re.findall(r"&(\w)", form)
            assert not form or len(found) == len(re.findall(r"&\w", text.english)), text
            keys.setdefault(text.context, []).extend(key.lower() for key in found)
    assert any(keys.values())
    assert {context: found for context, found in keys.items() if len(found) != len(set(found))} == {}


def test_titles_of_buttons_leave_room(texts: list[Text]) -> None:
    assert [
        (text.english, form)
        for text in texts
        if text.context in TITLES and len(text.english) <= BUTTON
        for form in text.german
        if len(form) > ROOM * len(text.english) + 4
    ] == []


def test_quotation_marks_are_german_ones(texts: list[Text]) -> None:
    wrong = re.compile(r"[\"«»]|“\w|\w„")
    assert [form for text in texts for form in text.german if wrong.search(form)] == []
    assert [form for text in texts for form in text.german if form.count("„") != form.count("“")] == []


def test_a_desktop_that_cannot_start_says_so_in_the_operators_language(
    home: Path, qapp: QApplication
) -> None:
    del home
    locale = QLocale()
    write_personal(Personal(language="de"))
    failure = SettingsInvalid("The settings cannot be used: x.").to_json()
    try:
        show_start_failure(failure)
        box = start_failure_box(failure)
        assert box.text() == "Die Einstellungen sind nicht verwendbar"
        box.deleteLater()
    finally:
        take_off(qapp)
        QLocale.setDefault(locale)
