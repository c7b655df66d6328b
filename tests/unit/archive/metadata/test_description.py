# SPDX-License-Identifier: Apache-2.0
"""A description that contradicts itself is refused before anything is written."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from typing import Any

import pytest

from archive.metadata.description import (
    AgentDescription,
    DescriptionError,
    EventDescription,
    FileDescription,
    ItemDescription,
    PageDescription,
)


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"path": "/etc/passwd"}, "path"),
        ({"path": "data/../../outside.tif"}, "path"),
        ({"path": ""}, "path"),
        ({"use": "poster"}, "use"),
        ({"size": -1}, "size"),
        ({"sha256": "AB" * 32}, "digest"),
        ({"sha256": ""}, "digest"),
        ({"md5": "12"}, "digest"),
        ({"created_at": "2026-11-21T10:15:30"}, "time zone"),
        ({"created_at": "2026-13-41T10:15:30Z"}, "time zone"),
        ({"created_at": "yesterday"}, "time zone"),
    ],
)
def test_an_impossible_file_is_refused(
    make_file: Callable[..., FileDescription], change: dict[str, Any], word: str
) -> None:
    good = make_file("master", "0001")
    facts = {name: getattr(good, name) for name in type(good).__slots__}
    with pytest.raises(DescriptionError, match=word):
        type(good)(**{**facts, **change})


def test_a_file_may_come_without_md5(make_file: Callable[..., FileDescription]) -> None:
    good = make_file("master", "0001")
    facts = {name: getattr(good, name) for name in type(good).__slots__}
    assert type(good)(**{**facts, "md5": ""}).md5 == ""


@pytest.mark.parametrize("change", [{"captured_at": "2026-11-21"}, {"pixel_sha256": "zz" * 32}])
def test_an_impossible_page_is_refused(
    make_page: Callable[..., PageDescription], change: dict[str, Any]
) -> None:
    with pytest.raises(DescriptionError):
        make_page(1, **change)


def test_a_page_number_may_not_come_twice(
    make_item: Callable[..., ItemDescription], make_page: Callable[..., PageDescription]
) -> None:
    with pytest.raises(DescriptionError, match="page number"):
        make_item(pages=(make_page(1), make_page(1, files=())))


def test_a_file_may_not_come_twice(
    make_item: Callable[..., ItemDescription],
    make_page: Callable[..., PageDescription],
    make_file: Callable[..., FileDescription],
) -> None:
    with pytest.raises(DescriptionError, match="same file"):
        make_item(pages=(make_page(1),), files=(make_file("master", "0001"),))


def test_an_event_may_not_name_an_agent_that_nobody_describes(
    make_item: Callable[..., ItemDescription],
) -> None:
    event = EventDescription("e", "capture", "2026-11-21T10:00:00Z", "", "success", ("ghost",), ())
    with pytest.raises(DescriptionError, match="ghost"):
        make_item(events=(event,))


def test_an_event_and_an_agent_may_not_come_twice(make_item: Callable[..., ItemDescription]) -> None:
    item = make_item()
    with pytest.raises(DescriptionError, match="same event"):
        make_item(events=item.events * 2)
    with pytest.raises(DescriptionError, match="same agent"):
        make_item(agents=item.agents * 2)


def test_a_simulated_page_cannot_hide_in_an_item_that_claims_to_be_real(
    make_item: Callable[..., ItemDescription], make_page: Callable[..., PageDescription]
) -> None:
    with pytest.raises(DescriptionError, match="simulated"):
        make_item(pages=(make_page(1, device={"simulated": True}),), simulated=False)


def test_an_agent_of_unknown_kind_is_refused() -> None:
    with pytest.raises(DescriptionError, match="robot"):
        AgentDescription("a", "A", "robot")  # type: ignore[arg-type]


def test_the_error_survives_pickle_with_its_three_parts() -> None:
    error = DescriptionError("The item has no id.")
    again = pickle.loads(pickle.dumps(error))  # noqa: S301  # bytes made one call earlier
    assert (again.message, again.consequence, again.remedy) == (
        error.message,
        error.consequence,
        error.remedy,
    )
    assert again.code == "metadata.description"


def test_the_capturing_software_is_the_program_of_the_first_capture(
    make_item: Callable[..., ItemDescription],
) -> None:
    assert make_item().capturing_software.id == "recto"
    pdf_made = EventDescription("e", "creation", "2026-11-21T10:00:00Z", "", "success", ("recto",), ())
    assert make_item(events=(pdf_made,)).capturing_software is None


def test_a_page_without_a_master_has_none(
    make_page: Callable[..., PageDescription], make_file: Callable[..., FileDescription]
) -> None:
    assert make_page(1, files=(make_file("access", "1"),)).master is None
