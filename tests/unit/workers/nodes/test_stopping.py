# SPDX-License-Identifier: Apache-2.0
"""All processes and threads of a worker see at once that it stops; children that end soon are started ever later."""

from __future__ import annotations

import os

from workers.nodes.restarts import LONGEST_PAUSE, STEADY_SECONDS, Restarts
from workers.nodes.stopping import Stopping


def test_a_forked_process_sees_that_its_worker_stops() -> None:
    stopping = Stopping()
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.read(reader, 1)
        os._exit(0 if stopping.has_begun() and stopping.is_due() else 1)
    assert not stopping.has_begun()
    stopping.begin(0.0)
    os.write(writer, b".")
    assert os.waitpid(child, 0)[1] == 0
    os.close(reader)
    os.close(writer)


def test_units_have_their_time_and_a_second_word_takes_it_from_them() -> None:
    stopping = Stopping()
    stopping.begin(3600.0)
    assert stopping.has_begun()
    assert not stopping.is_due()
    stopping.begin(7200.0)
    stopping.begin(0.0)
    assert stopping.is_due()
    stopping.forget()
    assert not stopping.has_begun()


def test_a_child_is_started_again_at_once_and_then_ever_later() -> None:
    moment = 0.0
    restarts = Restarts(lambda: moment)
    restarts.started("io")
    assert restarts.is_due("io")
    pauses = []
    for _ in range(8):
        restarts.started("io")
        begun = moment
        while not restarts.is_due("io"):
            moment += 1.0
        pauses.append(moment - begun)
    assert pauses[:4] == [2.0, 4.0, 8.0, 16.0]
    assert max(pauses) == LONGEST_PAUSE
    moment += STEADY_SECONDS
    restarts.started("io")
    assert restarts.is_due("io")
