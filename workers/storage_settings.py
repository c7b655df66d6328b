# SPDX-License-Identifier: Apache-2.0
"""The settings of storage targets: where they are, what is cleared away there, and when masters may go here."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field, field_validator

from workers.settings_table import Part


class StorageTargetSettings(Part):
    """A place where bags go."""

    url: str = Field(description="file:///folder, a plain path, or s3://bucket/prefix")
    endpoint: str | None = Field(default=None, description="Address of an S3 server other than Amazon's")
    region: str | None = Field(
        default=None, description="The S3 region; AWS's own configuration when left out"
    )
    credentials: Literal["aws", "keyring"] = Field(
        default="aws",
        description="Where its key is: aws for the environment and AWS's own files, keyring for the user's keyring",
    )

    @field_validator("url")
    @classmethod
    def _same_folder_everywhere(cls, url: str) -> str:
        if url.strip() and "://" not in url and not Path(url).expanduser().is_absolute():
            # desktop, workers and commands start in different folders
            raise ValueError("give the whole path of the folder, from / or ~ on")
        return url


class UploadSettings(Part):
    """What is done about uploads that nobody will finish."""

    orphan_hours: float = Field(
        default=168.0,
        ge=0,
        description="Unfinished uploads begun longer ago are aborted by the workers; 0 for never",
    )


class ReleaseSettings(Part):
    """When `recto batch release` may remove masters and bags here, see storage.md."""

    policy: Literal["never", "after-read-back", "after-receipt"] = Field(
        default="never",
        description="never; after-read-back: once every stored copy was read back a second time; after-receipt: once an archive has answered that it keeps the bag",
    )
    after_days: float = Field(
        default=30.0, ge=0, description="Days between the first read-back and the second, at least"
    )
