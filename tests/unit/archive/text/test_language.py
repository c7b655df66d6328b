# SPDX-License-Identifier: Apache-2.0
"""Languages are suggested with modest confidence."""

from __future__ import annotations

import pytest

from archive.text.language import ISO_639_2, suggest_language

TEXTS = {
    "eng": "Alice was beginning to get very tired of sitting by her sister on the bank, and of having nothing to do.",
    "deu": "Aufklärung i\u017ft der Ausgang des Men\u017fchen aus \u017feiner \u017felb\u017ft ver\u017fchuldeten Unmündigkeit.",
    "fra": "Les collines sous l'avion couvaient déjà leur sillage d'ombre dans l'or du soir.",
    "lat": "Gallia est omnis divisa in partes tres, quarum unam incolunt Belgae, aliam Aquitani.",
    "ita": "Nel mezzo del cammin di nostra vita mi ritrovai per una selva oscura, ché la diritta via era smarrita.",
}


@pytest.mark.parametrize("language", TEXTS)
def test_the_language_of_a_sentence_is_suggested(language: str) -> None:
    suggestion = suggest_language(TEXTS[language], page=3)
    assert suggestion is not None
    assert (suggestion.kind, suggestion.value, suggestion.source, suggestion.page) == (
        "language",
        language,
        "py3langid",
        3,
    )


def test_confidence_grows_with_the_text_and_is_never_certain() -> None:
    short = suggest_language("Alice was beginning to get very tired")
    long = suggest_language(TEXTS["eng"] * 5)
    assert short is not None
    assert long is not None
    assert 0 < short.confidence < long.confidence <= 0.95


@pytest.mark.parametrize("text", ["", "a b c", "1234567890 " * 50, "~~~ | — .. " * 20])
def test_too_little_text_gives_no_suggestion(text: str) -> None:
    assert suggest_language(text) is None


def test_the_choice_can_be_narrowed() -> None:
    suggestion = suggest_language(TEXTS["deu"], languages=["en", "fr"])
    assert suggestion is not None
    assert suggestion.value in {"eng", "fra"}
    with pytest.raises(ValueError, match="Unknown language"):
        suggest_language(TEXTS["deu"], languages=["xx"])


def test_every_considered_language_is_known_to_the_model() -> None:
    assert suggest_language(TEXTS["eng"], languages=list(ISO_639_2)) is not None
