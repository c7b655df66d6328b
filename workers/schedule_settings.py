# SPDX-License-Identifier: Apache-2.0
"""The settings of what is done again and again: a line of crontab for each, in a stated time zone."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from pydantic import Field, field_validator

from workers.settings_table import Part


class ScheduleSettings(Part):
    """When what is done, as minute, hour, day of month, month, day of week; never where empty. See notifications.md."""

    time_zone: str = Field(
        default="UTC", description="Time zone that the lines below mean, such as Europe/Berlin"
    )
    read_buckets: str = Field(
        default="*/5 * * * *", description="Receiving locations are looked through for bags that arrived"
    )
    fixity: str = Field(default="17 * * * *", description="Copies are audited whose turn it is")
    drill: str = Field(default="30 3 1 * *", description="A random object is restored and validated")
    registry_backup: str = Field(
        default="45 1 * * *",
        description="The registry is copied to the target of [backup], where one is named",
    )
    abandoned_uploads: str = Field(
        default="*/10 * * * *", description="Uploads that nobody will finish are aborted"
    )
    execute_deletions: str = Field(
        default="7 * * * *", description="Agreed deletions are executed whose delay is over"
    )
    receipts: str = Field(default="*/15 * * * *", description="Receipts of uploaded bags are fetched")

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, name: str) -> str:
        try:
            if name != "UTC":
                ZoneInfo(name)
        except (KeyError, ValueError, OSError) as error:
            raise ValueError(
                f"there is no time zone {name!r} here (Debian: tzdata); give one such as Europe/Berlin or UTC"
            ) from error
        return name

    @field_validator(
        "read_buckets",
        "fixity",
        "drill",
        "registry_backup",
        "abandoned_uploads",
        "execute_deletions",
        "receipts",
    )
    @classmethod
    def _legible(cls, line: str) -> str:
        # Celery reads them, and is loaded only where somebody has lines of his own
        from workers.crontab_lines import read_line

        whole = " ".join(line.split())
        if whole:
            read_line(whole)
        return whole

    def lines(self) -> dict[str, str]:
        """The line of each schedule; "" where it never runs."""
        return {name: getattr(self, name) for name in type(self).model_fields if name != "time_zone"}
