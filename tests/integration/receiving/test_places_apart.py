# SPDX-License-Identifier: Apache-2.0
"""Locations of depositors stay apart, by whatever name or link they are told."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from archive.errors import InstitutionInvalid
from archive.registry.institutions import Institution, count_institutions
from tests.arrivals import INSTITUTION, ReceivingSite
from workers.receiving.institutions import add_institution
from workers.receiving.same_place import lies_in


@pytest.fixture
def other(site: ReceivingSite) -> Institution:
    """A depositor that may be registered beside the one that is."""
    folder = site.folder / "other"
    (folder / "in").mkdir(parents=True)
    kept = (str(folder / "east"), str(folder / "west"))
    return Institution("other", "Other", str(folder / "in"), {"Standard": kept}, "Standard")


def test_locations_that_would_mix_what_must_be_apart_are_refused(
    site: ReceivingSite, other: Institution
) -> None:
    folder = Path(other.receiving).parent
    link = folder / "link"
    link.symlink_to(folder / "east")
    east, theirs = str(folder / "east"), str(site.locations[0])
    wrong = {
        "same place": replace(other, storage_options={"Standard": (east, str(link))}),
        "restore location of other": replace(other, restore=f"{link}/restored"),
        f"preservation location of {INSTITUTION}": replace(other, restore=theirs),
        "quarantine of other": replace(other, quarantine=f"{folder}/in/../east"),
        f"restore location of {INSTITUTION}": replace(
            other, storage_options={"Standard": (str(site.folder / "restore"),)}
        ),
        "overlap": replace(other, receiving=f"{site.receiving}/below"),
        f"receiving location of {INSTITUTION}": replace(other, restore=str(site.receiving)),
    }
    for message, institution in wrong.items():
        with pytest.raises(InstitutionInvalid, match=re.escape(message)):
            add_institution(site.node, institution, check=False)
    with site.registry.reading() as session:
        assert count_institutions(session) == 1
    sound = replace(other, restore=str(site.folder / "restore"), quarantine=f"{other.receiving}/quarantine")
    assert add_institution(site.node, sound, check=False).id == "other"


def test_a_place_lies_in_itself_and_in_those_above_but_not_in_one_that_is_named_alike() -> None:
    assert lies_in("/srv/in", "/srv/in")
    assert lies_in("/srv/in/below", "/srv/in")
    assert lies_in("/srv/in", "/")
    assert not lies_in("/srv/inbox", "/srv/in")
    assert not lies_in("/srv", "/srv/in")
