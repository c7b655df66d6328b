# SPDX-License-Identifier: Apache-2.0
"""A simulated driver refuses what real drivers refuse: stale descriptors, and options in the middle of a page."""

from __future__ import annotations

import pytest

from hardware.configuration import SimulatedDevice
from hardware.describing import describe
from hardware.driver import PageAddress
from hardware.errors import BadOption
from hardware.options import Value
from hardware.profile import apply_values
from hardware.simulated.device import SimulatedDriver

PAGE = PageAddress("b", "i", 1)


@pytest.fixture
def driver() -> SimulatedDriver:
    return SimulatedDriver(SimulatedDevice("both", "duplex", page_width=20, page_height=20))


def test_after_a_reload_no_option_answers_before_the_descriptors_are_fetched_anew(
    driver: SimulatedDriver,
) -> None:
    assert driver.set("mode", "Gray").reload_options
    for ask in (lambda: driver.get("depth"), lambda: driver.set("depth", 8)):
        with pytest.raises(BadOption, match="reloaded since"):
            ask()
    driver.descriptors()
    assert driver.get("mode") == "Gray"
    assert driver.set("resolution", 100).reload_options is False
    assert driver.get("resolution") == 100


def test_a_profile_is_applied_with_fresh_descriptors_only(driver: SimulatedDriver) -> None:
    profile: dict[str, Value] = {"source": "Flatbed", "mode": "Lineart", "resolution": 1200, "br-x": 100.0}
    applied = apply_values(driver, profile)
    assert {name: option.actual for name, option in applied.items()} == profile
    assert describe(driver, driver.info, ()).states


def test_while_a_page_is_scanned_no_option_answers_until_the_cancel(driver: SimulatedDriver) -> None:
    driver.load(4)
    driver.start(PAGE)
    while driver.read(65536) is not None:
        with pytest.raises(BadOption, match="while a page is scanned"):
            driver.get("mode")
    with pytest.raises(BadOption, match="while a page is scanned"):
        driver.set("resolution", 100)
    driver.cancel()
    assert driver.set("resolution", 100).actual == 100
