# SPDX-License-Identifier: Apache-2.0
"""The enrich_remote step: a provider is asked about an item's text, if a person consented; its failure fails nothing."""

from __future__ import annotations

import io
import time
from collections.abc import Mapping
from typing import Any

import structlog
from PIL import Image

from archive.errors import ArchiveError, LeaseLost, RegistryError
from archive.registry.events import append_event, lock_batch
from archive.registry.pages import files_of
from workers.enrichment.consent import ASKED, has_consent, requests_sent
from workers.enrichment.proposals import checked_answer, checked_suggestions
from workers.enrichment.provider import PageText, Provider, Question
from workers.enrichment.registry import find_provider
from workers.errors import ProviderFailed, TimeLimitReached
from workers.stages.suggestions import record_suggestions
from workers.work import Work

log = structlog.get_logger(__name__)

DEFAULT_PROVIDER = "openai-compatible"
LONG_SIDE = 1600
"""Pixels of the longer side of an image that is sent."""
_QUALITY = 80
_SLICE = 1.0
"""Seconds after which a pause looks whether the work is still wanted."""


def enrich_remote(work: Work) -> dict[str, Any]:
    """Ask the provider, check what it says, record it as suggestions.

    Whatever goes wrong with the provider is recorded with the unit, and the item goes on.
    """
    name = str(work.parameters.get("provider", DEFAULT_PROVIDER))
    try:
        provider = find_provider(name)
        if reason := _why_not(work, name, provider):
            return {"provider": name, "suggestions": 0, "not_asked": reason}
        return {"provider": name, "suggestions": _ask(work, name, provider)}
    except (LeaseLost, RegistryError, TimeLimitReached):
        # these are about this worker and its ledger, not about the provider
        raise
    except ArchiveError as error:
        log.warning("enrichment.failed", provider=name, code=error.code, message=error.message)
        _record_failure(work, name, error)
        return {"provider": name, "suggestions": 0, "failed": error.to_json()}


def _why_not(work: Work, name: str, provider: Provider) -> str:
    if not provider.is_configured(work.node.settings):
        return "it is not configured"
    if not provider.remote:
        return ""
    with work.node.registry.reading() as session:
        return "" if has_consent(session, work.claim.batch, name) else "nobody consented for this batch"


def _ask(work: Work, name: str, provider: Provider) -> int:
    question = _question(work, provider)
    if not question.pages:
        return 0
    try:
        answer = provider.ask(question)
    except ArchiveError:
        raise
    except (Exception, SystemExit) as error:
        # the boundary to foreign code: a provider of a site's own may raise anything
        raise ProviderFailed(f"The provider stopped with {type(error).__name__}.") from error
    checked = checked_answer(name, answer)
    suggestions = checked_suggestions(checked, pages=question.page_count)
    return record_suggestions(work, suggestions, instead_of=(checked.source,))


def _question(work: Work, provider: Provider) -> Question:
    pages = work.pages()
    with work.node.registry.reading() as session:
        files = {
            (file.page, file.use): work.folder / file.path
            for file in files_of(session, work.claim.item)
            if file.mime != "image/jp2"
        }
    left = work.node.settings.enrichment.characters_per_item
    texts: list[PageText] = []
    for page in pages:
        path = files.get((page.id, "text"))
        if path is None or left <= 0:
            continue
        text = path.read_text(encoding="utf-8")[:left].strip()
        left -= len(text)
        if text:
            texts.append(PageText(page.number, text))
    wanted = int(work.parameters.get("images", 0))
    shown = [files[page.id, "access"] for page in pages[:wanted] if (page.id, "access") in files]

    def wait(seconds: float) -> None:
        end = time.monotonic() + seconds
        while (rest := end - time.monotonic()) > 0:
            work.still_ours()
            time.sleep(min(rest, _SLICE))
        work.still_ours()

    def asking(facts: Mapping[str, Any]) -> None:
        _record_request(work, facts, remote=provider.remote)

    return Question(
        title=work.item["title"],
        language=work.item["language"] or "",
        page_count=len(pages),
        pages=texts,
        settings=work.node.settings,
        wait=wait,
        asking=asking,
        images=[_small(path.read_bytes()) for path in shown],
    )


def _small(access: bytes) -> bytes:
    """An access image as it is sent: small, and without what its file says of who made it where."""
    made = io.BytesIO()
    with Image.open(io.BytesIO(access)) as image:
        image.thumbnail((LONG_SIDE, LONG_SIDE))
        plain = image.convert("L" if image.mode == "L" else "RGB")
        plain.info.clear()
        plain.save(made, "JPEG", quality=_QUALITY)
    return made.getvalue()


def _record_request(work: Work, facts: Mapping[str, Any], *, remote: bool) -> None:
    """Tell the history what leaves, before it leaves; refuse what the batch's budget does not allow."""
    most = work.node.settings.enrichment.requests_per_batch
    name = str(work.parameters.get("provider", DEFAULT_PROVIDER))
    with work.recording() as session:
        # two workers do not both take the last request
        lock_batch(session, work.claim.batch)
        if remote and not has_consent(session, work.claim.batch, name):
            raise ProviderFailed("The consent for this batch was withdrawn.")
        if requests_sent(session, work.claim.batch) >= most:
            raise ProviderFailed(
                f"The {most} requests that enrichment.requests_per_batch allows for a batch are used up.",
                remedy="Raise the setting, then run the stage again.",
            )
        append_event(
            session,
            work.claim.batch,
            ASKED,
            item=work.claim.item_name,
            detail={"asked": dict(facts), "provider": name},
        )


def _record_failure(work: Work, name: str, error: ArchiveError) -> None:
    with work.recording() as session:
        append_event(
            session,
            work.claim.batch,
            ASKED,
            item=work.claim.item_name,
            outcome="warning",
            detail={"provider": name, "code": error.code, "message": error.message},
        )
