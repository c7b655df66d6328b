# SPDX-License-Identifier: Apache-2.0
"""Why a setting was not saved, in the words of whoever has just entered it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication

from app.desktop.preferences.refusal import refusal_text
from workers.errors import SettingsInvalid
from workers.failures import describe_failure
from workers.settings_file import SetValue, change_settings


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        (("station",), "two words", "Only letters"),
        (("ledger", "max_attempts"), 0, "smallest number here is 1"),
        (("ocr", "page_segmentation"), 99, "greatest number here is 13"),
        (("log_level",), "loud", "'debug', 'info'"),
    ],
)
def test_a_value_that_is_refused_is_explained(
    qapp: QApplication, recto_home: Path, key: tuple[str, ...], value: Any, words: str
) -> None:
    with pytest.raises(SettingsInvalid) as refused:
        change_settings(SetValue(key, value))
    text = refusal_text(describe_failure(refused.value), ".".join(key))
    assert words in text
    assert "It was not saved" in text
    assert "RECTO_" not in text


def test_a_problem_elsewhere_is_told_as_it_is(qapp: QApplication, recto_home: Path) -> None:
    with pytest.raises(SettingsInvalid) as refused:
        change_settings(SetValue(("ledger", "max_attempts"), 0))
    assert "ledger.max_attempts" in refusal_text(describe_failure(refused.value), "station")
