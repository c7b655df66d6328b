# SPDX-License-Identifier: Apache-2.0
"""Why a setting was not saved, in the words of whoever has just entered it."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QCoreApplication, QLocale

from app.desktop.failures.explanation import explain
from app.desktop.failures.messages import message_words
from app.desktop.preferences.saving import Failure


def refusal_text(failure: Failure, name: str) -> str:
    """What was wrong with the value, that nothing was saved, and what to do.

    Args:
        failure: The failure's JSON.
        name: The setting, as "ledger.max_attempts".
    """
    problems = failure.get("facts", {}).get("problems") or []
    own = next((problem for problem in problems if problem["key"] == name), None)
    if own is None:
        return failure_text(failure)
    not_saved = QCoreApplication.translate(
        "settings", "It was not saved; what was there before holds. Enter another value."
    )
    return f"{_wrong(own)} {not_saved}"


def failure_text(failure: Failure) -> str:
    """What happened, what it means and what to do, one after the other.

    Args:
        failure: The failure's JSON.
    """
    parts = (
        message_words(failure["message"]),
        explain(failure).consequence,
        message_words(failure["remedy"]),
    )
    return " ".join(filter(None, parts))


def _wrong(problem: dict[str, Any]) -> str:
    number = QLocale().toString
    kind = problem["type"]
    if kind == "string_pattern_mismatch":
        return QCoreApplication.translate("settings", "Only letters, digits, - and _ can stand here.")
    if kind in {"greater_than_equal", "greater_than"}:
        least = QCoreApplication.translate("settings", "The smallest number here is {number}.")
        return least.format(number=number(float(problem.get("ge", problem.get("gt", 0)))))
    if kind in {"less_than_equal", "less_than"}:
        most = QCoreApplication.translate("settings", "The greatest number here is {number}.")
        return most.format(number=number(float(problem.get("le", problem.get("lt", 0)))))
    # pydantic's own sentence, which has no full stop, or one of Recto's behind pydantic's words
    text = problem["message"].removeprefix("Value error, ")
    return message_words(f"{text[:1].upper()}{text[1:]}.")
