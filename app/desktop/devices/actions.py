# SPDX-License-Identifier: Apache-2.0
"""What the operator can do with devices, and the keys that stand for scan profiles."""

from __future__ import annotations

from app.desktop.actions.record import ActionRecord
from app.desktop.language.marking import QT_TRANSLATE_NOOP
from workers.scan_profiles import KEYS

SECTION = "devices"

_USE_PROFILE = QT_TRANSLATE_NOOP("actions", "Use the scan profile on this key")


def profile_action(key: str) -> str:
    """Id of the action that chooses the scan profile on a key, in the capture workspace."""
    return f"capture.profile_{key.lower()}"


PROFILE_ACTIONS: tuple[ActionRecord, ...] = tuple(
    ActionRecord(profile_action(key), _USE_PROFILE, "capture", key, "profile") for key in KEYS
)

ACTIONS: tuple[ActionRecord, ...] = (
    ActionRecord(
        "devices.search", QT_TRANSLATE_NOOP("actions", "Look for scanners"), SECTION, "F5", "refresh"
    ),
    ActionRecord("devices.test", QT_TRANSLATE_NOOP("actions", "Test scan"), SECTION, "Ctrl+T", "test-scan"),
    ActionRecord(
        "devices.details", QT_TRANSLATE_NOOP("actions", "Technical details"), SECTION, "Ctrl+D", "settings"
    ),
    ActionRecord(
        "devices.back", QT_TRANSLATE_NOOP("actions", "Back to the devices"), SECTION, "Esc", "chevron-left"
    ),
    ActionRecord("devices.stop", QT_TRANSLATE_NOOP("actions", "Stop the test scan"), SECTION, "", "stop"),
    ActionRecord(
        "devices.add_simulated",
        QT_TRANSLATE_NOOP("actions", "Use a simulated scanner"),
        SECTION,
        "",
        "simulated",
    ),
    ActionRecord(
        "devices.profiles", QT_TRANSLATE_NOOP("actions", "Scan profiles"), SECTION, "Ctrl+P", "profile"
    ),
    *PROFILE_ACTIONS,
)
