# SPDX-License-Identifier: Apache-2.0
"""The languages of the desktop: put on before a window is made, whole in German, with right plurals in English."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QLocale, QObject
from PySide6.QtWidgets import QApplication

from app.desktop.language.translations import LANGUAGES, PSEUDO, language_of, put_on, take_off
from archive.resource_files import resource_path
from tools.write_translations import english_forms, problems_of_translations, unfinished

DESKTOP = Path(put_on.__code__.co_filename).parents[1]


@pytest.fixture(autouse=True)
def as_before(qapp: QApplication) -> Iterator[None]:
    locale = QLocale()
    yield
    take_off(qapp)
    QLocale.setDefault(locale)


def test_one_and_many_are_told_apart_in_english(qapp: QApplication) -> None:
    put_on(qapp, "en")
    speaker = QObject()
    told = [
        QCoreApplication.translate("FailureBanner", "Show %n more message(s)", None, count)
        for count in (1, 2)
    ]
    assert told == ["Show 1 more message", "Show 2 more messages"]
    assert speaker.tr("not collected anywhere") == "not collected anywhere"


@pytest.mark.parametrize(
    ("text", "one", "many"),
    [
        ("%n page(s)", "%n page", "%n pages"),
        ("%n item(s) are on hold", "%n item is on hold", "%n items are on hold"),
        ("%n batch(es) wait", "%n batch waits", "%n batches wait"),
        ("Capture %n of it", "Capture %n of it", "Capture %n of it"),
    ],
)
def test_english_forms_are_made_from_the_text(text: str, one: str, many: str) -> None:
    assert english_forms(text) == (one, many)


def test_a_wish_that_cannot_be_met_gives_the_systems_language_or_english() -> None:
    assert language_of("de") == "de"
    assert language_of(PSEUDO) == PSEUDO
    assert language_of("tlh") in LANGUAGES


def test_every_language_is_shipped() -> None:
    for language in LANGUAGES:
        assert resource_path("translations", f"recto_{language}.qm").stat().st_size > 0


def test_german_dates_come_with_german_words(qapp: QApplication) -> None:
    assert put_on(qapp, "de") == "de"
    assert QLocale().toString(1.5) == "1,5"


def test_what_is_not_translated_is_found(tmp_path: Path) -> None:
    file = tmp_path / "one.ts"
    file.write_text(
        '<TS version="2.1"><context><name>c</name>'
        '<message><source>a</source><translation type="unfinished"></translation></message>'
        "<message><source>b</source><translation>B</translation></message></context></TS>",
        encoding="utf-8",
    )
    assert unfinished(file) == [("c", "a")]


# requirement 25
def test_no_german_text_is_missing_and_what_qt_reads_is_up_to_date() -> None:
    assert problems_of_translations() == []


def calls_of(tree: ast.AST) -> Iterator[tuple[ast.Call, str, bool]]:
    """Calls of `tr` and `translate`, by which name, and whether inside an f-string, where lupdate does not look."""
    inside = {
        inner
        for outer in ast.walk(tree)
        if isinstance(outer, ast.JoinedStr)
        for inner in ast.walk(outer)
        if isinstance(inner, ast.Call)
    }
    for node in ast.walk(tree):
        name = node.func.attr if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) else ""
        if isinstance(node, ast.Call) and name in {"tr", "translate"} and node.args:
            yield node, name, node in inside


# requirement 25
@pytest.mark.parametrize(
    "path", sorted(DESKTOP.rglob("*.py")), ids=lambda path: str(path.relative_to(DESKTOP))
)
def test_every_text_stands_where_it_is_collected(path: Path) -> None:
    for call, name, in_f_string in calls_of(ast.parse(path.read_text(encoding="utf-8"))):
        literal = isinstance(call.args[0 if name == "tr" else -1], ast.Constant)
        assert literal or name != "tr", f"line {call.lineno}: a text that is put together is not collected"
        assert not (in_f_string and literal), (
            f"line {call.lineno}: a text inside an f-string is not collected"
        )
