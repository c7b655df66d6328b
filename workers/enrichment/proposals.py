# SPDX-License-Identifier: Apache-2.0
"""What a provider may propose: a closed list of kinds, short plain values; anything else refuses the whole answer."""

from __future__ import annotations

import re
import unicodedata
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from archive.manifest.dates import is_edtf
from archive.text.enrichment import Suggestion
from workers.enrichment.provider import Answer
from workers.errors import ProviderFailed

Kind = Literal["title", "creator", "date", "language", "place", "person", "subject", "summary"]
KINDS: tuple[str, ...] = ("title", "creator", "date", "language", "place", "person", "subject", "summary")
MOST, LONGEST, LONGEST_SUMMARY = 40, 300, 1500
_LONGEST_SOURCE = 200
_LANGUAGE = re.compile(r"[a-z]{3}")
_STRICT = ConfigDict(extra="forbid", strict=True, frozen=True)


def _plain(text: str) -> str:
    # bidirectional controls and zero-width characters (Cf) make a value look like another one
    if any(unicodedata.category(letter) in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"} for letter in text):
        raise ValueError("there is a control character in it")
    stripped = " ".join(text.split())
    if not stripped:
        raise ValueError("there is nothing in it")
    return stripped


class Proposal(BaseModel):
    """One value that is proposed."""

    model_config: ClassVar[ConfigDict] = _STRICT

    kind: Kind
    value: Annotated[str, Field(max_length=LONGEST_SUMMARY), AfterValidator(_plain)]
    confidence: Annotated[float, Field(ge=0, le=1)]
    page: Annotated[int, Field(ge=1)] | None

    @model_validator(mode="after")
    def _fits_its_kind(self) -> Self:
        if self.kind != "summary" and len(self.value) > LONGEST:
            raise ValueError(f"a {self.kind} has {LONGEST} characters at most")
        if self.kind == "date" and not is_edtf(self.value):
            raise ValueError("a date is written in EDTF")
        if self.kind == "language" and not _LANGUAGE.fullmatch(self.value):
            raise ValueError("a language is a code of ISO 639-2")
        return self


class Proposals(BaseModel):
    """All that a provider proposes for an item."""

    model_config: ClassVar[ConfigDict] = _STRICT

    suggestions: Annotated[list[Proposal], Field(max_length=MOST)]


def answer_schema() -> dict[str, Any]:
    """The JSON schema of an answer, in the part of the language that endpoints enforce."""
    properties: dict[str, Any] = {
        "kind": {"type": "string", "enum": list(KINDS)},
        "value": {"type": "string"},
        "confidence": {"type": "number"},
        "page": {"type": ["integer", "null"]},
    }
    entry = _closed(properties)
    return _closed({"suggestions": {"type": "array", "items": entry}})


def _closed(properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def checked_answer(provider: str, answer: Any) -> Answer:
    """An answer whose source names its provider, so that none speaks, or withdraws, in another's name.

    Raises:
        ProviderFailed: It is none, or does not say in plain words from whom it is.
    """
    if not isinstance(answer, Answer):
        raise ProviderFailed(f"The provider {provider} answered with no Answer.")
    try:
        source, version = (_plain(text)[:_LONGEST_SOURCE] for text in (answer.source, answer.version))
    except (TypeError, ValueError):
        raise ProviderFailed(
            f"The provider {provider} does not say in plain words from whom it is."
        ) from None
    return Answer(answer.document, f"{provider} {source}", version)


def checked_suggestions(answer: Answer, *, pages: int) -> list[Suggestion]:
    """The suggestions of an answer, each value once.

    Args:
        answer: What the provider said.
        pages: How many pages the item has.

    Raises:
        ProviderFailed: It is not what was asked for; nothing of it is used.
    """
    try:
        proposals = Proposals.model_validate(answer.document)
    except ValidationError as error:
        # what was answered is not repeated: it may hold anything
        places = sorted({".".join(map(str, each["loc"])) or "the whole" for each in error.errors()})
        raise ProviderFailed(
            f"{answer.source} answered something else than suggestions; wrong is: {', '.join(places[:5])[:200]}."
        ) from None
    if any(each.page is not None and each.page > pages for each in proposals.suggestions):
        raise ProviderFailed(f"{answer.source} answered for a page that the item does not have.")
    best: dict[tuple[str, str, int | None], Proposal] = {}
    for each in proposals.suggestions:
        key = (each.kind, each.value, each.page)
        if key not in best or best[key].confidence < each.confidence:
            best[key] = each
    return [
        Suggestion(each.kind, each.value, answer.source, answer.version, each.confidence, each.page)
        for each in best.values()
    ]
