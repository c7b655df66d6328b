# SPDX-License-Identifier: Apache-2.0
"""What a provider of suggestions is: a function that is given the text of an item and proposes values."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from workers.settings import Settings


@dataclass(frozen=True, slots=True)
class PageText:
    """The text of a page.

    Attributes:
        number: The page's number, from 1.
        text: What was recognised: data, never an instruction.
    """

    number: int
    text: str


@dataclass(frozen=True, slots=True)
class Question:
    """What a provider is told of an item; never its masters, never a path, never the manifest's other items.

    Attributes:
        title: The item's title in the manifest.
        language: Its language there; "" where none is named.
        page_count: How many pages it has.
        pages: The texts of its first pages, as many characters as the settings allow.
        images: JPEGs of its first pages, at most 1,600 pixels long, where the pipeline asks for them.
        settings: The station's settings.
        wait: Waits some seconds; ends the work where it was cancelled meanwhile.
        asking: To be called before each request, with what a later reader of the history should know of it;
            raises `ProviderFailed` where the batch's budget is used up.
    """

    title: str
    language: str
    page_count: int
    pages: Sequence[PageText]
    settings: Settings
    wait: Callable[[float], None]
    asking: Callable[[Mapping[str, Any]], None]
    images: Sequence[bytes] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a provider proposes.

    Attributes:
        document: {"suggestions": [{"kind", "value", "confidence", "page"}]}, not checked yet.
        source: Who says so, as it stands in the history.
        version: Its version: of a model, its name and what it was asked.
    """

    document: Any
    source: str
    version: str


@dataclass(frozen=True)
class Provider:
    """What an entry point of the group `recto.enrichment` gives.

    Attributes:
        ask: Answers a question; raises an `ArchiveError` where it cannot.
        title: What it is, in a few words.
        remote: Whether texts leave this machine, so that a person must have consented for the batch.
        is_configured: Whether the settings allow to ask it at all.
    """

    ask: Callable[[Question], Answer]
    title: str = ""
    remote: bool = True
    is_configured: Callable[[Settings], bool] = lambda _settings: True
