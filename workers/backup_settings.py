# SPDX-License-Identifier: Apache-2.0
"""The settings of the registry's backups: where they go, and how many are kept."""

from __future__ import annotations

from pydantic import Field

from workers.settings_table import Part


class BackupSettings(Part):
    """Backups of the registry, see notifications.md."""

    target: str = Field(
        default="",
        description="Storage target that backups go to, by its name, or an address; no scheduled backup when left out",
    )
    keep_daily: int = Field(default=7, ge=1, description="Days of which the newest backup is kept")
    keep_weekly: int = Field(default=5, ge=0, description="Weeks of which the newest backup is kept")
    keep_monthly: int = Field(default=12, ge=0, description="Months of which the newest backup is kept")
    verify: bool = Field(
        default=True, description="Open each backup before it is sent, and check tables and some histories"
    )
    chains_verified: int = Field(
        default=50, ge=0, description="Histories that are verified in each backup, the newest; 0 for all"
    )
