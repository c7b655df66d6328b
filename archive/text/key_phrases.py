# SPDX-License-Identifier: Apache-2.0
"""Key phrases of an item's text, by counting: words that keep company between stop words."""

# ruff: noqa: RUF001 - texts are written with these characters
from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from itertools import islice

from archive.text.enrichment import Suggestion, recto_version
from archive.text.stop_words import STOP_WORDS

_MODELS = {"Fraktur": "deu", "Latin": "", "frk": "deu", "deu_latf": "deu"}
"""What a Tesseract model says about the language, where its name is not the code."""

_LINE_END_HYPHEN = re.compile(r"(\w)[-¬⸗=]\s*\n\s*(?=[^\W\d_])")
_BREAK = re.compile(r"[^\w'’\s-]+|\n\s*\n|\s[-–—]+\s")
_ELISION = re.compile(r"^(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu)['’]", re.IGNORECASE)
_LONGEST = 3
_SHORTEST_WORD = 3
_MOSTLY = 0.6
"""A phrase that occurs inside one longer phrase in more than this share of cases is only a part of it."""

_NO_NOUN = 0.4
"""German writes nouns with a capital; what never has one is seldom a subject."""

_FEWEST_WORDS = 12
"""Below this many words that are no stop words there is nothing to count."""


def suggest_key_phrases(
    text: str, language: str, *, most: int = 10, page: int | None = None
) -> tuple[Suggestion, ...]:
    """Suggest phrases of one to three words that the text is about, best first.

    Candidates are the runs of words between stop words and punctuation. A word weighs by how often
    it occurs and in how many different companies, a phrase by the mean of its words, its own count
    and its length: the idea of RAKE (Rose et al., Automatic keyword extraction from individual
    documents, 2010), damped so that one long rare run cannot win. Meant for the text of an item.

    Args:
        text: The text, as recognised.
        language: ISO 639-2/T code or Tesseract's model names, joined by "+", the one of most of the text first.
            Languages without a list of stop words here get no phrases.
        most: How many phrases at most.
        page: The page's number, from 1, or None for the item.
    """
    codes = [code for code in _codes(language) if code]
    if not codes or codes[0] not in STOP_WORDS:
        return ()
    stop_words = _stop_words(language)
    runs = list(_runs(text, stop_words))
    if sum(len(run) for run in runs) < _FEWEST_WORDS:
        return ()
    counts, forms = _candidates(runs)
    counts = Counter({phrase: count for phrase, count in counts.items() if count > 1})
    weights = _word_weights(runs)
    written = {phrase: forms[phrase].most_common(1)[0][0] for phrase in counts}
    scores = {
        phrase: math.log1p(count) * sum(weights[word] for word in phrase) / len(phrase) ** 0.5
        for phrase, count in counts.items()
    }
    if codes[0] == "deu":
        for phrase in scores:
            if written[phrase].islower():
                scores[phrase] *= _NO_NOUN
    ranked = sorted(scores, key=lambda phrase: (-scores[phrase], phrase))
    chosen = list(islice(_without_parts(ranked, counts), most))
    best = scores[chosen[0]] if chosen else 1.0
    return tuple(
        Suggestion(
            "key_phrase",
            written[phrase],
            "archive.text.key_phrases",
            recto_version(),
            round(scores[phrase] / best, 4),
            page,
        )
        for phrase in chosen
    )


def _codes(language: str) -> list[str]:
    return [_MODELS.get(model, model) for model in language.split("+")]


def _stop_words(language: str) -> frozenset[str]:
    return frozenset().union(*(STOP_WORDS.get(code, frozenset()) for code in _codes(language)))


def _runs(text: str, stop_words: frozenset[str]) -> Iterator[list[str]]:
    """Runs of words as written that no stop word, number or punctuation interrupts."""
    whole = _LINE_END_HYPHEN.sub(r"\1", text.replace("ſ", "s"))
    for part in _BREAK.split(whole):
        run: list[str] = []
        for written in part.split():
            word = _ELISION.sub("", written).strip("'’-_")
            if (
                len(word) < _SHORTEST_WORD
                or word.lower() in stop_words
                or not word.replace("-", "").isalpha()
            ):
                if run:
                    yield run
                run = []
            else:
                run.append(word)
        if run:
            yield run


def _candidates(
    runs: Iterable[list[str]],
) -> tuple[Counter[tuple[str, ...]], dict[tuple[str, ...], Counter[str]]]:
    """How often each phrase occurs, and how it is written, by the phrase in lower case."""
    counts: Counter[tuple[str, ...]] = Counter()
    forms: dict[tuple[str, ...], Counter[str]] = defaultdict(Counter)
    for run in runs:
        for length in range(1, _LONGEST + 1):
            for start in range(len(run) - length + 1):
                words = run[start : start + length]
                phrase = tuple(word.lower() for word in words)
                counts[phrase] += 1
                forms[phrase][" ".join(words)] += 1
    return counts, forms


def _word_weights(runs: Iterable[list[str]]) -> dict[str, float]:
    count: Counter[str] = Counter()
    company: dict[str, set[str]] = defaultdict(set)
    for run in runs:
        words = [word.lower() for word in run]
        count.update(words)
        for word in words:
            company[word].update(words)
    # long words are rarely grammar that a list of stop words forgot
    return {
        word: (1 + math.log(len(company[word]))) * count[word] ** 0.5 * min(len(word), 8) / 8
        for word in count
    }


def _without_parts(
    phrases: list[tuple[str, ...]], counts: Counter[tuple[str, ...]]
) -> Iterator[tuple[str, ...]]:
    """Leave out phrases that occur (nearly) only inside a longer one, and longer ones of a better part."""
    by_word: dict[str, list[tuple[str, ...]]] = defaultdict(list)
    for phrase in counts:
        for word in set(phrase):
            by_word[word].append(phrase)
    chosen: list[tuple[str, ...]] = []
    for phrase in phrases:
        within = any(
            len(other) > len(phrase) and counts[other] > _MOSTLY * counts[phrase] and _contains(other, phrase)
            for other in by_word[phrase[0]]
        )
        if not within and not any(_contains(phrase, other) or _contains(other, phrase) for other in chosen):
            chosen.append(phrase)
            yield phrase


def _contains(longer: tuple[str, ...], part: tuple[str, ...]) -> bool:
    return any(longer[at : at + len(part)] == part for at in range(len(longer) - len(part) + 1))
