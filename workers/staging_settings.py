# SPDX-License-Identifier: Apache-2.0
"""The settings of staging: how page files come to workers on other hosts."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, model_validator

from workers.settings_table import Part
from workers.storage_settings import StorageTargetSettings


class StagingSettings(Part):
    """How page files come to workers on other hosts, see nodes.md."""

    mode: Literal["shared", "s3"] = Field(
        default="shared",
        description="shared: all hosts have the data directory mounted; s3: files go from host to host by a bucket",
    )
    url: str = Field(default="", description="s3://bucket/prefix; the prefix is for staging alone")
    endpoint: str | None = Field(default=None, description="Address of an S3 server other than Amazon's")
    region: str | None = Field(
        default=None, description="The S3 region; AWS's own configuration when left out"
    )
    credentials: Literal["aws", "keyring"] = Field(
        default="aws",
        description="Where its key is: aws for the environment and AWS's own files, keyring for the user's keyring",
    )
    cache_directory: Path | None = Field(
        default=None,
        description="Files of other stations' batches here; in the cache directory when left out",
    )
    cache_bytes: int = Field(
        default=50 << 30, ge=1 << 20, description="Room for them; those not in work go first"
    )
    transfers: int = Field(default=4, ge=1, le=32, description="Files of one unit on their way at once")
    stage_bags: bool = Field(
        default=True,
        description="Whether bags go there too; false halves what a host sends that alone makes and uploads bags",
    )
    bring_home: Literal["files", "receipts"] = Field(
        default="files",
        description="What the station fetches of a finished item: its files, or receipt and history only",
    )
    upkeep_seconds: float = Field(
        default=60.0, gt=0, description="How often finished items are fetched and cleared away"
    )
    orphan_hours: float = Field(
        default=168.0, ge=0, description="Staged files that no batch counts on go after this; 0 for never"
    )

    @model_validator(mode="after")
    def _has_a_place(self) -> Self:
        parts = urlsplit(self.url)
        if self.mode == "s3" and (parts.scheme != "s3" or not parts.netloc or not parts.path.strip("/")):
            raise ValueError("staging by s3 needs its url: s3://bucket/prefix")
        return self

    def target(self) -> StorageTargetSettings:
        """The place as a storage target is described."""
        return StorageTargetSettings(
            url=self.url, endpoint=self.endpoint, region=self.region, credentials=self.credentials
        )
