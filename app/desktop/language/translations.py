# SPDX-License-Identifier: Apache-2.0
"""The language of the desktop: which there are, and how one is put on."""

from __future__ import annotations

from pathlib import Path

import structlog
from PySide6.QtCore import QLibraryInfo, QLocale, QTranslator
from PySide6.QtWidgets import QApplication

from app.desktop.language.device_texts import catalogue
from app.desktop.language.pseudo import PseudoTranslator
from archive.resource_files import resource_path

log = structlog.get_logger(__name__)

LANGUAGES: dict[str, str] = {"en": "English", "de": "Deutsch"}
"""Codes and own names of the languages that Recto speaks."""

PSEUDO = "pseudo"
"""The language for tests; not offered to operators."""


def language_of(wished: str) -> str:
    """The language that is put on for a wish: it, else the system's where Recto speaks it, else English.

    Args:
        wished: A code such as "de"; "" for the system's.
    """
    if wished in LANGUAGES or wished == PSEUDO:
        return wished
    for code in QLocale().uiLanguages():
        if code.split("-")[0] in LANGUAGES:
            return code.split("-")[0]
    return "en"


def put_on(application: QApplication, wished: str = "") -> str:
    """Put a language on, before any widget is made; what was put on before is taken off.

    Args:
        application: Whose texts are translated.
        wished: A code such as "de"; "" for the system's.

    Returns:
        The code of the language.
    """
    code = language_of(wished)
    take_off(application)
    translators: list[QTranslator] = []
    if code == PSEUDO:
        translators.append(PseudoTranslator(application))
    else:
        # English as well: it says which word belongs to one and which to many
        translators += _read(application, code)
    for translator in translators:
        application.installTranslator(translator)
    application.setProperty("translators", translators)
    if code != PSEUDO and QLocale().language() != QLocale(code).language():
        QLocale.setDefault(QLocale(code))
    # read now: later a file would be read on the window's thread while somebody works
    catalogue(code)
    return code


def take_off(application: QApplication) -> None:
    """Speak English again."""
    for translator in application.property("translators") or []:
        application.removeTranslator(translator)
    application.setProperty("translators", [])


def _read(application: QApplication, code: str) -> list[QTranslator]:
    """Recto's own texts, and Qt's for its dialogs."""
    found = []
    qt = Path(QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)) / f"qtbase_{code}.qm"
    try:
        own = resource_path("translations", f"recto_{code}.qm")
    except FileNotFoundError:
        log.warning("language.missing", language=code)
        return []
    for file in (qt, own):
        translator = QTranslator(application)
        if translator.load(str(file)):
            found.append(translator)
        else:
            log.warning("language.unreadable", file=str(file))
    return found
