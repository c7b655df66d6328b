# SPDX-License-Identifier: Apache-2.0
"""The settings of notifications: who is told of what, how often at most, and how."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, SecretStr, StringConstraints, field_validator, model_validator

from archive.notification_kinds import SEVERITIES, Kind, Severity
from workers.settings_table import Part

TargetName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]*$")]
"""In small letters: the environment, from which its address may come, knows no others."""


class NotificationTargetSettings(Part):
    """Somebody who is told: a channel, a mailbox, a program."""

    url: SecretStr | None = Field(
        default=None,
        description="Its address as Apprise writes it, which is a secret: see notifications.md for where to keep it",
    )
    credentials: Literal["settings", "keyring"] = Field(
        default="settings",
        description="Where its address is: settings for this table or the environment, keyring for the user's keyring",
    )
    kinds: tuple[Kind, ...] = Field(
        default=(), description="Kinds of notifications that go there; all when left out"
    )
    severity: Severity = Field(
        default=Severity.INFO, description="What matters less does not go there: info, warning or failure"
    )
    per_hour: int = Field(default=30, ge=1, description="Messages an hour at most; the rest waits, in groups")

    @model_validator(mode="after")
    def _has_an_address(self) -> Self:
        if self.url is None and self.credentials != "keyring":
            raise ValueError('give its address as url, or credentials = "keyring"')
        return self

    def wants(self, kind: str) -> bool:
        """Whether notifications of a kind go there; none of a kind that this Recto does not know."""
        known = next((each for each in Kind if each == kind), None)
        if known is None:
            return False
        return (not self.kinds or known in self.kinds) and SEVERITIES[known].rank >= self.severity.rank


class NotificationSettings(Part):
    """Whom to tell of what happens, see notifications.md."""

    targets: dict[TargetName, NotificationTargetSettings] = Field(
        default_factory=dict, description="Who is told, by name, see below; nobody when none is named"
    )
    templates: Path | None = Field(
        default=None, description="Folder of templates of one's own, each as batch-done.toml"
    )
    group_seconds: float = Field(
        default=300.0, ge=0, description="Notifications of one kind within this time make one message"
    )
    give_up_hours: float = Field(
        default=72.0,
        gt=0,
        description="A message that could not be sent for so long is given up, and told by doctor",
    )
    kept_days: float = Field(
        default=30.0, ge=0, description="Sent and given up messages are listed for so long"
    )

    @field_validator("templates")
    @classmethod
    def _same_folder_everywhere(cls, folder: Path | None) -> Path | None:
        if folder is not None and not folder.expanduser().is_absolute():
            # desktop, workers and commands start in different folders
            raise ValueError("give the whole path of the folder, from / or ~ on")
        return folder and folder.expanduser()

    def wanted_kinds(self) -> frozenset[str]:
        """The kinds that any target wants."""
        return frozenset(
            str(kind) for kind in Kind if any(target.wants(kind) for target in self.targets.values())
        )
