# SPDX-License-Identifier: Apache-2.0
"""The errors of the hardware floor survive the ways they travel."""

from __future__ import annotations

import json
import pickle
from collections import Counter

import pytest

from hardware.errors import DeviceTimeout, Jam, ScannerError, error_classes, error_from_json

ALL = list(error_classes())


@pytest.mark.parametrize("error_class", ALL, ids=lambda error_class: error_class.__name__)
def test_an_error_survives_pickle_and_json(error_class: type[ScannerError]) -> None:
    error = error_class(
        "It happened.", consequence="So it is.", remedy="Do this.", page=3, device="sane:test:0"
    )
    pickled = pickle.loads(pickle.dumps(error))  # noqa: S301  # our own bytes
    for copy in (pickled, error_from_json(json.loads(json.dumps(error.to_json())))):
        assert type(copy) is error_class
        assert copy.to_json() == error.to_json()
        assert str(copy) == "It happened."


@pytest.mark.parametrize("error_class", ALL, ids=lambda error_class: error_class.__name__)
def test_an_error_says_consequence_and_remedy_without_being_told(error_class: type[ScannerError]) -> None:
    error = error_class("It happened.")
    assert error.consequence.endswith(".")
    assert error.remedy
    assert error.retry in {"auto", "after_operator", "reopen", "never"}


def test_no_two_errors_share_a_code() -> None:
    codes = Counter(error_class.code for error_class in ALL)
    assert [code for code, count in codes.items() if count > 1] == []


def test_every_error_class_is_drawn_in_the_tree() -> None:
    import hardware.errors

    drawing = hardware.errors.__doc__ or ""
    assert [error_class.__name__ for error_class in ALL if error_class.__name__ not in drawing] == []


def test_an_error_of_a_newer_release_keeps_its_words_and_code() -> None:
    error = error_from_json({**Jam("Stuck.", page=2).to_json(), "code": "scanner.staple"})
    assert type(error) is ScannerError
    assert error.message == "Stuck."
    assert error.facts == {"page": 2, "code": "scanner.staple"}


def test_a_timeout_says_its_phase() -> None:
    assert DeviceTimeout("Nothing came.", phase="read").to_json()["facts"] == {"phase": "read"}
