# SPDX-License-Identifier: Apache-2.0
"""Which RECTO_* variable decides over a setting, so that the file cannot."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence

PREFIX = "RECTO_"


def overriding_variable(key: Sequence[str | int], environment: Mapping[str, str] | None = None) -> str | None:
    """The variable that wins over the settings file for a key, None where the file decides.

    Args:
        key: Names of tables and of the key, as ("ledger", "lease_seconds").
        environment: The variables; those of this process when left out.
    """
    steps = [str(step).lower() for step in key]
    variables = os.environ if environment is None else environment
    for variable, text in variables.items():
        if not variable.upper().startswith(PREFIX):
            continue
        named = variable[len(PREFIX) :].lower().split("__")
        if named[: len(steps)] == steps:
            return variable
        if steps[: len(named)] == named and _holds(text, steps[len(named) :]):
            return variable
    return None


def _holds(text: str, steps: Sequence[str]) -> bool:
    """Whether the JSON of a whole table names the key; a list decides over all of its entries."""
    try:
        value = json.loads(text)
    except ValueError:
        return False
    for step in steps:
        if isinstance(value, list):
            return True
        if not isinstance(value, dict) or step not in value:
            return False
        value = value[step]
    return True
