# SPDX-License-Identifier: Apache-2.0
"""Whatever text stands in whatever field, METS, PREMIS, MIX and the facts of a page stay valid and small."""

from __future__ import annotations

import dataclasses
import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from lxml import etree

from archive.metadata.description import (
    AgentDescription,
    DescriptionError,
    EventDescription,
    FileDescription,
    ItemDescription,
    PageDescription,
)
from archive.metadata.mets import write_mets
from archive.metadata.mix import write_mix
from archive.metadata.page_facts import write_page_facts
from archive.metadata.premis import write_premis
from tests.unit.archive.metadata.conftest import MOMENT

# control characters and half surrogate pairs included; a description takes nothing else for granted
any_text = st.text(st.characters(exclude_categories=()), min_size=1, max_size=12)

HOSTILE = "]]>&<\x00\x0b\ud800\udcff\ufffe\u202e\"'\r\n-->"


def _item_of(text: str, page: PageDescription, item: ItemDescription) -> ItemDescription:
    """An item with this text in every field that is free text."""
    device = dict.fromkeys(("id", "vendor", "model", "serial", "backend", "type"), text)
    files = tuple(
        dataclasses.replace(file, path=f"{file.path}{number}x{text.replace('/', '_')}", mime=text)
        for number, file in enumerate(page.files)
    )
    names = ("compression", "photometric", "color_space", "byte_order", "mime", "format_version")
    technical = {**page.technical, **dict.fromkeys(names, text), "icc": {"name": text, "version": text}}
    hostile = dataclasses.replace(
        page,
        label=text,
        files=files,
        technical=technical,
        device={**device, "simulated": False},
        options={text: {"requested": text, "actual": text}, "source": {"actual": text}},
    )
    free = ("batch", "id", "institution", "collection", "title", "creator", "date", "language", "rights")
    event = EventDescription(text, text, MOMENT, text, text, (text,), (text,))
    return dataclasses.replace(
        item,
        **dict.fromkeys(free, text),
        pages=(hostile,),
        agents=(AgentDescription(text, text, "hardware", text, text),),
        events=(event,),
    )


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(text=any_text)
@example(text=HOSTILE)
@example(text="羅生門 مكتوب ሰላም 𒀀 é")
def test_any_text_in_every_field_gives_valid_documents(
    text: str,
    make_item: Callable[..., ItemDescription],
    make_page: Callable[..., PageDescription],
    to_bytes: Callable[..., bytes],
    require_valid: Callable[[bytes], etree._Element],
) -> None:
    item = _item_of(text, make_page(1), make_item())
    require_valid(to_bytes(write_mets, item))
    require_valid(to_bytes(write_premis, item))
    require_valid(to_bytes(write_mix, item.pages[0], producer=text, software=item.agents[0]))
    facts = json.loads(to_bytes(write_page_facts, item.pages[0], item))
    assert (facts["page"], len(facts["files"])) == (1, 6)


class Count(io.RawIOBase):
    """Counts what is written to it, remembers how much came at once, and forgets it."""

    total = 0
    largest = 0

    def writable(self) -> bool:
        return True

    def write(self, block: Any) -> int:
        self.total += len(block)
        self.largest = max(self.largest, len(block))
        return len(block)


def _events(pages: int) -> tuple[EventDescription, ...]:
    return tuple(
        EventDescription(
            f"b.{page}.{kind}",
            kind,
            MOMENT,
            '{"resolution": 300}',
            "success",
            ("scanner", "recto"),
            (f"data/masters/{page:04d}.tif",),
            "cd" * 32,
        )
        for page in range(1, pages + 1)
        for kind in ("capture", "message digest calculation", "validation", "migration", "transcription")
    )


def test_a_page_costs_premis_the_same_in_any_item_and_nothing_is_kept(
    make_item: Callable[..., ItemDescription], make_page: Callable[..., PageDescription]
) -> None:
    cost: dict[int, float] = {}
    for pages in (50, 500):
        item = make_item(pages=tuple(make_page(n) for n in range(1, pages + 1)), events=_events(pages))
        tape = Count()
        write_premis(item, tape)
        cost[pages] = tape.total / pages
        assert tape.largest < 256 * 1024
    assert cost[500] < 18_000
    assert cost[500] == pytest.approx(cost[50], rel=0.02)


@pytest.fixture
def described(make_file: Callable[..., FileDescription]) -> FileDescription:
    return make_file("master", "0001")


@pytest.mark.parametrize("path", ["../0001.tif", "/data/0001.tif", "", "data/../../x"])
def test_a_path_that_leads_out_of_the_bag_is_never_described(path: str, described: FileDescription) -> None:
    with pytest.raises(DescriptionError, match="not a path inside a bag"):
        dataclasses.replace(described, path=path)
