# SPDX-License-Identifier: Apache-2.0
"""An error's own sentence and what a check found are told in the operator's language."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QApplication

import archive.imaging
from app.desktop.failures.explanation import explain
from app.desktop.failures.messages import message_words
from app.desktop.failures.sentences import FINDINGS
from app.desktop.language.sentence_book import SentenceBook
from app.desktop.language.translations import put_on, take_off
from workers.desk.errors import SheetsUnequal


@pytest.fixture
def german(qapp: QApplication) -> Iterator[None]:
    locale = QLocale()
    put_on(qapp, "de")
    yield
    take_off(qapp)
    QLocale.setDefault(locale)


@pytest.mark.parametrize(
    ("english", "german_words"),
    [
        (
            "The page lies 1.5 degrees off, clockwise: lay it down straight and scan it again.",
            "Die Seite liegt 1,5 Grad schief, im Uhrzeigersinn: Legen Sie sie gerade auf und scannen Sie sie noch einmal.",
        ),
        (
            "0.52% of the page is pure white; 0.5% is the limit.",
            "0,52% der Seite sind reines Weiß; die Grenze ist 0,5%.",
        ),
        (
            "page 3: The file holds one image.; page 12: There is something on the page. (and 2 more)",
            "Seite 3: Die Datei enthält ein Bild.; Seite 12: Auf der Seite ist etwas. (und 2 weitere)",
        ),
        (
            "The manifest demands 300 dpi, gray; page 4 was delivered as colour, 8 bit, 300 x 300 dpi.",
            "Das Manifest verlangt 300 dpi, Graustufen; Seite 4 kam als Farbe, 8 Bit, 300 x 300 dpi.",
        ),
        ("Nobody foresaw this.", "Nobody foresaw this."),
    ],
)
def test_sentences_are_told_in_german(german: None, english: str, german_words: str) -> None:
    assert message_words(english) == german_words


def test_an_error_is_about_its_own_sentence_in_german(german: None) -> None:
    failure = SheetsUnequal("There are 4 fronts and 3 backs.").to_json()
    assert explain(failure).about == "Es sind 4 Vorderseiten und 3 Rückseiten."


def test_every_sentence_of_a_check_is_known() -> None:
    known = SentenceBook("messages", FINDINGS)
    found = list(_findings())
    assert len(found) > 15
    assert [text for text in found if known.recognise(text) is None] == []


def _findings() -> Iterator[str]:
    """Whole sentences in the modules that check pages, with numbers for their values."""
    folder = Path(str(archive.imaging.__file__)).parent
    checking = ("checks.py", "file_checks.py", "tag_check.py", "quality/review.py", "quality/recognition.py")
    for file in map(folder.joinpath, checking):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        idle = {
            inner
            for node in ast.walk(tree)
            if isinstance(node, ast.Expr | ast.JoinedStr)
            for inner in ast.walk(node)
            if isinstance(inner, ast.Constant)
        }
        for node in ast.walk(tree):
            text = ""
            if isinstance(node, ast.JoinedStr):
                text = "".join(
                    str(piece.value) if isinstance(piece, ast.Constant) else "7" for piece in node.values
                )
            elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in idle:
                text = node.value
            if text.endswith(".") and text[:1].isupper() and " " in text:
                yield text
