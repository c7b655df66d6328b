# SPDX-License-Identifier: Apache-2.0
"""What the recognised text of an item suggests: language, key phrases, dates, kinds of pages, pages that say the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from archive.registry.tables import FileRow, PageRow
from archive.text.dates import PageText, suggest_dates
from archive.text.enrichment import Suggestion
from archive.text.key_phrases import suggest_key_phrases
from archive.text.language import suggest_language
from archive.text.page_layout import read_layout
from archive.text.page_type import PageSigns, suggest_page_type
from archive.text.similar_pages import suggest_same_texts

SOURCES = (
    *("archive.text.language", "archive.text.key_phrases", "archive.text.dates"),
    *("archive.text.page_type", "archive.text.similar_pages"),
)
"""Who suggests here: what one of them believed before and does not believe any more is withdrawn."""

Files = Mapping[tuple[int | None, str], FileRow]


def text_suggestions(
    folder: Path,
    pages: Sequence[PageRow],
    files: Files,
    text: str,
    kinds: Sequence[str] | None,
    named: str | None = None,
) -> list[Suggestion]:
    """All that the item's text suggests.

    Args:
        folder: The item's folder.
        pages: Its pages in order.
        files: Its files by page and use.
        text: Its text; "" where no page was read.
        kinds: The kinds that are wanted; None for all.
        named: The languages that the manifest names, joined by "+": grammar of none of them is a key phrase.
    """
    found: list[Suggestion] = []

    def wanted(kind: str) -> bool:
        return not kinds or kind in kinds

    types: list[Suggestion] = []
    if wanted("page_type") or wanted("date"):
        looks = (_signs(folder, page, len(pages), files) for page in pages)
        # of a page that nobody read nothing is known but that it may be blank
        types = [made for look in looks if (made := suggest_page_type(look)).value == "blank" or look.layout]
    titles = {each.page for each in types if each.value == "title"}

    def texts() -> Iterator[tuple[int, str]]:
        for page in pages:
            if file := files.get((page.id, "text")):
                yield page.number, (folder / file.path).read_text(encoding="utf-8")

    language = suggest_language(text)
    languages = [language.value] if language else []
    languages += named.split("+") if named else []
    makers: dict[str, Callable[[], Sequence[Suggestion]]] = {
        "language": lambda: [language] if language else [],
        "key_phrase": lambda: suggest_key_phrases(text, "+".join(languages) or "eng"),
        "page_type": lambda: types,
        "date": lambda: suggest_dates(
            PageText(number, own, is_title=number in titles) for number, own in texts()
        ),
        "duplicate": lambda: suggest_same_texts(texts()),
    }
    for kind, make in makers.items():
        if wanted(kind):
            found += make()
    return found


def _signs(folder: Path, page: PageRow, of_pages: int, files: Files) -> PageSigns:
    measured = {check["check"]: check["measured"] for check in page.checks or []}
    alto = files.get((page.id, "alto"))
    return PageSigns(
        number=page.number,
        of_pages=of_pages,
        ink=measured.get("blank"),
        lightness=measured.get("paper_white"),
        layout=read_layout((folder / alto.path).read_bytes()) if alto else None,
    )
