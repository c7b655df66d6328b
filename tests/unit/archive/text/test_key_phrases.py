# SPDX-License-Identifier: Apache-2.0
"""Key phrases in four languages."""

from __future__ import annotations

import time

import pytest

from archive.text.key_phrases import suggest_key_phrases
from archive.text.stop_words import STOP_WORDS

ENGLISH = """The parish register of Saint Botolph lists every burial since 1602. The vicar kept the parish
register in the vestry. When the plague came, the parish register was filled within a week; burial followed
burial, and the vicar himself was carried to his burial by the sexton. The sexton then wrote in the register."""
GERMAN = """Die Zunft der Buchbinder tagte im Rathaus. Jeder Buchbinder musste der Zunft ein Meisterstück zeigen, und
das Meisterstück wurde von der Zunft geprüft. Ein Buchbin-
der ohne Meisterstück durfte in der Stadt keine Werkstatt führen; die Zunft der Buchbinder wachte darüber."""
FRENCH = """L'intendant de la province écrit au roi. Le roi répond à l'intendant que la province doit payer la taille.
La taille est lourde, dit l'intendant, et la province est pauvre ; mais le roi veut la taille de la province."""
LATIN = """Abbas monasterium regebat. In monasterio fratres codices scribebant; codices fratres pulchros fecerunt.
Abbas codices fratribus dedit, et fratres codices in monasterio servaverunt. Abbas gaudebat, fratres gaudebant, omnes
codices mirabantur, quia fratres bene scripserant."""


def phrases(text: str, language: str) -> list[str]:
    return [suggestion.value for suggestion in suggest_key_phrases(text, language)]


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        (ENGLISH, "eng", {"parish register", "burial", "vicar"}),
        (GERMAN, "deu", {"Zunft", "Buchbinder", "Meisterstück"}),
        (FRENCH, "fra", {"intendant", "province", "taille", "roi"}),
        (LATIN, "lat", {"fratres", "codices", "Abbas"}),
    ],
)
def test_what_a_text_is_about_is_found(text: str, language: str, expected: set[str]) -> None:
    assert expected <= set(phrases(text, language))


@pytest.mark.parametrize(
    ("text", "language"), [(ENGLISH, "eng"), (GERMAN, "deu"), (FRENCH, "fra"), (LATIN, "lat")]
)
def test_no_phrase_begins_or_ends_with_a_stop_word(text: str, language: str) -> None:
    for phrase in phrases(text, language):
        assert not {phrase.lower().split()[0], phrase.lower().split()[-1]} & STOP_WORDS[language]


def test_a_phrase_swallows_its_parts() -> None:
    found = phrases(ENGLISH, "eng")
    assert "parish" not in found


def test_words_divided_at_the_end_of_a_line_are_one() -> None:
    assert not any("Buchbin" in phrase.split() for phrase in phrases(GERMAN, "deu"))


def test_tesseract_models_stand_for_their_language() -> None:
    assert phrases(GERMAN, "Fraktur") == phrases(GERMAN, "deu")
    assert phrases(GERMAN, "deu+Fraktur") == phrases(GERMAN, "deu")


def test_long_s_is_read_as_s() -> None:
    assert phrases(ENGLISH.replace("s", "\u017f"), "eng") == phrases(ENGLISH, "eng")


def test_suggestions_are_ordered_bounded_and_say_where_they_come_from() -> None:
    found = suggest_key_phrases(ENGLISH, "eng", most=2, page=4)
    assert len(found) == 2
    assert found[0].confidence == 1 >= found[1].confidence > 0
    assert {(item.kind, item.source, item.page) for item in found} == {
        ("key_phrase", "archive.text.key_phrases", 4)
    }


@pytest.mark.parametrize("text", ["", "short text", "12 34 | ~~ —" * 50, "\0" * 100])
def test_too_little_text_gives_nothing(text: str) -> None:
    assert suggest_key_phrases(text, "eng") == ()


def test_a_language_without_stop_words_gives_nothing() -> None:
    assert suggest_key_phrases(ENGLISH, "mlg") == ()


def test_the_text_of_a_long_volume_takes_seconds_and_not_minutes() -> None:
    volume = "\n".join(f"{ENGLISH} {GERMAN} page{number} word{number * 7}" for number in range(600))
    started = time.monotonic()
    assert suggest_key_phrases(volume, "eng+deu")
    assert time.monotonic() - started < 10


def test_grammar_of_no_language_that_the_text_is_in_is_a_phrase() -> None:
    mixed = ENGLISH * 3 + GERMAN * 2
    assert {"der", "ein"} & {word for phrase in phrases(mixed, "eng") for word in phrase.lower().split()}
    assert not {"der", "ein"} & {
        word for phrase in phrases(mixed, "eng+deu") for word in phrase.lower().split()
    }
    # nobody knows the grammar of most of it
    assert phrases(ENGLISH, "rus+eng") == []
