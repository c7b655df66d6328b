# SPDX-License-Identifier: Apache-2.0
"""A failure on its way to the operator."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class FailureNotice:
    """A failure with the one thing that can be done about it.

    Attributes:
        failure: code, message, consequence, remedy, retry and facts.
        key: What it is about.
        remedy_title: Words on the button; "" for none.
        remedy: What the button does.
    """

    failure: dict[str, Any]
    key: str
    remedy_title: str = ""
    remedy: Callable[[], None] | None = None
