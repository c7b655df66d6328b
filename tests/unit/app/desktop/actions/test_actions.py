# SPDX-License-Identifier: Apache-2.0
"""All actions of the desktop: reachable, told apart, and found by some of their letters."""

from __future__ import annotations

from collections import Counter

import pytest
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QAbstractItemModelTester

from app.desktop.actions.cheat_sheet import keys_by_section
from app.desktop.actions.fuzzy import score
from app.desktop.actions.palette import PaletteModel
from app.desktop.actions.record import GENERAL
from app.desktop.application import all_action_records
from app.desktop.screens import SCREENS
from app.desktop.workplace import Workplace
from archive.resource_files import resource_path

RECORDS = all_action_records()


# requirement 12
@pytest.mark.parametrize("section", [place.id for place in SCREENS])
def test_every_action_has_an_entry_in_the_palette_and_every_key_stands_in_the_cheat_sheet(
    workplace: Workplace, section: str
) -> None:
    book = workplace.actions
    for record in book.records:
        if record.section == GENERAL:
            book.bind(record.id, lambda: None)
    book.choose_section(section)
    model = PaletteModel(book)
    elsewhere = {record.id for record in book.records if record.section not in {GENERAL, section}}
    general = {record.id for record in book.records if record.section == GENERAL} - {"general.palette"}
    shown = {model.record(model.index(row)).id for row in range(model.rowCount())}
    assert shown >= elsewhere | general
    listed = {record.id for records in keys_by_section(book).values() for record in records}
    assert listed == {record.id for record in book.records if record.key}


def test_no_two_actions_of_one_screen_share_a_key() -> None:
    for place in SCREENS:
        keys = Counter(
            QKeySequence(record.key, QKeySequence.SequenceFormat.PortableText).toString()
            for record in RECORDS
            if record.key and record.section in {GENERAL, place.id}
        )
        assert [key for key, count in keys.items() if count > 1] == [], place.id


def test_every_key_is_one_that_qt_knows() -> None:
    for record in RECORDS:
        sequence = QKeySequence(record.key, QKeySequence.SequenceFormat.PortableText)
        assert not record.key or (sequence.count() == 1 and sequence.toString()), record


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.id)
def test_every_action_has_a_title_a_section_and_an_icon_that_exists(record: object) -> None:
    assert record.title  # type: ignore[attr-defined]
    assert record.section in {GENERAL, *(place.id for place in SCREENS)}  # type: ignore[attr-defined]
    if record.icon:  # type: ignore[attr-defined]
        assert resource_path("icons", f"{record.icon}.svg").is_file()  # type: ignore[attr-defined]


def test_the_palette_is_a_proper_model(workplace: Workplace) -> None:
    model = PaletteModel(workplace.actions)
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    model.search("page")
    assert model.rowCount() > 3
    model.search("no action has such letters")
    assert model.rowCount() == 0
    tester.deleteLater()


def test_letters_find_titles_and_starts_of_words_come_first() -> None:
    assert score("xyz", "Retake this page") is None
    assert score("", "Retake this page") == 0
    titles = ["Scrap this", "Report a page", "Retake this page"]
    found = sorted(titles, key=lambda title: -(score("rtp", title) or -1000))
    assert found[0] == "Retake this page"
    assert (score("page", "Next page") or 0) > (score("page", "Put away the message") or 0)
