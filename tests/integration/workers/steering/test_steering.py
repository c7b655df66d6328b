# SPDX-License-Identifier: Apache-2.0
"""Rush items overtake, held stages stand still, cancelled items end, on a station with real queues."""

from __future__ import annotations

from archive.registry.decisions import cancel, retry_stopped
from archive.registry.priorities import Priority
from archive.registry.stage_holds import hold_stage
from tests.e2e.conftest import wait_for
from tests.integration.workers.steering.conftest import Site, stage
from workers import steering
from workers.dispatch import dispatch_item
from workers.following import follow

NAP = stage("nap", "nap")
NAP_AGAIN = stage("again", "nap", after=("nap",))


def test_a_rush_item_behind_a_long_queue_is_done_before_the_others(site: Site) -> None:
    before = len(site.notes())
    # the window has no place left, and each of these has its message in the queue
    queue = site.submit(NAP, items=[f"slow{number}" for number in range(16)])
    hurried = steering.set_priority(site.node, queue, Priority.RUSH, ["slow15"], reason="exhibition")
    for item in hurried:
        dispatch_item(site.application, site.node, item)
    rush = site.submit(NAP, items=["rush"], priority=Priority.RUSH)
    site.settle(queue, rush)
    order = [line.removeprefix("napped ") for line in site.notes()[before:]]
    # but for those that were begun before it came
    assert max(order.index("rush"), order.index("slow15")) < 9, order
    assert sorted(order) == sorted([*(f"slow{number}" for number in range(16)), "rush"])


def test_a_held_stage_stands_still_while_the_others_go_on_and_then_goes_on_by_itself(site: Site) -> None:
    batch = site.submit(
        NAP,
        NAP_AGAIN,
        items=["one", "two"],
        prepare=lambda session, name: hold_stage(session, "again", batch=name, reason="no uploads today"),
    )
    wait_for(lambda: all(item["stages"]["nap"] == "done" for item in site.status(batch)["items"]), 20)
    # whoever follows it is told that nothing happens by itself any more
    *_, last = follow(site.node, batch)
    assert [hold.reason for hold in last.holds] == ["no uploads today"]
    assert {item["stages"]["again"] for item in site.status(batch)["items"]} == {"waiting"}
    assert steering.release_stage(site.node, "again", batch=batch)
    # nobody sends it: the station's schedule does
    (status,) = site.settle(batch)
    assert (status["state"], status["holds"]) == ("done", [])


def test_cancelling_an_item_leaves_the_others_and_retry_takes_it_up_again(site: Site) -> None:
    batch = site.submit(
        NAP, items=["one", "two"], prepare=lambda session, name: cancel(session, name, item="two")
    )
    wait_for(lambda: site.status(batch)["items"][0]["state"] == "done", 20)
    assert site.status(batch)["items"][1]["state"] == "cancelled"
    with site.node.registry.transaction() as session:
        assert retry_stopped(session, batch, item="two") == 1
    (status,) = site.settle(batch)
    assert status["state"] == "done"
