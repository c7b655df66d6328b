# SPDX-License-Identifier: Apache-2.0
"""A scanner setting as text in a cell: which type a bare word or number has, and how to write it back."""

from __future__ import annotations

import json
import re

from archive.manifest.problems import Code, Refused, shown
from archive.manifest.rules import tidy

SettingValue = str | int | float | bool
"""What SANE options hold: text, whole and fixed-point numbers, booleans."""

_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]{0,17})")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,17})(?:\.[0-9]{0,40})?(?:[eE][+-]?[0-9]{1,3})?")
_DECIMAL_COMMA = re.compile(r"-?[0-9]+,[0-9]+")


def read_setting(text: str) -> SettingValue:
    """The value that a bare text stands for.

    `true` and `false` in any case are booleans, numbers in the notation of JSON are numbers, text in
    double quotes is text whatever it looks like (`"300"`), and everything else is text.

    Raises:
        Refused: The text is a number with a decimal comma, which no scanner option takes.
    """
    if text.casefold() in ("true", "false"):
        return text.casefold() == "true"
    if _INTEGER.fullmatch(text):
        return int(text)
    if _NUMBER.fullmatch(text):
        return float(text)
    if _DECIMAL_COMMA.fullmatch(text):
        raise Refused(
            Code.SETTING_VALUE,
            f"{shown(text)} is a number with a decimal comma.",
            f"Write {text.replace(',', '.')}, or put it in double quotes where text is meant.",
        )
    return _unquoted(text)


def setting_text(value: SettingValue) -> str:
    """The text that `read_setting` turns back into `value`."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    try:
        plain = read_setting(value) == value and value == tidy(value) and value != ""
    except Refused:
        plain = False
    return value if plain else json.dumps(value, ensure_ascii=False)


def _unquoted(text: str) -> str:
    if len(text) > 1 and text[0] == text[-1] == '"':
        try:
            return str(json.loads(text))
        except ValueError:
            return text
    return text
