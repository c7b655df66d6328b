# SPDX-License-Identifier: Apache-2.0
"""Every error survives pickle and JSON and speaks in three parts."""

from __future__ import annotations

import errno
import json
import pickle
from collections.abc import Iterator
from typing import TypeVar

import pytest

import archive.metadata.description
import workers.desk.moving
import workers.errors
import workers.receiving.errors
import workers.staging.errors
from archive.errors import ArchiveError
from hardware.errors import FeederEmpty, ScannerError
from workers.failures import describe_failure

AnyError = TypeVar("AnyError", ArchiveError, ScannerError)

# their classes are found as subclasses, so their modules must be loaded
LOADED = (
    archive.metadata.description,
    workers.desk.moving,
    workers.errors,
    workers.receiving.errors,
    workers.staging.errors,
)


def tree(root: type[AnyError]) -> Iterator[type[AnyError]]:
    yield root
    for child in root.__subclasses__():
        yield from tree(child)


CLASSES = sorted(set(tree(ArchiveError)), key=lambda error_class: error_class.__qualname__)


@pytest.mark.parametrize("error_class", CLASSES, ids=lambda error_class: error_class.__name__)
def test_an_error_survives_pickle_and_json(error_class: type[ArchiveError]) -> None:
    error = error_class("The file is gone.", path="/x", remedy="Look.")
    for copy in (
        pickle.loads(pickle.dumps(error)),  # noqa: S301 (our own bytes)
        error_class.from_json(json.loads(json.dumps(error.to_json()))),
    ):
        assert type(copy) is error_class
        assert copy.to_json() == error.to_json()
        assert str(copy) == "The file is gone."


@pytest.mark.parametrize("error_class", CLASSES, ids=lambda error_class: error_class.__name__)
def test_an_error_says_what_it_means_and_what_to_do(error_class: type[ArchiveError]) -> None:
    document = error_class("Something happened.").to_json()
    assert document["consequence"].endswith(".")
    assert len(document["remedy"]) > 10
    assert document["code"].count(".") <= 2
    assert document["retry"] in {"auto", "after_operator", "reopen", "never"}


def test_only_named_transient_errors_are_tried_again_by_themselves() -> None:
    scanners = set(tree(ScannerError))
    again = {error.code for error in {*CLASSES, *scanners} if str(error.retry) in {"auto", "reopen"}}
    # each of these may be over when it is tried next, with nobody having done anything
    assert again == {
        "broker.unavailable",
        "capture.waits",
        "fetch.busy",
        "fetch.unreachable",
        "imaging.copy_mismatch",
        "receiving.deletion_first",
        "receiving.earlier_bag_first",
        "receiving.location_away",
        "registry.overtaken",
        "registry.unreachable",
        "scanner.device_busy",
        "scanner.disconnected",
        "scanner.driver_crashed",
        "scanner.driver_hung",
        "scanner.incomplete_page",
        "scanner.io_failure",
        "scanner.timeout",
        "scanner.warming_up",
        "staging.delayed",
        "staging.not_staged",
        "storage.damaged_in_transit",
        "storage.unreachable",
        "notification.not_sent",
        "text.recognition_timed_out",
        "unit.time_limit",
        "work.delayed",
    }


def test_no_two_errors_share_a_code() -> None:
    codes = [error_class.code for error_class in CLASSES]
    assert sorted(set(codes)) == sorted(codes)


def test_errors_of_both_ground_floors_have_one_form() -> None:
    ours, theirs = (error("It happened.", page=7).to_json() for error in (ArchiveError, ScannerError))
    assert ours.keys() == theirs.keys()
    assert {type(value) for value in ours.values()} == {type(value) for value in theirs.values()}
    assert ours["facts"] == theirs["facts"] == {"page": 7}
    assert describe_failure(FeederEmpty("No sheet."))["code"] == FeederEmpty.code


def test_no_code_means_one_thing_for_scanners_and_another_for_archives() -> None:
    scanners = {error_class.code for error_class in tree(ScannerError)}
    assert scanners.isdisjoint(error_class.code for error_class in CLASSES)


def test_a_full_disk_waits_for_the_operator() -> None:
    document = describe_failure(OSError(errno.ENOSPC, "No space left on device"))
    assert document["retry"] == "after_operator"
    assert "No space left" in document["message"]


def test_a_defect_keeps_its_traceback() -> None:
    with pytest.raises(KeyError) as caught:
        _ = {}["width"]
    document = describe_failure(caught.value)
    assert document["code"] == "unexpected"
    assert "KeyError" in document["facts"]["traceback"]
