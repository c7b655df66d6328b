# SPDX-License-Identifier: Apache-2.0
"""Somebody's words where Qt would read more into them: HTML in a tooltip, & on a button, signs that turn a name round."""

from __future__ import annotations

import html
import unicodedata

_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Signs that change the direction of what follows: with them `fdp.exe` can look like `exe.pdf`."""


def plain_tip(text: str) -> str:
    """A tooltip that shows a text as it is written, also where it looks like HTML."""
    if "<" not in text:
        return text
    return f'<span style="white-space: pre-wrap">{html.escape(text)}</span>'


def on_button(text: str) -> str:
    """The words of a button, without a letter of them becoming its key."""
    return text.replace("&", "&&")


def on_one_line(text: str) -> str:
    """A name on one line, whose invisible signs are seen; letters of every script stay."""
    return "".join(_seen(sign) for sign in text)


def _seen(sign: str) -> str:
    if sign in _TURNING or unicodedata.category(sign) in {"Cc", "Cs", "Zl", "Zp"}:
        return f"\\u{ord(sign):04x}"
    return sign
