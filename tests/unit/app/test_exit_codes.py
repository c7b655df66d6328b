# SPDX-License-Identifier: Apache-2.0
"""Which error ends with which exit code: a contract that scripts rely on."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from app.commands.batch import exit_code_of_batch
from app.exit_codes import exit_code_of
from archive.errors import (
    BagTagsInvalid,
    BagUnwritable,
    BatchUnknown,
    LanguageDataMissing,
    ProfileUnknown,
    StorageError,
)
from hardware.errors import DeviceNotFound, ScannerError
from workers.errors import BrokerUnavailable, DiskLow, QualityHeld, SettingsInvalid


def hardware_errors(root: type[ScannerError] = ScannerError) -> Iterator[type[ScannerError]]:
    yield root
    for child in root.__subclasses__():
        yield from hardware_errors(child)


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (SettingsInvalid("x"), 2),
        (BatchUnknown("x"), 2),
        (ProfileUnknown("x"), 2),
        (BagTagsInvalid("x"), 1),
        (BagUnwritable("x"), 4),
        (DeviceNotFound("x"), 3),
        (StorageError("x"), 4),
        (BrokerUnavailable("x"), 4),
        (DiskLow("x"), 4),
        (QualityHeld("x"), 5),
        (LanguageDataMissing("x"), 5),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else str(value),
)
def test_each_family_has_its_code(error: ScannerError, code: int) -> None:
    assert exit_code_of(error.to_json()) == code


def test_everything_from_the_hardware_ends_with_three() -> None:
    assert {int(exit_code_of(error("x").to_json())) for error in hardware_errors()} == {3}


def test_a_batch_without_problems_is_done_only_when_it_is_done() -> None:
    assert exit_code_of_batch({"state": "done", "items": []}) == 0
    assert exit_code_of_batch({"state": "cancelled", "items": []}) == 5


def test_a_problem_that_is_being_retried_does_not_count() -> None:
    problem = {"state": "waiting", **StorageError("x").to_json()}
    assert exit_code_of_batch({"state": "done", "items": [{"problems": [problem]}]}) == 0
