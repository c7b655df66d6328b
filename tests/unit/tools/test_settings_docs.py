# SPDX-License-Identifier: Apache-2.0
"""docs/settings.md is what the settings say of themselves."""

from __future__ import annotations

from pathlib import Path

from tests.conftest import REPOSITORY
from tools.write_settings_docs import DESCRIPTIONS, descriptions_module, settings_page


def test_the_page_is_up_to_date() -> None:
    page = Path(REPOSITORY / "docs/settings.md").read_text()
    assert page == settings_page(), "Write it again: python -m tools.write_settings_docs"


def test_translators_get_every_description() -> None:
    module = (REPOSITORY / DESCRIPTIONS).read_text()
    assert module == descriptions_module(), "Write it again: python -m tools.write_settings_docs"


def test_every_setting_is_explained() -> None:
    assert "| None |" not in settings_page()
