# SPDX-License-Identifier: Apache-2.0
"""Problems of a manifest are told in the operator's language, whatever values stand in them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QApplication

import archive.manifest
from app.desktop.importing.problem_sentences import SENTENCES
from app.desktop.importing.problem_words import PARTS, PROBLEMS, message_words, remedy_words
from app.desktop.language.sentence_book import SentenceBook
from app.desktop.language.translations import put_on, take_off
from archive.manifest.reader import read_manifest
from tools.write_translations import FOLDER, unfinished

NO_PROBLEMS = {"form.py", "problem_report.py", "problems.py", "schema.py", "template.py", "writer.py"}
"""Modules whose sentences are no problems of a manifest: errors with a code, templates, descriptions."""

FAILURES = {
    "{0} is not a file.",
    "{0} cannot be read: {1}.",
    "There is no file {0}.",
    "{0} is {1}.",  # a folder, or no regular file: two sentences
    "{0}: {1}.",  # a finding of pydantic that no rule of Recto's foresaw
}
"""Sentences of failures, which have words of their own under `app.desktop.failures`."""


@pytest.fixture
def german(qapp: QApplication) -> Iterator[None]:
    locale = QLocale()
    put_on(qapp, "de")
    yield
    take_off(qapp)
    QLocale.setDefault(locale)


def said() -> Iterator[str]:
    """Every sentence that the modules of the manifest can say, with numbers for its values."""
    folder = Path(str(archive.manifest.__file__)).parent
    for file in sorted(folder.glob("*.py")):
        if file.name not in NO_PROBLEMS:
            yield from sentences(ast.parse(file.read_text(encoding="utf-8")))


def sentences(tree: ast.Module) -> Iterator[str]:
    """Sentences among the texts of a module: they begin large and end with a full stop or a question mark."""
    idle: set[ast.AST] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr | ast.JoinedStr) or (
            isinstance(node, ast.keyword) and node.arg == "description"
        ):
            # docstrings, pieces of longer texts, descriptions of fields
            idle.update(inner for inner in ast.walk(node) if isinstance(inner, ast.Constant))
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            text = "".join(
                str(piece.value) if isinstance(piece, ast.Constant) else f"{{{number}}}"
                for number, piece in enumerate(
                    sorted(node.values, key=lambda piece: (piece.lineno, piece.col_offset))
                )
            )
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in idle:
            text = node.value
        else:
            continue
        if " " in text and text[-1] in ".?" and (text[0].isupper() or text[0] == "{"):
            yield text


def test_every_sentence_about_a_manifest_is_known() -> None:
    # the parts of what is made up here are none of Recto's
    known = SentenceBook("problems", SENTENCES)
    found = list(said())
    assert len(found) > 100
    failures = {failure.replace("{0}", "").replace("{1}", "") for failure in FAILURES}
    unknown = [
        text for text in found if known.recognise(text) is None and _without_values(text) not in failures
    ]
    assert unknown == []


def _without_values(text: str) -> str:
    return "".join(piece.split("}", 1)[-1] for piece in text.split("{"))


def test_values_of_the_manifest_stay_as_they_are(german: None) -> None:
    assert PROBLEMS.in_words("“this item” is empty.") == "„this item“ ist leer."
    assert PROBLEMS.in_words("The column “Write a number.” is not known.") == (
        "Die Spalte „Write a number.“ ist nicht bekannt."
    )


def test_parts_of_a_sentence_are_translated_too(german: None) -> None:
    assert PROBLEMS.in_words("“a.tif” is named already by another item.") == (
        "„a.tif“ wird schon von einem anderen Objekt genannt."
    )
    told = PROBLEMS.in_words(
        "The id “-a.” cannot name a bag and its files: it begins with '-', which programs take for an option; "
        "it ends with a dot or a space, which Windows drops."
    )
    assert "beginnt mit „-“" in told
    assert told.endswith("; sie endet mit Punkt oder Leerzeichen, was Windows weglässt.")


def test_what_nobody_translated_stays_as_it_is(german: None) -> None:
    assert PROBLEMS.in_words("The moon is full tonight.") == "The moon is full tonight."


def test_the_problems_of_a_sheet_are_told_in_german(german: None, tmp_path: Path) -> None:
    sheet = tmp_path / "sheet.csv"
    sheet.write_text(
        "batch_id;b\ninstitution;I\nscanner_model;M\nresolution_dpi;3OO\ncolor_profile;grau\n\n"
        "id;title;language;pages;oddity\na;A;english;9;\na;B;eng;many;x\n",
        encoding="utf-8",
    )
    problems = read_manifest(sheet).problems
    assert len(problems) > 4
    assert [problem.message for problem in problems if message_words(problem) == problem.message] == []
    assert [problem.remedy for problem in problems if remedy_words(problem) == problem.remedy] == []
    assert "Die Kennung „a“ wird schon in Zeile 8 verwendet." in map(message_words, problems)


def test_every_part_that_is_named_occurs() -> None:
    assert {name for name in PARTS if any(f"{{{name}}}" in known for known in SENTENCES)} == set(PARTS)


def test_every_sentence_has_its_german_words() -> None:
    missing = {text for context, text in unfinished(FOLDER / "recto_de.ts") if context == "problems"}
    assert missing == set()
