# SPDX-License-Identifier: Apache-2.0
"""The settings of fixity: how often every kept copy is proved, how much of them in one run, and what is mended."""

from __future__ import annotations

from pydantic import Field, ValidationInfo, field_validator

from workers.settings_table import Part

DAY = 86_400.0


class FixitySettings(Part):
    """How kept copies are audited, see receiving.md."""

    interval_days: float = Field(
        default=90.0, gt=0, description="Every copy is proved at least so often; older ones are overdue"
    )
    early_days: float = Field(
        default=14.0,
        ge=0,
        description="So long before its time a copy may be proved, so that runs are alike; below the interval",
    )
    share: float = Field(
        default=0.0,
        ge=0,
        le=1,
        description="Of all bytes kept, as much as a run reads, such as 0.05; 0: no such limit",
    )
    bytes_per_run: int = Field(
        default=0, ge=0, description="The same in bytes; the lesser of both counts; 0: none"
    )
    minutes_per_run: float = Field(
        default=50.0,
        gt=0,
        le=110,
        description="A run of the schedule ends after so long; the next one goes on",
    )
    parallel: int = Field(default=2, ge=1, le=64, description="Copies that are read at the same time")
    repair: bool = Field(
        default=True, description="Whether a damaged or missing copy is made again from a good one"
    )

    @field_validator("early_days")
    @classmethod
    def _below_the_interval(cls, days: float, info: ValidationInfo) -> float:
        if days >= info.data.get("interval_days", float("inf")) and days > 0:
            raise ValueError("must be less than interval_days, or every copy would always be read anew")
        return days

    @property
    def due_seconds(self) -> float:
        """How long ago a copy was proved that an audit takes on."""
        return (self.interval_days - self.early_days) * DAY

    @property
    def overdue_seconds(self) -> float:
        """How long ago a copy was proved that is overdue."""
        return self.interval_days * DAY
