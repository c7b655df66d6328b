# SPDX-License-Identifier: Apache-2.0
"""An object is deleted when two persons agree, no work is pending and a delay is over; and nothing else ever is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from archive.errors import DeletionRefused, ObjectDeleted
from archive.receiving.keys import inventory_key, object_prefix
from archive.registry.archival_objects import object_for_deposit
from archive.registry.clock import now_seconds
from archive.registry.copy_audits import suspect_copy
from archive.registry.deletion_runs import begin_deletion
from archive.registry.deletions import Person, Stand, find_deletion
from archive.registry.events import read_events, verify_chain
from archive.registry.kept_objects import count_files, versions_of
from archive.registry.receiving_tables import (
    ContentCopyRow,
    ContentRow,
    DeletionRequestRow,
    WorkItemRow,
)
from archive.registry.states import State
from archive.registry.tables import BatchRow, UnitRow
from archive.storage.directory_place import DirectoryPlace
from tests.arrivals import INSTITUTION, ReceivingSite, make_bag
from tests.kept_objects import KeptBag, hear_all, keep_bag
from workers.receiving.deletions import (
    Execution,
    approve_deletion,
    execute_deletions,
    refuse_deletion,
    request_deletion,
    withdraw_deletion,
)
from workers.receiving.drills import run_drill
from workers.receiving.restores import restore
from workers.restore_settings import DeletionSettings

ADA = Person("Ada Loewe", "ada@desk")
BEN = Person("Ben Mohr", "ben@desk")


@pytest.fixture
def notices(site: ReceivingSite) -> Callable[[], list[str]]:
    return hear_all(site)


@pytest.fixture
def kept(site: ReceivingSite, tmp_path: Path) -> KeptBag:
    set_policy(site, delay_days=0)
    return keep_bag(site, make_bag(tmp_path))


def set_policy(site: ReceivingSite, **policy: Any) -> None:
    deletion = DeletionSettings(**policy)
    site.node.settings = site.node.settings.model_copy(update={"deletion": deletion})


def agreed(kept: KeptBag) -> int:
    number = request_deletion(kept.site.node, kept.identifier, "asked by the depositor", ADA)
    approve_deletion(kept.site.node, number, BEN)
    return number


def told(kept: KeptBag, event_type: str) -> list[dict[str, Any]]:
    with kept.site.registry.reading() as session:
        assert verify_chain(session, kept.row.chain).whole
        return [event for event in read_events(session, kept.row.chain) if event["type"] == event_type]


def stand(site: ReceivingSite, number: int) -> str:
    with site.registry.reading() as session:
        return find_deletion(session, number).state


def below(kept: KeptBag) -> list[str]:
    return [path for path in kept.site.kept() if object_prefix(kept.row.uid) in path]


def end_lease(site: ReceivingSite) -> None:
    """As when ten minutes have passed since an executor was killed."""
    with site.registry.transaction() as session:
        session.execute(update(DeletionRequestRow).values(due_at=now_seconds()))


def test_who_asks_cannot_agree_and_that_it_was_tried_is_recorded(kept: KeptBag) -> None:
    node = kept.site.node
    number = request_deletion(node, kept.identifier, "asked by the depositor", ADA)
    same = ["Ada Loewe", "ada loewe", " Ada  Loewe ", "Ada\u200b Loewe"]
    for name in same:
        with pytest.raises(DeletionRefused, match="another person"):
            approve_deletion(node, number, Person(name, "other@desk"))
    assert stand(kept.site, number) == Stand.REQUESTED
    denied = [event for event in told(kept, "state change") if event["outcome"] == "fail"]
    assert [event["agents"] for event in denied] == [[name] for name in same]
    assert {event["detail"]["deletion"] for event in denied} == {"approve denied"}
    assert execute_deletions(node) == []
    assert restore(node, kept.identifier).same_tar


def test_who_means_a_file_does_not_ask_for_the_whole_object(kept: KeptBag) -> None:
    with pytest.raises(DeletionRefused, match="only whole objects"):
        request_deletion(kept.site.node, f"{kept.identifier}/data/ocr/0001.txt", "why", ADA)
    assert request_deletion(kept.site.node, f"{kept.identifier}/", "why", ADA) == 1


def test_where_accounts_must_differ_another_name_is_not_enough(kept: KeptBag) -> None:
    set_policy(kept.site, separate_accounts=True)
    number = request_deletion(kept.site.node, kept.identifier, "why", ADA)
    with pytest.raises(DeletionRefused, match="account"):
        approve_deletion(kept.site.node, number, Person("Ben Mohr", ADA.account))
    approve_deletion(kept.site.node, number, BEN)


def test_a_deletion_leaves_the_history_and_nothing_else(
    kept: KeptBag, notices: Callable[[], list[str]]
) -> None:
    place = DirectoryPlace(kept.site.locations[0])
    place.replace(inventory_key(kept.row.uid, 1), b"{}")
    place.replace(f"{object_prefix(kept.row.uid)}damaged/aside", b"bad bytes")
    number = agreed(kept)
    (done,) = execute_deletions(kept.site.node)
    assert done.executed
    assert below(kept) == []
    assert stand(kept.site, number) == Stand.EXECUTED
    assert notices() == ["deletion requested", "deletion executed"]
    tombstone, end = told(kept, "deletion")
    assert tombstone["detail"]["versions"][0]["bag_sha256"] == kept.sha256
    assert tombstone["agents"][:2] == [ADA.name, BEN.name]
    assert tombstone["detail"]["reason"] == "asked by the depositor"
    assert end["detail"]["deleted"] == done.deleted
    assert kept.row.state == "deleted"
    with kept.site.registry.reading() as session:
        (version,) = versions_of(session, kept.object)
        assert count_files(session, version.id)[0] == len(kept.files)
    with kept.site.registry.transaction() as session:
        copies = session.scalars(select(ContentCopyRow.id)).all()
        # by a restore that was reading while they went
        suspect_copy(session, copies[0], "missing")
        states = set(session.scalars(select(ContentCopyRow.state)))
    assert states == {"deleted"}
    with pytest.raises(ObjectDeleted):
        restore(kept.site.node, kept.identifier)
    with pytest.raises(DeletionRefused, match="already"):
        request_deletion(kept.site.node, kept.identifier, "again", ADA)


def test_objects_whose_names_begin_alike_are_not_touched(site: ReceivingSite, tmp_path: Path) -> None:
    set_policy(site, delay_days=0)
    bags = []
    for uid in ("42", "420"):
        with site.registry.transaction() as session:
            object_for_deposit(session, INSTITUTION, f"bag{uid}", storage_option="Standard").uid = uid
        bags.append(keep_bag(site, make_bag(tmp_path, name=f"bag{uid}")))
    agreed(bags[0])
    assert execute_deletions(site.node)[0].executed
    assert below(bags[0]) == []
    assert restore(site.node, bags[1].identifier).same_tar


def test_a_wrong_key_in_the_registry_deletes_nothing_of_others(kept: KeptBag, tmp_path: Path) -> None:
    other = keep_bag(kept.site, make_bag(tmp_path, name="other", content={"a.txt": b"of somebody else"}))
    with kept.site.registry.transaction() as session:
        key = session.scalar(select(ContentRow.key).where(ContentRow.object == other.object).limit(1))
        wrong = select(ContentRow.id).where(ContentRow.object == kept.object).limit(1).scalar_subquery()
        session.execute(update(ContentRow).where(ContentRow.id == wrong).values(key=key))
    agreed(kept)
    (done,) = execute_deletions(kept.site.node)
    assert not done.executed
    assert done.errors[0]["code"] == "keeping.error"
    assert restore(kept.site.node, other.identifier).same_tar


@pytest.mark.parametrize("when", ["asked", "agreed", "due"])
def test_pending_work_stands_before_a_deletion(kept: KeptBag, tmp_path: Path, when: str) -> None:
    node = kept.site.node
    if when == "asked":
        kept.site.deposit(make_bag(tmp_path))
        with pytest.raises(DeletionRefused, match="pending"):
            request_deletion(node, kept.identifier, "why", ADA)
        return
    number = request_deletion(node, kept.identifier, "why", ADA)
    if when == "agreed":
        kept.site.deposit(make_bag(tmp_path))
        with pytest.raises(DeletionRefused, match="pending"):
            approve_deletion(node, number, BEN)
        return
    approve_deletion(node, number, BEN)
    arrival = kept.site.deposit(make_bag(tmp_path))
    assert "pending" in execute_deletions(node)[0].reason
    assert kept.row.state == "active"
    assert below(kept)
    with kept.site.registry.transaction() as session:
        session.get_one(BatchRow, arrival.batch).state = State.CANCELLED
    assert execute_deletions(node)[0].executed


def test_it_waits_for_its_delay_and_can_be_given_up_meanwhile(kept: KeptBag, tmp_path: Path) -> None:
    node = kept.site.node
    set_policy(kept.site, delay_days=7)
    first = agreed(kept)
    assert execute_deletions(node) == []
    assert not execute_deletions(node, only=first)[0].executed, "not even when it is named"
    with pytest.raises(DeletionRefused, match="others can refuse"):
        withdraw_deletion(node, first, BEN)
    withdraw_deletion(node, first, ADA)
    second = agreed(kept)
    refuse_deletion(node, second, BEN, "it is needed")
    end_lease(kept.site)
    assert execute_deletions(node) == []
    assert [stand(kept.site, number) for number in (first, second)] == [Stand.WITHDRAWN, Stand.REFUSED]
    with pytest.raises(DeletionRefused, match="withdrawn"):
        approve_deletion(node, first, BEN)
    assert restore(node, kept.identifier).same_tar


def test_there_is_one_request_at_a_time_and_each_has_a_reason_and_a_name(kept: KeptBag) -> None:
    node = kept.site.node
    for person, reason in ((ADA, "  "), (Person("", "ada@desk"), "why")):
        with pytest.raises(DeletionRefused, match="Nobody said"):
            request_deletion(node, kept.identifier, reason, person)
    request_deletion(node, kept.identifier, "why", ADA)
    with pytest.raises(DeletionRefused, match="asked for already"):
        request_deletion(node, kept.identifier, "why", BEN)


def test_a_version_that_nobody_agreed_to_delete_is_kept(kept: KeptBag, tmp_path: Path) -> None:
    node = kept.site.node
    first = request_deletion(node, kept.identifier, "why", ADA)
    newer = keep_bag(kept.site, make_bag(tmp_path, content={"new.txt": b"new"}))
    with pytest.raises(DeletionRefused, match="Version 2"):
        approve_deletion(node, first, BEN)
    withdraw_deletion(node, first, ADA)
    second = agreed(kept)
    with kept.site.registry.transaction() as session:
        # asked for on a host whose clock is fast
        session.execute(update(DeletionRequestRow).values(requested_at="2999-01-01T00:00:00.000Z"))
    newest = keep_bag(kept.site, make_bag(tmp_path, content={"newest.txt": b"newest"}))
    assert "Version 3" in execute_deletions(node)[0].reason
    assert stand(kept.site, second) == Stand.REFUSED
    assert execute_deletions(node) == []
    for each in (kept, newer, newest):
        assert restore(node, each.identifier, version=each.number).same_tar


def test_a_bag_that_is_deposited_again_meanwhile_is_not_deleted(kept: KeptBag, tmp_path: Path) -> None:
    number = agreed(kept)
    arrival = kept.site.deposit(make_bag(tmp_path))
    arrival.run()
    assert arrival.item.outcome == "unchanged"
    assert stand(kept.site, number) == Stand.REFUSED
    assert execute_deletions(kept.site.node) == []
    assert "deposited again" in told(kept, "state change")[-1]["detail"]["reason"]
    assert restore(kept.site.node, kept.identifier).same_tar


def test_executed_twice_is_once(kept: KeptBag, notices: Callable[[], list[str]]) -> None:
    number = agreed(kept)
    assert execute_deletions(kept.site.node)[0].executed
    assert execute_deletions(kept.site.node) == []
    assert execute_deletions(kept.site.node, only=number)[0].reason == "The request is executed."
    assert len(told(kept, "deletion")) == 2
    assert notices().count("deletion executed") == 1


def test_what_a_killed_executor_left_is_finished_by_the_next(
    kept: KeptBag, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = agreed(kept)
    delete, calls = DirectoryPlace.delete, []

    class Killed(BaseException):
        pass

    def killed(place: DirectoryPlace, keys: list[str]) -> None:
        calls.append(place.url)
        # some keys go, and then nothing more is recorded
        delete(place, keys[: len(keys) // 2])
        raise Killed

    monkeypatch.setattr(DirectoryPlace, "delete", killed)
    with pytest.raises(Killed):
        execute_deletions(kept.site.node)
    monkeypatch.undo()
    assert calls
    assert below(kept)
    assert stand(kept.site, number) == Stand.EXECUTING
    assert len(told(kept, "deletion")) == 1, "its history tells of it before the first byte goes"
    assert execute_deletions(kept.site.node)[0].executed
    assert below(kept) == []
    assert len(told(kept, "deletion")) == 2


def test_a_second_executor_waits_until_the_first_is_known_to_be_gone(kept: KeptBag) -> None:
    number = agreed(kept)
    with kept.site.registry.transaction() as session:
        begin_deletion(session, number, lease_seconds=600, agents=())
    assert execute_deletions(kept.site.node) == []
    end_lease(kept.site)
    assert execute_deletions(kept.site.node)[0].executed
    assert len(told(kept, "deletion")) == 2


def test_a_location_that_is_away_is_cleared_when_it_comes_back(kept: KeptBag) -> None:
    number = agreed(kept)
    west = kept.site.locations[1]
    west.rename(west.with_name("away"))

    def run() -> Execution:
        (done,) = execute_deletions(kept.site.node)
        return done

    first = run()
    assert not first.executed
    assert [error["location"] for error in first.errors] == [str(west)]
    assert first.deleted[str(kept.site.locations[0])] > 0
    assert stand(kept.site, number) == Stand.EXECUTING
    west.with_name("away").rename(west)
    assert run().executed
    assert below(kept) == []


def test_while_a_copy_is_checked_or_mended_nothing_is_deleted(kept: KeptBag) -> None:
    agreed(kept)
    with kept.site.registry.transaction() as session:
        session.execute(update(ContentCopyRow).values(lease_until=now_seconds() + 60))
    before = below(kept)
    assert "checked" in execute_deletions(kept.site.node)[0].reason
    assert below(kept) == before
    with kept.site.registry.transaction() as session:
        session.execute(update(ContentCopyRow).values(lease_until=0.0))
    assert execute_deletions(kept.site.node)[0].executed


@pytest.mark.parametrize("lies_there", [True, False])
def test_an_equal_bag_may_come_again_but_one_that_still_lies_there_does_not_by_itself(
    kept: KeptBag, tmp_path: Path, *, lies_there: bool
) -> None:
    bag = make_bag(tmp_path)
    with kept.site.registry.transaction() as session:
        item = session.scalars(select(WorkItemRow)).one()
        item.blocking = True
        if lies_there:
            target = kept.site.receiving / bag.name
            target.write_bytes(bag.read_bytes())
            found = DirectoryPlace(kept.site.receiving).look(bag.name)
            assert found is not None
            item.etag = found.etag
    agreed(kept)
    assert execute_deletions(kept.site.node)[0].executed
    with kept.site.registry.reading() as session:
        assert session.scalars(select(WorkItemRow.blocking)).one() is lies_there
    if not lies_there:
        again = keep_bag(kept.site, bag)
        assert again.number == 2
        assert restore(kept.site.node, again.identifier).same_tar


def test_a_new_bag_of_an_object_waits_until_its_deletion_has_ended(kept: KeptBag, tmp_path: Path) -> None:
    number = agreed(kept)
    with kept.site.registry.transaction() as session:
        begin_deletion(session, number, lease_seconds=600, agents=())
    arrival = kept.site.deposit(make_bag(tmp_path))
    arrival.run()
    waiting = arrival.unit("identify")
    assert waiting.state == State.WAITING
    assert (waiting.error or {})["code"] == "receiving.deletion_first"
    end_lease(kept.site)
    (done,) = execute_deletions(kept.site.node)
    assert done.executed
    with kept.site.registry.transaction() as session:
        # by a host whose clock is fast
        session.execute(update(DeletionRequestRow).values(executed_at="2999-01-01T00:00:00.000Z"))
        session.execute(update(UnitRow).values(next_attempt_at=0.0))
    arrival.run()
    assert arrival.item.outcome == "ingested"
    assert kept.row.state == "active"
    assert restore(kept.site.node, kept.identifier, version=2).same_tar
    with pytest.raises(ObjectDeleted, match="Version 1"):
        restore(kept.site.node, kept.identifier, version=1)
    assert {run_drill(kept.site.node).version for _ in range(5)} == {2}
