# SPDX-License-Identifier: Apache-2.0
"""What the shipped bag profiles say of themselves and of their tags, in the operator's language."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from app.desktop.language.marking import QT_TRANSLATE_NOOP

SHIPPED: tuple[str, ...] = (
    QT_TRANSLATE_NOOP("profiles", "APTrust 2.3"),
    QT_TRANSLATE_NOOP("profiles", "BagIt 1.0 without a profile"),
    QT_TRANSLATE_NOOP("profiles", "Beyond the Repository 1.0"),
    QT_TRANSLATE_NOOP("profiles", '"2 of 5" where one object takes several bags.'),
    QT_TRANSLATE_NOOP("profiles", "A description for your own use."),
    QT_TRANSLATE_NOOP("profiles", "Set by Recto."),
    QT_TRANSLATE_NOOP("profiles", "The description shown in APTrust's registry."),
    QT_TRANSLATE_NOOP("profiles", "The organisation that answers for the content."),
    QT_TRANSLATE_NOOP("profiles", "The organisation that made this bag or answers for its content."),
    QT_TRANSLATE_NOOP("profiles", "The title of what is in the bag."),
    QT_TRANSLATE_NOOP("profiles", "What several bags share that belong together."),
    QT_TRANSLATE_NOOP(
        "profiles",
        "Where APTrust keeps the bag. Standard is two copies in two regions with regular fixity checks.",
    ),
    QT_TRANSLATE_NOOP("profiles", "Who made the bag, where that is not the source organisation."),
    QT_TRANSLATE_NOOP(
        "profiles",
        "Who may see in APTrust's registry that this bag exists. Consortia is deprecated and means Institution.",
    ),
    QT_TRANSLATE_NOOP("profiles", "Your own identifier of this bag."),
)
"""Titles of profiles and helps of their tags; those of a site's own profile stay as they are written there."""


def profile_text(text: str) -> str:
    """A title or a help in the operator's language; as it is where nobody translated it."""
    return QCoreApplication.translate("profiles", text) if text else text
