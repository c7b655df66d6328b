# SPDX-License-Identifier: Apache-2.0
"""What a person chose for the desktop, apart from the station's settings: theme, type, language, keys."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import structlog
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from archive.durable import write_durably
from workers.settings import default_home

log = structlog.get_logger(__name__)


class Personal(BaseModel):
    """The choices of one user; shifts share a station, so none of them stands in the station's settings.

    Attributes:
        theme: Light, dark, or as the system has it.
        large_type: Whether everything is written larger.
        more_contrast: Whether lines and texts stand out more; None for what the system wishes.
        language: Code of the desktop's language, as "de"; "" for the system's.
        keys: Other keys of actions, by action id, as QKeySequence's portable text; "" for none.
    """

    # what a newer Recto has written beside is kept
    model_config = ConfigDict(frozen=True, extra="allow")

    theme: Literal["light", "dark", "system"] = "system"
    large_type: bool = False
    more_contrast: bool | None = None
    language: str = ""
    keys: dict[str, str] = Field(default_factory=dict)


def personal_file() -> Path:
    """Where they are kept: desktop.json in the configuration directory."""
    return default_home()["config"] / "desktop.json"


def read_personal(file: Path | None = None) -> Personal:
    """The choices of this user; the ordinary ones where there are none, or where they cannot be read."""
    path = file or personal_file()
    try:
        return Personal.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        return Personal()
    except (OSError, ValidationError) as error:
        # a damaged choice of colours must keep nobody from working
        log.warning("personal.unreadable", file=str(path), error=str(error))
        return Personal()


def write_personal(personal: Personal, file: Path | None = None) -> None:
    """Keep the choices, durably.

    Raises:
        OSError: The disk is full, read-only or failing; what was kept before is kept.
    """
    path = file or personal_file()
    _put_aside_if_damaged(path)
    write_durably(path, personal.model_dump_json(indent=2).encode())


def _put_aside_if_damaged(path: Path) -> None:
    """Let nobody lose all keys of his own for a comma that an editor forgot."""
    try:
        Personal.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        return
    except ValidationError:
        path.replace(path.with_name(f"{path.name}.damaged"))
