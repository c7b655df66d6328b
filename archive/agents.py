# SPDX-License-Identifier: Apache-2.0
"""Telling devices, programs and persons apart by the names under which events have them as agents."""

from __future__ import annotations

import re
from typing import Literal

_DEVICE = re.compile(r"(sane|simulated|folder):.+", re.DOTALL)
"""Ids of devices."""

_PROGRAM = re.compile(r"(?P<name>.+) (?P<version>\d+\.\S+|unknown)", re.DOTALL)
"""Programs name themselves "Tesseract 5.3.0"; "Room 3" is no program."""


def kind_of_agent(agent: str) -> Literal["hardware", "software", "person"]:
    """What acts under this name."""
    if _DEVICE.fullmatch(agent):
        return "hardware"
    return "software" if _PROGRAM.fullmatch(agent) else "person"


def program_and_version(agent: str) -> tuple[str, str]:
    """Name and version of a program; the version is empty where it is none."""
    match = _PROGRAM.fullmatch(agent)
    return (match["name"], match["version"]) if match else (agent, "")
