# SPDX-License-Identifier: Apache-2.0
"""The settings of restoring and of deleting what is kept: how large a drill may be, and how long a deletion waits."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field, field_validator

from workers.settings_table import Part


class RestoreSettings(Part):
    """Proving again and again that what is kept can be given back, see receiving.md."""

    drill_bytes: int = Field(
        default=20 << 30, ge=0, description="Larger bags are left out of drills, which need room for one"
    )
    drill_folder: Path | None = Field(
        default=None, description="Where a drill has its bag meanwhile; in the data directory when left out"
    )

    @field_validator("drill_folder")
    @classmethod
    def _absolute(cls, folder: Path | None) -> Path | None:
        return folder and folder.expanduser().absolute()


class DeletionSettings(Part):
    """Deletions of archival objects, each agreed to by two persons, see receiving.md."""

    delay_days: float = Field(
        default=7.0, ge=0, description="Days between the agreement of the second person and the deletion"
    )
    separate_accounts: bool = Field(
        default=False,
        description="Whether the two must also have different accounts of the operating system",
    )
