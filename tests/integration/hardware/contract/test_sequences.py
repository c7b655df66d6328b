# SPDX-License-Identifier: Apache-2.0
"""Whatever is done to a device in whatever order: it ends, and the device stands as its session says."""

from __future__ import annotations

import itertools
import os
import signal
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from hardware.errors import BadOption, ScannerError
from hardware.options import Value
from hardware.scanner import BatchEnded, PageCompleted, PageProgress, PageStarted, PageVoid
from tests.integration.hardware.contract.conftest import Device, Told

Step = tuple[str, Any]

FEEDERS = ("Flatbed", "ADF Front", "ADF Duplex", "Automatic Document Feeder")
VALUES: dict[str, st.SearchStrategy[Value]] = {
    "source": st.sampled_from(FEEDERS),
    "mode": st.sampled_from(("Lineart", "Gray", "Color", "Sepia")),
    "depth": st.sampled_from((1, 8, 16, 12)),
    "resolution": st.sampled_from((-5, 20, 50, 50.5, 61, 75, "60")),
    "tl-x": st.sampled_from((0, 3, 7.25)),
    "br-x": st.sampled_from((0, 20, 33.3, 500)),
    "br-y": st.sampled_from((9, 25, 1000)),
    "page-width": st.sampled_from((10, 30, 400)),
    "three-pass": st.booleans(),
    "three-pass-order": st.sampled_from(("GBR", "BRG")),
    "hand-scanner": st.booleans(),
    "ppl-loss": st.sampled_from((0, 5)),
    "enable-test-options": st.booleans(),
    "int-inexact": st.integers(-3, 3),
    "bool-soft-select-soft-detect-auto": st.sampled_from((True, False, None)),
    "red-gamma-table": st.sampled_from(([255] * 256, [1])),
    "print-options": st.none(),
}


@st.composite
def profile(draw: st.DrawFn) -> dict[str, Value]:
    names = draw(st.lists(st.sampled_from(list(VALUES)), min_size=1, max_size=5, unique=True))
    return {name: draw(VALUES[name]) for name in names}


STEPS: st.SearchStrategy[Step] = st.one_of(
    profile().map(lambda values: ("apply", values)),
    st.sampled_from(list(VALUES)).flatmap(
        lambda name: VALUES[name].map(lambda value: ("set", (name, value)))
    ),
    st.tuples(st.just("scan"), st.integers(1, 2)),
    # how many events to hear before
    st.tuples(st.just("cancel"), st.integers(0, 3)),
    st.tuples(st.just("kill while scanning"), st.integers(0, 3)),
    st.tuples(st.just("kill"), st.none()),
)


class Operator:
    """Does what the steps say, and holds the device to what it told."""

    def __init__(self, device: Device, gone: Callable[[int, float], bool]) -> None:
        self.device = device
        self.session = device.session
        self.gone = gone
        self.asked: dict[str, Value] = dict(device.quick)

    def take(self, step: Step) -> None:
        what, detail = step
        if what in {"apply", "set"}:
            self.turn(what, detail)
        elif what == "scan":
            self.scan(detail)
        elif what == "kill":
            before = self.device.settings()
            os.kill(self.device.process_id, signal.SIGKILL)
            assert self.gone(self.device.process_id, 5)
            assert self.device.settings() == before
        else:
            self.interrupt(what, detail)

    def turn(self, what: str, detail: Any) -> None:
        before = self.device.settings()
        try:
            if what == "set":
                name, value = detail
                result = self.session.set(name, value)
                told = {name: result.actual} if result.actual is not None else {}
                self.asked[name] = value
            else:
                applied = self.session.apply(detail)
                told = {name: each.actual for name, each in applied.items() if each.actual is not None}
                assert {name: each.requested for name, each in applied.items()} == detail
                self.asked |= detail
        except BadOption:
            assert self.device.settings() == before
        else:
            assert told.items() <= self.session.values().items()

    def scan(self, pages: int) -> None:
        told = Told.of(self.session.scan(self.device.request(pages)))
        self.assert_whole(told)
        for page in [event.page for event in told.events if isinstance(event, PageCompleted)]:
            for name, option in page.options.items():
                requested, actual = option["requested"], option["actual"]
                assert requested == self.asked.get(name) or requested is None, name
                # what lies in the feeder has changed, and the button may have been let go
                assert name not in self.device.settings() or actual == self.session.get(name), name

    def interrupt(self, what: str, events: int) -> None:
        self.session.get("resolution")
        process = self.device.process_id
        running = self.session.scan(self.device.request(2))
        heard = list(itertools.islice(running, events))
        if what == "cancel":
            self.session.cancel()
        else:
            os.kill(process, signal.SIGKILL)
            assert self.gone(process, 5)
        told = Told.of(running)
        told.events = [event for event in heard if not isinstance(event, PageProgress)] + told.events
        self.assert_whole(told)

    def assert_whole(self, told: Told) -> None:
        """Every page that was started ended, and only complete ones lie in the spool."""
        started = [event.number for event in told.events if isinstance(event, PageStarted)]
        ended = [event.page.number for event in told.events if isinstance(event, PageCompleted)]
        void = [event.number for event in told.events if isinstance(event, PageVoid)]
        assert sorted(ended + void) == started
        assert (told.error is not None) is not (
            told.events[-1:] == [e for e in told.events if isinstance(e, BatchEnded)]
        )
        self.session.get("resolution")
        assert not [name for name in self.device.left_in_spool() if name.endswith(".part")]

    def compare(self) -> None:
        """What the session lists is what a fresh read tells, option by option."""
        values = self.device.settings()
        options = self.session.options()
        readable = [option.name for option in options if option.readable and option.name]
        assert list(self.session.values()) == readable
        for name, value in values.items():
            assert self.session.get(name) == value, name
        self.session._drop_child()
        assert self.device.settings() == values


@settings(
    max_examples=3,
    phases=[Phase.generate],
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@pytest.mark.parametrize("device", ["simulator", "test"], indirect=True)
@given(steps=st.lists(STEPS, min_size=3, max_size=5))
def test_any_sequence_ends_and_nothing_loses_step(
    device: Device, gone: Callable[[int, float], bool], steps: list[Step]
) -> None:
    device.forget()
    device.session.apply(device.quick)
    operator = Operator(device, gone)
    for step in steps:
        try:
            operator.take(step)
        except ScannerError as error:
            raise AssertionError(f"{step} ended in {error.to_json()}") from error
    operator.compare()
