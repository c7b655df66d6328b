# SPDX-License-Identifier: Apache-2.0
"""The settings of a remote endpoint that may be asked for suggestions; without them nothing is ever sent."""

from __future__ import annotations

from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field, ValidationInfo, field_validator

from workers.settings_table import Part

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


class EnrichmentSettings(Part):
    """An endpoint that may be asked for suggestions about items, see enrichment.md; nothing is sent without consent."""

    hosts: tuple[str, ...] = Field(
        default=(), description="Hosts that texts may be sent to: host or host:port; none when left out"
    )
    base_url: str | None = Field(
        default=None,
        description="Address of an OpenAI-compatible endpoint, up to /v1; nothing is asked when left out",
    )
    model: str = Field(default="", description="The model to ask for")
    credentials: Literal["environment", "keyring", "none"] = Field(
        default="environment",
        description="Where its key is: environment for OPENAI_API_KEY, keyring for the user's keyring, or none",
    )
    requests_per_minute: float = Field(
        default=10.0, gt=0, le=600, description="Requests that one worker sends in a minute, at most"
    )
    requests_per_batch: int = Field(
        default=500, ge=1, description="Requests for one batch, at most; its other items go on without"
    )
    characters_per_item: int = Field(
        default=12_000, ge=100, le=200_000, description="Characters of an item's text that are sent, at most"
    )
    timeout_seconds: float = Field(default=60.0, gt=0, le=600, description="Longest wait for an answer")

    @field_validator("base_url")
    @classmethod
    def _safe_address(cls, url: str | None, info: ValidationInfo) -> str | None:
        if url is None:
            return None
        parts = urlsplit(url)
        if parts.hostname is None or parts.scheme not in {"http", "https"}:
            raise ValueError("give the whole address, as in https://models.example.org/v1")
        if parts.username or parts.password or parts.query or parts.fragment:
            raise ValueError("the address must hold no user, password or query; the key has its own place")
        if parts.scheme == "http" and parts.hostname not in LOOPBACK:
            raise ValueError("texts are sent over https only, but to this machine itself")
        if not {parts.hostname, parts.netloc} & set(info.data.get("hosts", ())):
            raise ValueError(f"{parts.netloc} is not among enrichment.hosts")
        return url.rstrip("/")
