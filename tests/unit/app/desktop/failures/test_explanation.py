# SPDX-License-Identifier: Apache-2.0
"""What the operator reads about errors: complete for every code, in words of the work and not of a terminal."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterator

import pytest

from app.desktop.failures.explanation import WORDINGS, explain
from app.desktop.screens import SCREENS
from archive.errors import ArchiveError
from hardware.errors import ScannerError
from hardware.simulated.faults import FaultKind
from hardware.simulated.mishaps import _ERRORS as ERRORS_OF_FAULTS
from workers.failures import describe_failure

Error = type[ArchiveError] | type[ScannerError]


def below(root: Error) -> Iterator[Error]:
    yield root
    for child in root.__subclasses__():
        yield from below(child)


def all_errors() -> list[Error]:
    for floor in ("archive", "hardware", "workers"):
        for module in pkgutil.walk_packages([floor], f"{floor}."):
            if module.name.endswith(("errors", "description")) or ".errors." in module.name:
                importlib.import_module(module.name)
    own = ("archive.", "hardware.", "workers.")
    return [
        error
        for root in (ArchiveError, ScannerError)
        for error in below(root)
        if error.__module__.startswith(own)
    ]


ERRORS = all_errors()


# requirement 28
@pytest.mark.parametrize("error", ERRORS, ids=lambda error: error.code)
def test_every_error_says_what_happened_what_it_means_and_what_to_do(error: Error) -> None:
    explanation = explain(error("the words of the error", device="simulated:feeder").to_json())
    assert WORDINGS[error.code].headline == explanation.headline
    for text in (explanation.headline, explanation.consequence, explanation.remedy, explanation.button):
        assert text
        # the operator has no terminal
        assert not re.search(r"\brecto [a-z]|RECTO_|`|[A-Z]\w+Error", text), text
    assert not explanation.headline.endswith("."), "a headline is no sentence"
    assert len(explanation.headline) <= 70
    assert len(explanation.button) <= 30
    assert explanation.consequence.endswith(".")
    assert explanation.remedy.endswith(".")
    assert "the words of the error" in explanation.details
    assert f"code: {error.code}" in explanation.details


def test_what_no_error_class_describes_has_words_as_well() -> None:
    defect = explain(describe_failure(KeyError("fold")))
    assert "inside Recto" in defect.headline
    assert "KeyError" in defect.about
    assert "traceback: " in defect.details
    refusal = explain(describe_failure(PermissionError(13, "Permission denied", "/archive/batches")))
    assert "/archive/batches" in refusal.about


def test_every_button_leads_to_a_screen_that_exists() -> None:
    screens = {place.id for place in SCREENS} | {"report"}
    assert {wording.screen for wording in WORDINGS.values()} <= screens


# requirement 16
def test_every_simulated_fault_has_words_and_a_button_of_its_own() -> None:
    kinds = set(ERRORS_OF_FAULTS) - {FaultKind.STALE_JAM}
    told = {kind: explain(ERRORS_OF_FAULTS[kind][0]("x").to_json()) for kind in kinds}
    around = ["disk.low", "broker.unavailable", "storage.access_refused", "storage.unreachable"]
    around += ["scanner.device_not_found", "scanner.driver_crashed", "scanner.driver_hung", "scanner.timeout"]
    told |= {code: explain({"code": code, "message": "", "consequence": "", "remedy": ""}) for code in around}
    assert len({words.headline for words in told.values()}) == len(told)
    assert len({words.remedy for words in told.values()}) == len(told)
    assert all(words.button for words in told.values())


def test_an_error_of_a_later_release_keeps_its_own_sentences() -> None:
    failure = {"code": "scanner.lamp_broken", "message": "M", "consequence": "C", "remedy": "R", "facts": {}}
    explanation = explain(failure)
    assert (explanation.headline, explanation.consequence, explanation.remedy) == ("M", "C", "R")
