# SPDX-License-Identifier: Apache-2.0
"""A process that restores or deletes is killed outright: nothing half counts, and the next one ends what was begun."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import update

from archive.receiving.keys import object_prefix
from archive.registry.clock import now_seconds
from archive.registry.deletions import Person
from archive.registry.events import read_events, verify_chain
from archive.registry.receiving_tables import DeletionRequestRow
from tests.arrivals import ReceivingSite, make_bag
from tests.kept_objects import KeptBag, keep_bag
from workers.receiving.deletions import approve_deletion, execute_deletions, request_deletion
from workers.receiving.restores import restore
from workers.restore_settings import DeletionSettings

DYING_RESTORE = """
import os, signal, sys
from workers.node import Node
from workers.receiving.restores import restore
from workers.settings import load_settings

def die(progress):
    if progress.done > 1_000_000:
        os.kill(os.getpid(), signal.SIGKILL)

restore(Node(load_settings()), sys.argv[1], progress=die)
"""

DYING_DELETION = """
import os, signal, sys
from archive.storage.directory_place import DirectoryPlace
from workers.node import Node
from workers.receiving.deletions import execute_deletions
from workers.settings import load_settings

delete = DirectoryPlace.delete

def die(place, keys):
    delete(place, list(keys)[:3])
    os.kill(os.getpid(), signal.SIGKILL)

DirectoryPlace.delete = die
execute_deletions(Node(load_settings()))
"""


@pytest.fixture
def kept(site: ReceivingSite, tmp_path: Path) -> KeptBag:
    return keep_bag(site, make_bag(tmp_path, content={f"{n}.bin": bytes([n]) * (1 << 20) for n in range(4)}))


def run_and_die(script: str, *arguments: str) -> None:
    ended = subprocess.run([sys.executable, "-c", script, *arguments], check=False, timeout=60)
    assert ended.returncode == -signal.SIGKILL


def test_a_killed_restore_leaves_nothing_under_a_name_and_can_be_done_again(kept: KeptBag) -> None:
    run_and_die(DYING_RESTORE, kept.identifier)
    folder = kept.site.folder / "restore" / "letter_1" / "v1"
    left = list(folder.iterdir())
    assert len(left) == 1
    assert left[0].name.startswith(".letter_1.tar.")
    assert restore(kept.site.node, kept.identifier).same_tar
    assert [path.name for path in folder.iterdir()] == ["letter_1.tar"]


def test_a_killed_deletion_is_ended_by_the_next_run_once_its_time_is_over(kept: KeptBag) -> None:
    node = kept.site.node
    node.settings = node.settings.model_copy(update={"deletion": DeletionSettings(delay_days=0)})
    number = request_deletion(node, kept.identifier, "why", Person("Ada", "ada@desk"))
    approve_deletion(node, number, Person("Ben", "ben@desk"))
    run_and_die(DYING_DELETION)
    prefix = object_prefix(kept.row.uid)
    assert kept.row.state == "deleted"
    assert [path for path in kept.site.kept() if prefix in path]
    assert execute_deletions(node) == [], "its executor may still be alive"
    with kept.site.registry.transaction() as session:
        session.execute(update(DeletionRequestRow).values(due_at=now_seconds()))
    assert execute_deletions(node)[0].executed
    assert not [path for path in kept.site.kept() if prefix in path]
    with kept.site.registry.reading() as session:
        assert verify_chain(session, kept.row.chain).whole
        told = [event for event in read_events(session, kept.row.chain) if event["type"] == "deletion"]
    assert [event["detail"]["step"] for event in told] == ["tombstone", "all copies are gone"]
