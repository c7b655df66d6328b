# SPDX-License-Identifier: Apache-2.0
"""Agents are told apart by their names alone, as events carry them."""

from __future__ import annotations

import pytest

from archive.agents import kind_of_agent, program_and_version


@pytest.mark.parametrize(
    ("agent", "kind"),
    [
        ("sane:epjitsu:libusb:001:004", "hardware"),
        ("simulated:flatbed", "hardware"),
        ("folder:overhead", "hardware"),
        ("Recto 0.1.0", "software"),
        ("Tesseract 5.3.0-rc1", "software"),
        ("Recto unknown", "software"),
        ("Ada Löwe", "person"),
        ("Room 3", "person"),
        ("sane", "person"),
        ("", "person"),
    ],
)
def test_an_agent_is_what_its_name_says(agent: str, kind: str) -> None:
    assert kind_of_agent(agent) == kind


def test_a_program_has_a_name_and_a_version() -> None:
    assert program_and_version("Some Tool 1.2") == ("Some Tool", "1.2")
    assert program_and_version("Room 3") == ("Room 3", "")
