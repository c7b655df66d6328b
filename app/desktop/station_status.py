# SPDX-License-Identifier: Apache-2.0
"""What the line at the foot of the window says of broker and queues."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from app.desktop.station_link import StationLink, StationState
from app.desktop.theme.roles import Role


@dataclass(frozen=True, slots=True)
class StatusWords:
    """A few words with their colour and icon.

    Attributes:
        words: Translated.
        role: Colour of icon and words.
        icon: Name of an icon.
    """

    words: str
    role: Role
    icon: str


def broker_words(link: StationLink) -> StatusWords:
    """Whether work finds its way."""
    if link.state is StationState.TROUBLE:
        return StatusWords(link.words, Role.TROUBLE, "trouble")
    if link.state is StationState.STARTING:
        return StatusWords(link.words, Role.BUSY, "busy")
    if link.state is StationState.STOPPED:
        return StatusWords(link.words, Role.WAITING, "offline")
    return StatusWords(link.words, Role.TEXT, "broker")


def queue_words(link: StationLink) -> StatusWords:
    """How much waits and runs; nothing where nobody knows, or nothing is to do."""
    load = link.health.load if link.health is not None else None
    if load is None or not (load.waiting or load.running):
        return StatusWords("", Role.TEXT, "queue")
    told = QCoreApplication.translate("station", "{running} at work, {waiting} waiting")
    return StatusWords(told.format(running=load.running, waiting=load.waiting), Role.TEXT, "queue")
