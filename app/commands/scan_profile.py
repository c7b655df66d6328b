# SPDX-License-Identifier: Apache-2.0
"""Scan profiles: files in TOML, YAML or JSON that hold the values of a device's options."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click

from hardware.options import Value


def _yaml(text: str) -> Any:
    import yaml

    try:
        return yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise ValueError(" ".join(str(error).split())) from error


_READERS: dict[str, Callable[[str], Any]] = {
    ".toml": tomllib.loads,
    ".json": json.loads,
    ".yaml": _yaml,
    ".yml": _yaml,
}


def scan_settings(profile: Path | None, assignments: Sequence[str]) -> dict[str, Value]:
    """The options to set: those of the profile, and over them those given one by one.

    Raises:
        click.UsageError: The profile cannot be used, or a text is no NAME=VALUE.
    """
    settings = read_profile(profile) if profile is not None else {}
    return settings | dict(_assignment(text) for text in assignments)


def _assignment(text: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not sign or not name.strip():
        raise click.UsageError(f"--set takes NAME=VALUE, not {text!r}.")
    return name.strip(), value


def read_profile(path: Path) -> dict[str, Value]:
    """The option values in a profile: one key an option; numbers, texts, truths, or lists of numbers.

    Raises:
        click.UsageError: The file cannot be read, is of no known form, or holds something else.
    """
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        raise _refused(path, f"its name ends in none of {', '.join(_READERS)}")
    try:
        document = reader(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise _refused(path, str(error)) from error
    except RecursionError as error:
        raise _refused(path, "it is nested too deeply") from error
    if not isinstance(document, dict):
        raise _refused(path, "it holds no names and values of options")
    wrong = [
        str(name) for name, value in document.items() if not (isinstance(name, str) and _is_value(value))
    ]
    if wrong:
        raise _refused(path, f"{', '.join(wrong)} is no number, text, truth or list of numbers")
    return document


def _is_value(value: object) -> bool:
    if isinstance(value, list):
        return bool(value) and all(
            isinstance(word, (int, float)) and not isinstance(word, bool) for word in value
        )
    return value is None or isinstance(value, (bool, int, float, str))


def _refused(path: Path, why: str) -> click.UsageError:
    return click.UsageError(f"The profile {path} cannot be used: {why}.")
