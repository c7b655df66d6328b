# SPDX-License-Identifier: Apache-2.0
"""docs/desktop-requirements.md names the tests there are, and every requirement has one."""

from __future__ import annotations

from tools.write_desktop_requirements import PAGE, REQUIREMENTS, proofs_by_requirement, requirements_page


def test_the_page_is_up_to_date() -> None:
    written = PAGE.read_text(encoding="utf-8")
    assert written == requirements_page(), "Write it again: python -m tools.write_desktop_requirements"


def test_every_requirement_is_proved_by_a_test() -> None:
    assert set(proofs_by_requirement()) == set(REQUIREMENTS) == set(range(1, 31))
