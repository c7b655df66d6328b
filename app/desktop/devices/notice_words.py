# SPDX-License-Identifier: Apache-2.0
"""Why scanners may be missing from the list, in the operator's words."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from app.desktop.failures.explanation import explain
from app.desktop.language.marking import QT_TRANSLATE_NOOP
from hardware.notices import DiscoveryNotice

_SAID: dict[str, str] = {
    "discovery.silent": QT_TRANSLATE_NOOP(
        "devices",
        "The driver {driver} did not answer in time. If it is only slow, allow it more time under Settings.",
    ),
    "discovery.crashed": QT_TRANSLATE_NOOP(
        "devices", "The driver {driver} stopped while it looked. Look again, or leave it out under Settings."
    ),
    "discovery.not_installed": QT_TRANSLATE_NOOP(
        "devices",
        "The driver {driver} is named in the settings and is not installed. Install it, or leave it out.",
    ),
    "discovery.nothing_offered": QT_TRANSLATE_NOOP(
        "devices", "The host {driver} offers no scanner, or does not answer. Look whether it is switched on."
    ),
    "discovery.out_of_time": QT_TRANSLATE_NOOP(
        "devices", "Not all drivers answered in time. Look again, or allow more time under Settings."
    ),
}


def notice_text(notice: DiscoveryNotice) -> str:
    """One sentence or two: whose scanners are missing, and what can be done."""
    said = _SAID.get(notice.code)
    if said is not None:
        driver = notice.backend.removeprefix("net:") or QCoreApplication.translate("devices", "SANE")
        return QCoreApplication.translate("devices", said).format(driver=driver)
    told = explain({"consequence": "", "facts": {}, **notice.to_json()})
    return f"{told.headline}. {told.remedy}"
