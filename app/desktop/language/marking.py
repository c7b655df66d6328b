# SPDX-License-Identifier: Apache-2.0
"""Marking of texts in tables for translation, with types that Qt's own marker lacks."""

from __future__ import annotations


def QT_TRANSLATE_NOOP(context: str, text: str) -> str:
    """Give the text back; lupdate finds it by this call.

    Args:
        context: Where the text is translated later, by QCoreApplication.translate.
        text: The English text.
    """
    del context
    return text
