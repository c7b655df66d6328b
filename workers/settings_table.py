# SPDX-License-Identifier: Apache-2.0
"""What every table of the settings file is: typed, fixed once read, and without unknown keys."""

from __future__ import annotations

from typing import ClassVar

from pydantic import BaseModel, ConfigDict


class Part(BaseModel):
    """A table of the settings file."""

    model_config: ClassVar[ConfigDict] = ConfigDict(extra="forbid", frozen=True)
