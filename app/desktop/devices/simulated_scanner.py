# SPDX-License-Identifier: Apache-2.0
"""Adding a simulated scanner to the settings, for whoever has no scanner or wants to try something."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Collection

from PySide6.QtCore import QCoreApplication

from app.desktop.preferences.saving import SettingsSaving
from app.desktop.workplace import Workplace
from hardware.simulated.models import SimulatedKind
from workers.settings import Settings, load_settings
from workers.settings_file import add_simulated_device

LANE = "settings"

FAILURE = "devices.add_simulated"
"""What a failure is about: a later success takes it away."""


def add_simulated_scanner(
    workplace: Workplace,
    kind: SimulatedKind = "flatbed",
    then: Callable[[str], None] | None = None,
) -> None:
    """Write one more simulated scanner into the settings file, durably, and use it.

    Args:
        workplace: Node and operations.
        kind: What kind of scanner.
        then: Is told the new device's id.
    """

    def take(added: tuple[Settings, str]) -> None:
        settings, name = added
        workplace.resolved(FAILURE)
        SettingsSaving.of(workplace).take_over(settings)
        told = QCoreApplication.translate(
            "devices", "The simulated scanner “{name}” was added to the settings."
        )
        workplace.say(told.format(name=name))
        if then is not None:
            then(f"simulated:{name}")

    workplace.operations.run(
        QCoreApplication.translate("devices", "Adding a simulated scanner"),
        lambda _: _add(kind),
        lane=LANE,
        on_success=take,
        on_failure=lambda failure: workplace.report(failure, key=FAILURE),
    )


def _add(kind: SimulatedKind) -> tuple[Settings, str]:
    name = free_name(kind, {device.name for device in load_settings().devices.simulated})
    return add_simulated_device({"name": name, "kind": kind}), name


def free_name(kind: str, taken: Collection[str]) -> str:
    """The first of `flatbed`, `flatbed-2`, `flatbed-3` ... that no device has."""
    names = itertools.chain([kind], (f"{kind}-{number}" for number in itertools.count(2)))
    return next(name for name in names if name not in taken)
