# SPDX-License-Identifier: Apache-2.0
"""The record of an action."""

from __future__ import annotations

from dataclasses import dataclass

GENERAL = "general"
"""Section of actions that are there on every screen."""


@dataclass(frozen=True, slots=True)
class ActionRecord:
    """Something that the operator can do.

    Attributes:
        id: Its name in settings and tests, `<section>.<verb>`.
        title: What it does, as an order, to be translated.
        section: Id of the screen it belongs to, or "general".
        key: The key as QKeySequence's portable text; "" where only menus and palette lead to it.
        icon: Name of an icon, or "".
        repeats: Whether holding the key does it again and again.
        context: The context in which the title is translated.
    """

    id: str
    title: str
    section: str
    key: str = ""
    icon: str = ""
    repeats: bool = False
    context: str = "actions"
