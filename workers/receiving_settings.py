# SPDX-License-Identifier: Apache-2.0
"""The settings of the receiving side: how arriving bags are looked for, and whose receipts a station believes."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field, field_validator

from workers.settings_table import Part


class ReceivingSettings(Part):
    """How bags that arrive are looked for, and what is done with what arrived. See receiving.md."""

    quiet_seconds: float = Field(
        default=60.0, ge=0, description="A bag is left alone until it has not changed for so long"
    )
    scan_seconds: float = Field(
        default=60.0, gt=0, description="How often `recto receive` looks through all receiving locations"
    )
    locations_at_once: int = Field(
        default=4, ge=1, le=64, description="Receiving locations that are looked through at once"
    )
    keep_received: bool = Field(
        default=False, description="Leave an ingested bag where it arrived; it is removed otherwise"
    )
    trusted_keys: Path | None = Field(
        default=None,
        description="Public keys in PEM of the archives whose receipts this station believes",
    )

    @field_validator("trusted_keys")
    @classmethod
    def _absolute(cls, path: Path | None) -> Path | None:
        return path and path.expanduser().absolute()
