# SPDX-License-Identifier: Apache-2.0
"""The texts of scanners' options in the operator's language: Recto's for simulated ones, SANE's own for real ones."""

from __future__ import annotations

import gettext
from functools import cache
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QLocale

from app.desktop.language.marking import QT_TRANSLATE_NOOP

DOMAIN = "sane-backends"
"""The name under which SANE ships its translations (package libsane-common on Debian)."""

PLACES = (Path("/usr/local/share/locale"), Path("/usr/share/locale"))
"""Where translations of a system's programs lie, the nearest first."""

SIMULATED: tuple[str, ...] = (
    QT_TRANSLATE_NOOP("device", "Scan source"),
    QT_TRANSLATE_NOOP("device", "Where the sheet comes from."),
    QT_TRANSLATE_NOOP("device", "Scan mode"),
    QT_TRANSLATE_NOOP("device", "Scan Mode"),
    QT_TRANSLATE_NOOP("device", "Bilevel, gray or colour."),
    QT_TRANSLATE_NOOP("device", "Bit depth"),
    QT_TRANSLATE_NOOP("device", "Bits a sample."),
    QT_TRANSLATE_NOOP("device", "Scan resolution"),
    QT_TRANSLATE_NOOP("device", "Resolution of the page, in both directions."),
    QT_TRANSLATE_NOOP("device", "Page width"),
    QT_TRANSLATE_NOOP("device", "Width of the sheets in the feeder; the area cannot be wider."),
    QT_TRANSLATE_NOOP("device", "Page height"),
    QT_TRANSLATE_NOOP("device", "Length of the sheets in the feeder; the area cannot be longer."),
    QT_TRANSLATE_NOOP("device", "Geometry"),
    QT_TRANSLATE_NOOP("device", "Top-left x"),
    QT_TRANSLATE_NOOP("device", "Left edge of the scan area."),
    QT_TRANSLATE_NOOP("device", "Top-left y"),
    QT_TRANSLATE_NOOP("device", "Upper edge of the scan area."),
    QT_TRANSLATE_NOOP("device", "Bottom-right x"),
    QT_TRANSLATE_NOOP(
        "device", "Right edge of the scan area; at its greatest the edge of the sheet is found."
    ),
    QT_TRANSLATE_NOOP("device", "Bottom-right y"),
    QT_TRANSLATE_NOOP(
        "device", "Lower edge of the scan area; at its greatest the edge of the sheet is found."
    ),
    QT_TRANSLATE_NOOP("device", "Sensors"),
    QT_TRANSLATE_NOOP("device", "Page loaded"),
    QT_TRANSLATE_NOOP("device", "Whether there is a sheet in the feeder, or on the glass."),
    QT_TRANSLATE_NOOP("device", "Cover open"),
    QT_TRANSLATE_NOOP("device", "Whether the cover is open."),
    QT_TRANSLATE_NOOP("device", "Scan button"),
    QT_TRANSLATE_NOOP("device", "Whether the button on the device was pressed since it was last asked."),
    QT_TRANSLATE_NOOP("device", "Simulation"),
    QT_TRANSLATE_NOOP("device", "Open the cover"),
    QT_TRANSLATE_NOOP("device", "Opens and closes the cover of the simulated device."),
    QT_TRANSLATE_NOOP("device", "Load a sheet"),
    QT_TRANSLATE_NOOP("device", "Puts a sheet before the sensor of the simulated device, or takes it away."),
    QT_TRANSLATE_NOOP("device", "Press the scan button"),
    QT_TRANSLATE_NOOP("device", "Presses the button of the simulated device."),
)
"""Titles and descriptions of simulated devices' options; many are those of real ones."""

VALUES: tuple[str, ...] = (
    QT_TRANSLATE_NOOP("device", "Flatbed"),
    QT_TRANSLATE_NOOP("device", "ADF"),
    QT_TRANSLATE_NOOP("device", "ADF Front"),
    QT_TRANSLATE_NOOP("device", "ADF Duplex"),
    QT_TRANSLATE_NOOP("device", "Slide"),
    QT_TRANSLATE_NOOP("device", "Negative"),
    QT_TRANSLATE_NOOP("device", "Both pages"),
    QT_TRANSLATE_NOOP("device", "Left page"),
    QT_TRANSLATE_NOOP("device", "Right page"),
    QT_TRANSLATE_NOOP("device", "Color"),
    QT_TRANSLATE_NOOP("device", "Gray"),
    QT_TRANSLATE_NOOP("device", "Lineart"),
    QT_TRANSLATE_NOOP("device", "Infrared"),
)
"""Words that options of nearly every device take as values."""


def device_text(text: str) -> str:
    """A title, a description or a value of an option in the operator's language; as it is where nobody translated it."""
    if not text:
        return text
    own = QCoreApplication.translate("device", text)
    return own if own != text else catalogue(QLocale().name().split("_")[0]).gettext(text)


@cache
def catalogue(language: str, places: tuple[Path, ...] = PLACES) -> gettext.NullTranslations:
    """SANE's own translations into a language; one that translates nothing where they are not installed.

    Args:
        language: A code such as "de".
        places: Folders of translations by language.
    """
    for place in places:
        try:
            return gettext.translation(DOMAIN, place, [language])
        except (OSError, UnicodeDecodeError):
            # not here, or unreadable: options keep the words of their driver
            continue
    return gettext.NullTranslations()
