# SPDX-License-Identifier: Apache-2.0
"""A fresh driver is brought to where the old one stood, whatever was asked of that."""

from __future__ import annotations

import pytest

from hardware.device_process.settings import Settings


@pytest.fixture
def settings() -> Settings:
    made = Settings()
    made.note("resolution", 100.4, 100)
    made.note("br-x", 50, 50)
    return made


def test_a_rounded_value_is_asked_for_again_and_must_come_out_the_same(settings: Settings) -> None:
    assert settings.again["resolution"] == 100.4
    assert settings.actual["resolution"] == 100
    assert settings.requested == {"resolution": 100.4, "br-x": 50}


def test_an_option_that_another_has_moved_comes_back_as_it_stands(settings: Settings) -> None:
    settings.note("source", "ADF", "ADF")
    settings.look({"br-x": 216.0, "resolution": 100})
    assert settings.again == {"resolution": 100.4, "br-x": 216.0, "source": "ADF"}
    assert settings.requested["br-x"] == 50


def test_an_option_that_cannot_be_read_now_stays_as_it_was(settings: Settings) -> None:
    settings.look({})
    assert settings.again["br-x"] == 50


def test_a_button_is_not_pressed_again_and_an_automatic_setting_is_chosen_again(settings: Settings) -> None:
    settings.note("clean", None, None)
    settings.note("gamma", None, 7)
    settings.look({"gamma": 8})
    assert "clean" not in settings
    assert settings.again["gamma"] is None
    assert "gamma" not in settings.actual


def test_what_was_set_last_stands_last(settings: Settings) -> None:
    settings.note("resolution", 200, 200)
    assert list(settings.again) == ["br-x", "resolution"]
    assert settings.others(["resolution"]) == ["br-x"]


def test_a_copy_does_not_follow(settings: Settings) -> None:
    settings.look({"br-x": 40})
    copied = settings.copy()
    settings.note("br-x", 60, 60)
    assert (copied.again["br-x"], copied.requested["br-x"]) == (40, 50)
