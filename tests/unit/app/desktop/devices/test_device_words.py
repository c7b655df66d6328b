# SPDX-License-Identifier: Apache-2.0
"""Every state and every error of a device has a word, a colour, an icon and one thing to do."""

from __future__ import annotations

from typing import get_args

import pytest

from app.desktop.devices.device_words import ERRORS, STATES, Deed, backend_text, device_icon, state_word
from app.desktop.theme.theme import Theme
from hardware.errors import error_classes
from hardware.scanner import DeviceInfo
from hardware.session_reports import SessionState

CODES = [error.code for error in error_classes()]


def test_no_error_is_without_words_and_no_words_are_without_an_error() -> None:
    assert set(ERRORS) == set(CODES)


def test_no_state_is_without_words() -> None:
    assert set(get_args(SessionState)) - {"closed"} <= set(STATES)


# requirement 16
@pytest.mark.parametrize("code", CODES)
def test_each_error_of_a_device_has_its_own_word_and_a_button(code: str) -> None:
    word = state_word("trouble", code)
    assert word.word
    assert word.verb
    assert word.deed in {Deed.TRY_AGAIN, Deed.LOOK_AGAIN, Deed.OPTIONS, Deed.SETTINGS}
    others = [other.word for known, other in ERRORS.items() if known != code]
    assert word.word not in others


def test_what_a_device_said_while_it_is_waited_for_has_words() -> None:
    assert state_word("waiting", "scanner.warming_up").word == "Warming up"
    assert state_word("waiting", "scanner.unheard_of") == STATES["waiting"]


# requirement 22
def test_a_state_is_a_colour_an_icon_and_a_word_together(theme: Theme) -> None:
    for word in (*STATES.values(), *ERRORS.values()):
        assert not theme.icon(word.icon, word.role).pixmap(24, 24).isNull()
        assert theme.color(word.role).isValid()
        assert word.word


@pytest.mark.parametrize(
    ("device", "icon", "words"),
    [
        ("simulated:feeder", "scanner-feeder", "Simulated"),
        ("sane:test:0", "scanner-flatbed", "test pictures"),
        ("sane:fujitsu:1", "scanner-feeder", "Real scanner, driver fujitsu · SANE 1.2.1"),
        ("folder:overhead", "folder", "camera"),
    ],
)
def test_a_card_says_what_stands_behind_a_device_and_shows_its_kind(
    device: str, icon: str, words: str, theme: Theme
) -> None:
    kind, name = device.split(":")[:2]
    backend = name if kind == "sane" else kind
    type_ = {"feeder": "sheetfed scanner", "fujitsu": "sheetfed scanner"}.get(name, "virtual device")
    info = DeviceInfo(device, backend, "Maker", "Model", type_, kind == "simulated", driver="SANE 1.2.1")
    assert device_icon(info) == icon
    assert not theme.icon(device_icon(info)).isNull()
    assert words in backend_text(info)
