# SPDX-License-Identifier: Apache-2.0
"""Somebody's words are shown as they are written."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QTextDocument

from app.desktop.widgets.plain_words import on_button, on_one_line, plain_tip


@pytest.mark.parametrize("text", ["Faust", "<Untitled>", "<b>Maps</b> & plans\nsecond  line", "a < b"])
def test_a_tooltip_shows_what_looks_like_html_as_it_is_written(text: str) -> None:
    tip = plain_tip(text)
    if tip != text:
        document = QTextDocument()
        document.setHtml(tip)
        tip = document.toPlainText()
    assert tip == text


def test_no_letter_of_somebodys_words_becomes_a_key() -> None:
    assert on_button("Maps & plans") == "Maps && plans"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("gepnj.csv", "gepnj.csv"),
        ("a\nb\u2028c.csv", "a\\u000ab\\u2028c.csv"),
        ("invoice\u202evsc.exe", "invoice\\u202evsc.exe"),
        ("\u0646\u0627\u0645\u0647\u200c\u0647.csv", "\u0646\u0627\u0645\u0647\u200c\u0647.csv"),
    ],
)
def test_a_name_is_on_one_line_and_cannot_be_turned_round(name: str, shown: str) -> None:
    assert on_one_line(name) == shown
