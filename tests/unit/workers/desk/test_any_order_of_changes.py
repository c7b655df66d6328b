# SPDX-License-Identifier: Apache-2.0
"""Whatever a person does, in any order: each captured page is there exactly once, in the item or aside."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from archive.registry import desk as registry_desk
from workers.desk import Change, Desk, DeskState, LabelScheme
from workers.node import Node
from workers.operations import register_manifest
from workers.settings import Settings

from .conftest import MANIFEST, spooled


class AtTheDesk(RuleBasedStateMachine):
    """A person with an undo stack, as the desktop has it."""

    def __init__(self) -> None:
        super().__init__()
        self.home = tempfile.TemporaryDirectory()
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("RECTO_HOME", self.home.name)
            self.node = Node(Settings())
            file = Path(self.home.name) / "letters.json"
            file.write_text(json.dumps(MANIFEST))
            register_manifest(self.node, file, at_desk=True)
        self.desk = Desk(self.node, "letters", "one")
        self.captured: set[str] = set()
        self.undo: list[tuple[DeskState, Change]] = []
        self.redo: list[tuple[DeskState, Change]] = []

    def teardown(self) -> None:
        self.node.registry.close()
        self.home.cleanup()

    def place(self, wish: int) -> int | None:
        places = self.desk.state().places
        return places[wish % len(places)].id if places else None

    def done(self, before: DeskState, change: Change) -> None:
        self.undo.append((before, change))
        self.redo.clear()

    @rule(pages=st.integers(1, 3), wish=st.none() | st.integers(0, 99), retake=st.booleans())
    def capture(self, pages: int, wish: int | None, retake: bool) -> None:  # noqa: FBT001 (hypothesis hands it over)
        place = None if wish is None else self.place(wish)
        run = self.desk.begin_run(**{"replaces" if retake else "before": place}, pages=pages)
        for index in range(pages):
            before = self.desk.state()
            page = spooled(run, run.first_page + index)
            self.captured.add(page.pixel_sha256)
            self.done(before, self.desk.add(run, page))
        self.desk.end_run(run)

    @precondition(lambda self: self.desk.state().places)
    @rule(
        kind=st.sampled_from(["discard", "reorder", "relabel", "custom", "rotate", "judge"]),
        wishes=st.lists(st.integers(0, 99), min_size=1, max_size=3),
        goal=st.none() | st.integers(0, 99),
    )
    def change(self, kind: str, wishes: list[int], goal: int | None) -> None:
        before = self.desk.state()
        places = sorted({before.places[wish % len(before.places)].id for wish in wishes})
        made = {
            "discard": lambda: self.desk.discard(places),
            "reorder": lambda: self.desk.reorder(places, None if goal is None else self.place(goal)),
            "relabel": lambda: self.desk.relabel(places, LabelScheme.ROMAN, "iv"),
            "custom": lambda: self.desk.relabel(places, LabelScheme.CUSTOM, "Pl. 1"),
            "rotate": lambda: self.desk.rotate(places, 1),
            "judge": lambda: self.desk.judge(places, "rejected", "skew"),
        }[kind]()
        self.done(before, made)
        if kind in {"relabel", "custom"}:
            others = {place.id: place.label for place in before.places if place.id not in places}
            now = {place.id: place.label for place in self.desk.state().places}
            assert {place: now[place] for place in others} == others

    @rule(goal=st.none() | st.integers(0, 99))
    def missing(self, goal: int | None) -> None:
        before = self.desk.state()
        place = None if goal is None else self.place(goal)
        self.done(before, self.desk.mark_missing(before=place))

    @precondition(lambda self: self.undo)
    @rule()
    def take_back(self) -> None:
        before, change = self.undo.pop()
        now = self.desk.state()
        self.redo.append((now, self.desk.restore(change)))
        assert self.desk.state().places == before.places

    @precondition(lambda self: self.redo)
    @rule()
    def make_again(self) -> None:
        after, change = self.redo.pop()
        before = self.desk.state()
        self.undo.append((before, self.desk.restore(change)))
        assert self.desk.state().places == after.places

    @invariant()
    def every_page_is_there_exactly_once(self) -> None:
        shown = [place.image_key for place in self.desk.state().places if place.kind == "captured"]
        with self.node.registry.reading() as session:
            item = registry_desk.item_of(session, "letters", "one")
            aside = [
                row.facts["pixel_sha256"] for row in registry_desk.places_aside(session, item.id) if row.facts
            ]
        assert sorted(shown + aside) == sorted(self.captured)

    @invariant()
    def what_is_told_again_is_what_is_there(self) -> None:
        assert self.desk.state() == Desk(self.node, "letters", "one").state()


AtTheDesk.TestCase.settings = settings(max_examples=6, stateful_step_count=25, deadline=None)
TestAnyOrderOfChanges = AtTheDesk.TestCase
