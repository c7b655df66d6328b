# SPDX-License-Identifier: Apache-2.0
"""What the bucket reader makes of what lies in receiving locations, in directories and with a registry that is real."""

from __future__ import annotations

import os
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import event, func, select, update

from archive.errors import (
    InstitutionInvalid,
    InstitutionUnknown,
    WorkItemExists,
    WorkItemSettled,
    WorkItemUnknown,
)
from archive.receiving import bucket_reader
from archive.receiving.arrivals import ArrivedBag
from archive.receiving.bucket_reader import Decision
from archive.receiving.ingest_pipeline import IngestStage
from archive.registry import ledger
from archive.registry.ingest_facts import Outcome, set_outcome
from archive.registry.institutions import (
    DISABLED,
    Institution,
    add_institution,
    get_institution,
    set_state,
)
from archive.registry.receive_scans import last_scans
from archive.registry.receiving_tables import ReceiveScanRow, WorkItemRow
from archive.registry.states import State
from archive.registry.tables import BatchRow, ItemRow, UnitRow
from archive.registry.work_item_status import Standing, delayed, show_work_item, standings_of, work_items
from archive.registry.work_items import make_work_item, open_batches
from tests.arrivals import INSTITUTION, ReceivingSite, make_bag
from workers.node import Node
from workers.receiving import reading_buckets
from workers.receiving.reading_buckets import LocationRead, read_buckets
from workers.receiving.work_item_decisions import cancel_work_item, retry_work_item

PAST = time.time() - 3600


def put(site: ReceivingSite, key: str, content: bytes = b"tar", *, age: float = 3600) -> Path:
    """A file that arrived a while ago."""
    path = site.receiving / key
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    moment = time.time() - age
    os.utime(path, (moment, moment))
    return path


def look(node: Node, *institutions: str) -> dict[str, Decision]:
    """The decisions of one reading, by key."""
    found: dict[str, Decision] = {}
    locations = read_buckets(
        node, institutions or None, lambda _, decision: found.update({decision.key: decision})
    )
    assert [location.error for location in locations] == [None] * len(locations)
    return found


def decided(node: Node) -> dict[str, str]:
    return {key: str(decision.decision) for key, decision in look(node).items()}


def items(site: ReceivingSite) -> list[WorkItemRow]:
    with site.registry.reading() as session:
        return list(session.scalars(select(WorkItemRow).order_by(WorkItemRow.id)))


def settle(
    site: ReceivingSite, number: int, state: State, outcome: str = "", *, blocking: bool = True
) -> None:
    """Bring an ingest to an end, as its stages would."""
    with site.registry.transaction() as session:
        row = session.get_one(WorkItemRow, number)
        row.outcome, row.blocking = outcome, blocking
        for table in (UnitRow, ItemRow):
            session.execute(update(table).where(table.batch == row.batch).values(state=str(state)))
        session.execute(update(BatchRow).where(BatchRow.id == row.batch).values(state=str(state)))


def test_a_quiet_tar_becomes_a_work_item_with_its_whole_ingest_waiting(site: ReceivingSite) -> None:
    put(site, "letter_1.tar", b"12345")
    decision = look(site.node)["letter_1.tar"]
    assert (decision.decision, decision.size) == ("made", 5)
    (item,) = items(site)
    assert (item.id, item.institution, item.name, item.size) == (
        decision.work_item,
        INSTITUTION,
        "letter_1.tar",
        5,
    )
    assert item.content == f"etag:{item.etag}:5"
    assert item.blocking
    with site.registry.reading() as session:
        units = session.execute(select(UnitRow.stage, UnitRow.chunk, UnitRow.state)).all()
        assert session.scalar(select(ItemRow.name)) == "letter_1"
    assert Counter(stage for stage, _, _ in units) == {
        str(stage): 2 if stage in {IngestStage.STORE, IngestStage.VERIFY} else 1 for stage in IngestStage
    }
    assert {state for _, _, state in units} == {"waiting"}


def test_only_tars_are_taken_and_of_all_others_is_said_why_not(site: ReceivingSite) -> None:
    for key in ("notes.txt", "bag.tar.gz", "tar", ".tar", "deep/.tar", "quarantine/old.tar"):
        put(site, key)
    for key in ("a.tar.receipt.json", "a.tar.refused.json", "a.tar.refused.txt"):
        put(site, key)
    put(site, "deep/er/UPPER.TAR")
    put(site, "two\nlines.tar")
    os.close(os.open(os.fsencode(site.receiving) + b"/l\xe4tin1.tar", os.O_CREAT | os.O_WRONLY))
    found = decided(site.node)
    assert found == {
        "notes.txt": "not a tar",
        "bag.tar.gz": "not a tar",
        "tar": "not a tar",
        "quarantine/old.tar": "in quarantine",
        "a.tar.receipt.json": "receipt or report of ours",
        "a.tar.refused.json": "receipt or report of ours",
        "a.tar.refused.txt": "receipt or report of ours",
        "deep/er/UPPER.TAR": "made",
        "two\nlines.tar": "unusable name",
        "l\udce4tin1.tar": "unusable name",
    }
    assert [item.name for item in items(site)] == ["deep/er/UPPER.TAR"]
    for decision in look(site.node).values():
        assert decision.reason
        # no surrogate that could not be written
        str(decision.to_json()).encode()


def test_a_growing_bag_is_left_alone_until_it_is_quiet(site: ReceivingSite) -> None:
    path = put(site, "letter.tar", b"half", age=0)
    assert decided(site.node) == {"letter.tar": "growing"}
    path.write_bytes(b"half and more")
    assert decided(site.node) == {"letter.tar": "growing"}
    assert items(site) == []
    os.utime(path, (PAST, PAST))
    assert decided(site.node) == {"letter.tar": "made"}
    assert [item.size for item in items(site)] == [13]


def test_a_bag_that_waits_or_runs_is_not_taken_twice(site: ReceivingSite) -> None:
    put(site, "letter.tar")
    assert decided(site.node) == {"letter.tar": "made"}
    again = look(site.node)["letter.tar"]
    assert (again.decision, again.work_item) == ("waiting or running", items(site)[0].id)
    assert len(items(site)) == 1


def test_the_same_content_is_not_tried_again_by_itself(site: ReceivingSite) -> None:
    ends = [
        (State.FAILED, "", "failed before"),
        (State.HELD, "", "failed before"),
        (State.CANCELLED, "", "cancelled before"),
        (State.DONE, "refused", "refused before"),
        (State.DONE, "ingested", "kept"),
        (State.DONE, "unchanged", "kept"),
        (State.RUNNING, "refused", "waiting or running"),
    ]
    for number in range(len(ends)):
        put(site, f"{number}.tar")
    look(site.node)
    for number, (state, outcome, _) in enumerate(ends, start=1):
        settle(site, number, state, outcome)
    again = look(site.node)
    assert [str(again[f"{number}.tar"].decision) for number in range(len(ends))] == [end[2] for end in ends]
    assert [again[f"{number}.tar"].work_item for number in range(len(ends))] == [1, 2, 3, 4, 5, 6, 7]
    assert len(items(site)) == len(ends)


def test_other_content_under_the_name_of_a_refused_bag_is_a_new_bag(site: ReceivingSite) -> None:
    put(site, "letter.tar", b"broken")
    look(site.node)
    settle(site, 1, State.DONE, "refused")
    put(site, "letter.tar", b"mended by the depositor")
    assert decided(site.node) == {"letter.tar": "made"}
    assert [item.id for item in items(site)] == [1, 2]


def test_an_object_that_was_removed_may_come_again_with_the_same_content(site: ReceivingSite) -> None:
    path = put(site, "letter.tar")
    look(site.node)
    settle(site, 1, State.DONE, "ingested", blocking=False)
    path.unlink()
    assert decided(site.node) == {}
    put(site, "letter.tar")
    assert decided(site.node) == {"letter.tar": "made"}
    assert [item.id for item in items(site)] == [1, 2]


def test_a_newer_bag_takes_the_place_of_an_older_one_of_which_nothing_is_stored(site: ReceivingSite) -> None:
    put(site, "letter.tar", b"first")
    look(site.node)
    put(site, "letter.tar", b"second, longer")
    found = look(site.node)["letter.tar"]
    assert (found.decision, found.work_item) == ("superseding", 2)
    assert "work item 1" in found.reason
    older, newer = items(site)
    assert (older.outcome, older.superseded_by, older.blocking) == ("superseded", 2, False)
    assert (newer.outcome, newer.blocking) == ("", True)
    assert decided(site.node) == {"letter.tar": "waiting or running"}


def test_a_bag_that_is_being_stored_is_not_superseded(site: ReceivingSite) -> None:
    put(site, "letter.tar", b"first")
    look(site.node)
    with site.registry.transaction() as session:
        store = select(UnitRow).where(UnitRow.stage == "store", UnitRow.chunk == 0)
        session.scalars(store).one().token = 1
    put(site, "letter.tar", b"second, longer")
    assert decided(site.node) == {"letter.tar": "made"}
    assert [item.outcome for item in items(site)] == ["", ""]


def test_a_bag_of_the_same_name_elsewhere_in_the_location_is_another_bag(site: ReceivingSite) -> None:
    put(site, "monday/letter.tar")
    put(site, "tuesday/letter.tar")
    assert decided(site.node) == {"monday/letter.tar": "made", "tuesday/letter.tar": "made"}


def more_depositors(site: ReceivingSite, names: list[str]) -> None:
    with site.registry.transaction() as session:
        for name in names:
            folder = site.folder / "others" / name
            folder.mkdir(parents=True)
            add_institution(
                session,
                Institution(name, name, str(folder), {"Standard": (str(site.folder / "east"),)}, "Standard"),
            )


def test_the_hundred_and_first_depositor_is_looked_at_too(site: ReceivingSite) -> None:
    names = [f"depositor-{number:03}" for number in range(230)]
    more_depositors(site, names)
    put(site, f"../others/{names[-1]}/letter.tar")
    locations = read_buckets(site.node)
    assert [location.institution for location in locations] == [*names, INSTITUTION]
    assert [location.made for location in locations if location.made] == [[1]]
    (item,) = items(site)
    assert item.institution == names[-1]


def test_disabled_depositors_are_passed_over(site: ReceivingSite) -> None:
    put(site, "letter.tar")
    with site.registry.transaction() as session:
        set_state(session, INSTITUTION, DISABLED)
    assert read_buckets(site.node) == []
    with pytest.raises(InstitutionInvalid, match="disabled"):
        read_buckets(site.node, [INSTITUTION])
    with pytest.raises(InstitutionUnknown):
        read_buckets(site.node, ["nobody"])
    assert items(site) == []


def test_a_location_that_is_away_keeps_no_other_from_being_read_and_is_told(site: ReceivingSite) -> None:
    more_depositors(site, ["away", "there"])
    (site.folder / "others" / "away").rmdir()
    put(site, "../others/there/letter.tar")
    told = {location.institution: location for location in read_buckets(site.node)}
    assert told["there"].made == [1]
    assert told["away"].error is not None
    assert told["away"].error["code"] == "storage.unreachable"
    with site.registry.reading() as session:
        scans = {scan["institution"]: scan for scan in last_scans(session)}
    assert scans["away"]["error"]["code"] == "storage.unreachable"
    assert scans["there"]["decisions"] == {"made": 1}


def test_a_scan_without_news_takes_the_place_of_the_one_before(site: ReceivingSite) -> None:
    put(site, "letter.tar")
    for _ in range(4):
        read_buckets(site.node)
    with site.registry.reading() as session:
        kept = session.scalars(select(ReceiveScanRow).order_by(ReceiveScanRow.id)).all()
        assert [row.decisions for row in kept] == [{"made": 1}, {"waiting or running": 1}]
        assert last_scans(session, INSTITUTION)[0]["decisions"] == {"waiting or running": 1}


def test_what_is_known_costs_one_question_for_all_or_one_a_page_and_no_look(
    site: ReceivingSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bucket_reader, "PAGE", 10)
    for number in range(25):
        put(site, f"{number:02}.tar")
    assert Counter(decided(site.node).values()) == {"made": 25}
    asked: list[str] = []
    engine = site.registry._engine
    event.listen(engine, "before_cursor_execute", lambda *told: asked.append(told[2]))
    monkeypatch.setattr("archive.storage.directory_place.DirectoryPlace.look", None)
    for together, questions in ((25, 1), (24, 4)):
        monkeypatch.setattr(reading_buckets, "MOST_TOGETHER", together)
        asked.clear()
        assert Counter(decided(site.node).values()) == {"waiting or running": 25}
        assert len([statement for statement in asked if "work_item" in statement]) == questions


def test_of_two_readers_the_database_lets_one_make_the_work_item(site: ReceivingSite) -> None:
    bag = ArrivedBag("letter.tar", "letter", "e", 3, "2026-03-31T00:00:00.000Z", "")
    with site.registry.reading() as session:
        institution = get_institution(session, INSTITUTION)
    with site.registry.transaction() as session:
        make_work_item(session, institution, bag)
    with pytest.raises(WorkItemExists), site.registry.transaction() as session:
        make_work_item(session, institution, bag)
    with site.registry.reading() as session:
        assert session.scalar(select(func.count()).select_from(WorkItemRow)) == 1
        assert session.scalar(select(func.count()).select_from(BatchRow)) == 1
        assert session.scalar(select(func.count()).select_from(ItemRow)) == 1
    # told digests make the same bag of other tags
    told = replace(bag, etag="other", bag_sha256="0" * 64)
    with site.registry.transaction() as session:
        make_work_item(session, institution, told)
    with pytest.raises(WorkItemExists), site.registry.transaction() as session:
        make_work_item(session, institution, replace(told, etag="with other parts"))


def test_a_failed_ingest_is_taken_up_again_and_a_refused_bag_may_come_again(site: ReceivingSite) -> None:
    put(site, "letter.tar")
    look(site.node)
    with pytest.raises(WorkItemSettled):
        retry_work_item(site.node, 1)
    settle(site, 1, State.FAILED)
    assert retry_work_item(site.node, 1) == 10
    assert decided(site.node) == {"letter.tar": "waiting or running"}
    settle(site, 1, State.DONE, "refused")
    assert retry_work_item(site.node, 1) == 0
    assert decided(site.node) == {"letter.tar": "made"}
    settle(site, 2, State.DONE, "ingested")
    with pytest.raises(WorkItemSettled):
        retry_work_item(site.node, 2)
    with pytest.raises(WorkItemUnknown):
        retry_work_item(site.node, 3)


def test_a_cancelled_ingest_stays_cancelled_until_it_is_taken_up(site: ReceivingSite) -> None:
    path = put(site, "letter.tar")
    look(site.node)
    assert cancel_work_item(site.node, 1, reason="not meant for us") == 10
    assert path.exists()
    assert decided(site.node) == {"letter.tar": "cancelled before"}
    with pytest.raises(WorkItemSettled):
        cancel_work_item(site.node, 1)
    assert retry_work_item(site.node, 1) == 10
    with site.registry.reading() as session:
        assert standings_of(session, [1]) == {1: Standing.OPEN}


def test_every_standing_lists_just_its_own(site: ReceivingSite) -> None:
    ends: list[tuple[Standing, State, str]] = [
        (Standing.OPEN, State.RUNNING, "refused"),
        (Standing.FAILED, State.HELD, ""),
        (Standing.CANCELLED, State.CANCELLED, ""),
        (Standing.INGESTED, State.DONE, "ingested"),
        (Standing.UNCHANGED, State.DONE, "unchanged"),
        (Standing.REFUSED, State.DONE, "refused"),
        (Standing.SUPERSEDED, State.WAITING, "superseded"),
        (Standing.GONE, State.DONE, "gone"),
    ]
    for number in range(len(ends)):
        put(site, f"{number}.tar")
    look(site.node)
    for number, (_, state, outcome) in enumerate(ends, start=1):
        settle(site, number, state, outcome)
    with site.registry.reading() as session:
        for number, (standing, _, _) in enumerate(ends, start=1):
            assert [item["id"] for item in work_items(session, standing=standing)] == [number]
        assert [item["id"] for item in work_items(session, before=4, most=2)] == [3, 2]
        assert standings_of(session, range(1, 9)) == {
            number: standing for number, (standing, _, _) in enumerate(ends, start=1)
        }


def test_an_ingested_bag_is_shown_with_stages_copies_and_receipt(site: ReceivingSite, tmp_path: Path) -> None:
    arrival = site.deposit(make_bag(tmp_path))
    arrival.run()
    with site.registry.reading() as session:
        shown = show_work_item(session, arrival.key)
        assert open_batches(session) == {}
    assert (shown["standing"], shown["object"], shown["version"]) == (
        "ingested",
        f"{INSTITUTION}/letter_1",
        1,
    )
    assert set(shown["state_by_stage"].values()) == {"done"}
    assert {copy["location"] for copy in shown["copies"]} == {str(path) for path in site.locations[:2]}
    assert {copy["state"] for copy in shown["copies"]} == {"verified"}
    assert shown["receipt"]


def test_an_ingest_whose_place_is_away_is_told_as_put_off_once_it_was_often(site: ReceivingSite) -> None:
    put(site, "letter.tar")
    look(site.node)
    (item,) = items(site)
    for postponed, told in ((1, 0), (3, 1)):
        with site.registry.transaction() as session:
            unit = session.scalars(select(UnitRow).where(UnitRow.stage == "receive")).one()
            unit.next_attempt_at = 2000.0
            unit.error = {"code": "receiving.location_away", "facts": {"postponed": postponed}}
        with site.registry.reading() as session:
            assert len(delayed(session, [item.batch], 1000.0)) == told
            assert delayed(session, [item.batch], 3000.0) == {}


def test_what_was_sent_with_a_copy_that_is_put_off_waits_with_it(site: ReceivingSite) -> None:
    put(site, "letter.tar")
    look(site.node)
    (item,) = items(site)
    for state, told in ((State.QUEUED, 1), (State.RUNNING, 0)):
        with site.registry.transaction() as session:
            for unit in session.scalars(select(UnitRow).where(UnitRow.batch == item.batch)):
                unit.state = State.QUEUED if unit.stage in {"store", "verify", "record"} else State.DONE
                if unit.stage == "store" and unit.chunk == 0:
                    unit.next_attempt_at = 2000.0
                    unit.error = {"code": "receiving.location_away", "facts": {"postponed": 3}}
                elif unit.chunk == 1:
                    unit.state = State.DONE if unit.stage == "store" or told else state
        with site.registry.reading() as session:
            assert len(delayed(session, [item.batch], 1000.0)) == told


def test_a_gone_bag_does_not_keep_others_waiting(site: ReceivingSite) -> None:
    put(site, "letter.tar")
    look(site.node)
    with site.registry.transaction() as session:
        assert set_outcome(session, 1, Outcome.GONE)
    with site.registry.reading() as session:
        assert open_batches(session) == {}
        assert ledger.state_of_unit(session, 1) is State.WAITING


def test_a_location_tells_what_it_found(site: ReceivingSite) -> None:
    put(site, "letter.tar")
    put(site, "notes.txt")
    (location,) = read_buckets(site.node)
    assert location == LocationRead(
        INSTITUTION, 2, Counter({"made": 1, "not a tar": 1}), made=[1], waiting=[], error=None
    )
