# SPDX-License-Identifier: Apache-2.0
"""Audits of kept copies: what is damaged is found and mended, what is away is no damage, nothing is ever skipped."""

from __future__ import annotations

import errno
import shutil
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from archive.errors import StorageFull, StorageUnreachable
from archive.progress import Progress
from archive.registry.receiving_tables import ArchivalObjectRow, ContentCopyRow
from archive.storage.directory_place import DirectoryPlace
from archive.storage.target import Proof, StoredCopy
from tests.audited_copies import Archive, flip_bit, make_archive
from workers.node import Node
from workers.receiving import audits
from workers.receiving.audit_report import AuditReport, AuditRequest
from workers.receiving.audits import REFUSALS, audit_copies, preview_audit

SCHEDULED = AuditRequest()
PAGE, OTHER = b"the first page" * 100, b"another page" * 100


@pytest.fixture
def archive(recto_home: Path, tmp_path: Path) -> Iterator[Archive]:
    made = make_archive([str(tmp_path / "here"), str(tmp_path / "there")])
    made.keep("letters", [PAGE, OTHER])
    yield made
    made.node.close()


def audit(archive: Archive, request: AuditRequest = SCHEDULED) -> AuditReport:
    return audit_copies(archive.node, request)


def test_good_copies_are_proved_and_the_chain_tells_so_once_for_each_location(archive: Archive) -> None:
    report = audit(archive)
    assert (report.good, report.bytes, report.outcome) == (4, 2 * len(PAGE + OTHER), "success")
    assert report.complete
    told = archive.events("letters", "fixity check")
    assert [(event["outcome"], event["detail"]["copies"]) for event in told] == [("success", 2)] * 2
    assert archive.chain("letters").whole
    assert audit(archive).copies == 0


def test_a_flipped_bit_is_found_and_mended_and_the_damaged_bytes_are_kept_aside(archive: Archive) -> None:
    damaged = archive.file("letters", PAGE, 0)
    bytes_before = flip_bit(damaged)
    report = audit(archive)
    assert (report.good, report.damaged, report.mended, report.outcome) == (3, 1, 1, "warning")
    assert damaged.read_bytes() == PAGE
    (bad,) = report.bad
    assert bad.source == archive.locations[1]
    assert (Path(archive.locations[0]) / bad.aside).read_bytes() == bytes_before
    assert archive.states(0) == ["verified", "verified"]
    told = [
        (event["type"], event["outcome"])
        for event in archive.events("letters", "fixity check", "replication")
    ]
    assert (
        told[:2] == [("fixity check", "fail"), ("replication", "success")] or ("fixity check", "fail") in told
    )
    assert archive.events("letters", "replication")[0]["detail"]["kept_aside"] == bad.aside
    assert archive.chain("letters").whole
    assert [(notice.kind, notice.facts["mended"]) for notice in archive.notices()] == [
        ("fixity mismatch", True)
    ]


def test_the_same_bit_in_all_copies_is_an_alarm_and_nothing_is_overwritten(archive: Archive) -> None:
    files = [archive.file("letters", PAGE, location) for location in (0, 1)]
    left = [flip_bit(file) for file in files]
    report = audit(archive)
    assert (report.damaged, report.mended, report.outcome) == (2, 0, "fail")
    assert [file.read_bytes() for file in files] == left
    assert not list(Path(archive.locations[0]).rglob("damaged"))
    notices = [notice for notice in archive.notices() if notice.kind == "fixity mismatch"]
    assert [notice.facts["mended"] for notice in notices] == [False, False]
    assert "no other good copy" in notices[0].facts["reason"]
    assert [event["outcome"] for event in archive.events("letters", "replication")] == ["fail", "fail"]
    assert sorted(archive.states(0)) == ["mismatch", "verified"]


@pytest.mark.parametrize(
    "content", [PAGE[:-1], PAGE + b"more", b"", OTHER], ids=["truncated", "grown", "empty", "another"]
)
def test_a_copy_with_any_other_bytes_is_mended(archive: Archive, content: bytes) -> None:
    damaged = archive.file("letters", PAGE, 1)
    damaged.write_bytes(content)
    report = audit(archive)
    assert (report.damaged, report.mended) == (1, 1)
    assert damaged.read_bytes() == PAGE


def test_two_contents_that_were_exchanged_are_both_put_right(archive: Archive) -> None:
    first, second = archive.file("letters", PAGE, 0), archive.file("letters", OTHER, 0)
    first.write_bytes(OTHER)
    second.write_bytes(PAGE)
    assert audit(archive).mended == 2
    assert (first.read_bytes(), second.read_bytes()) == (PAGE, OTHER)


def test_a_deleted_copy_is_made_again(archive: Archive) -> None:
    file = archive.file("letters", PAGE, 0)
    file.unlink()
    report = audit(archive)
    assert (report.missing, report.mended) == (1, 1)
    assert file.read_bytes() == PAGE
    assert report.bad[0].aside == ""


def test_without_leave_to_repair_damage_is_told_and_left(archive: Archive) -> None:
    damaged = archive.file("letters", PAGE, 0)
    content = flip_bit(damaged)
    report = audit(archive, AuditRequest(repair=False))
    assert (report.damaged, report.mended) == (1, 0)
    assert damaged.read_bytes() == content
    # the next one with leave begins with it
    assert audit(archive, AuditRequest(older_than=0.0)).mended == 1


class OneReadingIsWrong(DirectoryPlace):
    """A disk or cable that gives other bytes once."""

    readings = 0

    def prove(self, key: str, **wanted: object) -> Proof:
        self.readings += 1
        if self.readings == 1:
            wanted["sha256"] = "0" * 64
        return super().prove(key, **wanted)  # type: ignore[arg-type]


class Failing(DirectoryPlace):
    """A disk with an unreadable sector: the lowest layer says EIO."""

    def prove(self, key: str, **_: object) -> Proof:
        raise StorageUnreachable(f"{key} cannot be written or read: Input/output error.")


class Full(DirectoryPlace):
    """A disk without room for one more file."""

    def put(self, key: str, *_: object, **__: object) -> StoredCopy:
        raise StorageFull(f"The disk is full, and {key} needs room.")


class DeletedMeanwhile(DirectoryPlace):
    """A location from which the object is deleted while a copy is put there."""

    archive: Archive

    def put(self, key: str, *arguments: Any, **options: Any) -> StoredCopy:
        stored = super().put(key, *arguments, **options)
        with self.archive.node.registry.transaction() as session:
            session.execute(update(ArchivalObjectRow).values(state="deleted"))
            session.execute(update(ContentCopyRow).values(state="deleted", lease_until=0.0))
        return stored


class Stumbling(DirectoryPlace):
    """A file system that answers with an error nobody thought of."""

    def prove(self, key: str, **_: object) -> Proof:
        raise OSError(errno.EUCLEAN, "Structure needs cleaning", key)


def use(monkeypatch: pytest.MonkeyPatch, archive: Archive, kind: type[DirectoryPlace]) -> None:
    """Let the first location be of another kind."""
    opened = {archive.locations[0]: kind(Path(archive.locations[0]))}
    real = Node.place

    def place(node: Node, name: str) -> object:
        return opened.get(name) or real(node, name)

    monkeypatch.setattr(Node, "place", place)


def test_what_one_reading_did_to_the_bytes_is_no_damage(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(monkeypatch, archive, OneReadingIsWrong)
    report = audit(archive)
    assert (report.good, report.damaged, report.reread) == (4, 0, 1)


def test_a_copy_that_cannot_be_read_is_never_called_damaged(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(monkeypatch, archive, Failing)
    before = [copy.checked_at for copy in archive.copies()]
    report = audit(archive)
    assert (report.good, report.unreachable, report.found_bad, report.outcome) == (2, 2, 0, "warning")
    assert archive.states(0) == ["unreachable", "unreachable"]
    there = [copy for copy in archive.copies() if copy.location == archive.locations[0]]
    assert {copy.checked_at for copy in there} <= set(before)
    assert [copy.failures for copy in there] == [1, 1]
    assert [notice.kind for notice in archive.notices()] == ["fixity overdue"]
    assert archive.events("letters", "replication") == []
    # the schedule leaves them alone for a while; whoever asks has them tried
    assert audit(archive).copies == 0
    assert audit(archive, AuditRequest(older_than=50 * 86_400.0)).unreachable == 2


def test_an_error_that_nobody_thought_of_ends_no_audit(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(monkeypatch, archive, Stumbling)
    report = audit(archive)
    assert (report.good, report.unreachable, report.found_bad) == (2, 2, 0)


def test_a_disk_that_is_full_keeps_the_damaged_copy_and_says_so(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(monkeypatch, archive, Full)
    file = archive.file("letters", PAGE, 0)
    left = flip_bit(file)
    report = audit(archive)
    assert (report.damaged, report.mended, report.outcome) == (1, 0, "fail")
    assert "full" in report.bad[0].reason
    assert file.read_bytes() == left


def test_what_was_mended_of_an_object_that_was_deleted_meanwhile_is_taken_away_again(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(DeletedMeanwhile, "archive", archive, raising=False)
    use(monkeypatch, archive, DeletedMeanwhile)
    file = archive.file("letters", PAGE, 0)
    file.unlink()
    report = audit(archive)
    assert report.mended == 0
    assert not file.exists()
    assert archive.states(0) == ["deleted", "deleted"]
    assert archive.events("letters", "replication") == []


@pytest.mark.parametrize("way", ["gone", "empty"])
def test_a_location_that_is_not_mounted_is_away_and_nothing_is_written_there(
    archive: Archive, way: str
) -> None:
    archive.keep("diaries", [bytes([number]) * 50 for number in range(10)])
    here = Path(archive.locations[0])
    here.rename(here.with_name("unmounted"))
    if way == "empty":
        here.mkdir()
    report = audit(archive)
    assert (report.good, report.found_bad) == (12, 0)
    assert list(report.away) == [archive.locations[0]]
    # given up after some: an archive of millions is not asked for each of them
    assert REFUSALS <= report.unreachable <= REFUSALS + 1
    assert report.left == 12 - report.unreachable
    assert not here.exists() or not list(here.iterdir())
    assert report.overdue == 12
    assert [notice.kind for notice in archive.notices()] == ["fixity overdue"]


def test_a_new_disk_is_filled_again_when_a_person_says_so(archive: Archive) -> None:
    here = Path(archive.locations[0])
    shutil.rmtree(here)
    here.mkdir()
    assert audit(archive).mended == 0
    with archive.node.registry.transaction() as session:
        # none of them is due for a long time, as on the day after an audit
        session.execute(update(ContentCopyRow).values(checked_at=time.time(), state="verified"))
    report = audit(archive, AuditRequest(refill=frozenset({archive.locations[0]})))
    assert (report.missing, report.mended, report.good) == (2, 2, 0)
    assert archive.file("letters", PAGE, 0).read_bytes() == PAGE


def test_a_copy_that_was_forgotten_for_years_comes_first(archive: Archive) -> None:
    archive.keep("diaries", [b"x" * 10, b"y" * 10])
    forgotten = archive.copies()[5]
    archive.age(forgotten.id, 4000)
    audit(archive, AuditRequest(most_bytes=1))
    (checked,) = [copy for copy in archive.copies() if copy.checked_at > forgotten.checked_at + 4000]
    del checked
    ages = {copy.id: copy.checked_at for copy in archive.copies()}
    assert max(ages, key=lambda copy: ages[copy]) == forgotten.id


def test_a_share_is_read_and_the_next_run_goes_on_where_it_ended(archive: Archive) -> None:
    half = AuditRequest(share=0.5)
    reports = [audit(archive, half), audit(archive, half)]
    assert [report.good for report in reports] == [2, 2]
    assert not reports[0].complete
    assert audit(archive).copies == 0


def test_what_is_not_yet_due_is_left_alone_unless_somebody_asks(archive: Archive) -> None:
    diaries = archive.keep("diaries", [b"new"], proved_days_ago=1)
    assert audit(archive).good == 4
    assert audit(archive, AuditRequest(object=diaries)).good == 2
    assert audit(archive, AuditRequest(older_than=0.0)).good == 6


def test_a_preview_counts_and_reads_nothing(archive: Archive) -> None:
    told = preview_audit(archive.node, SCHEDULED)
    assert (told["copies"], told["bytes"]) == (4, 2 * len(PAGE + OTHER))
    assert set(told["locations"]) == set(archive.locations)
    assert archive.events("letters", "fixity check") == []


def test_copies_of_a_deleted_object_are_nobodys_business(archive: Archive) -> None:
    with archive.node.registry.transaction() as session:
        session.execute(update(ArchivalObjectRow).values(state="deleted"))
    archive.file("letters", PAGE, 0).unlink()
    assert audit(archive).copies == 0
    assert not archive.file("letters", PAGE, 0).exists()


def test_an_audit_that_is_stopped_gives_back_what_it_held(archive: Archive) -> None:
    report = audit_copies(archive.node, SCHEDULED, stopped=lambda: True)
    assert (report.copies, report.complete, report.left) == (0, False, 4)
    assert audit(archive).good == 4


def test_auditors_share_the_work_and_do_nothing_twice(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audits, "CLAIM_COPIES", 5)
    archive.keep("diaries", [number.to_bytes(2) * 20 for number in range(60)])
    reports: list[AuditReport] = []
    nodes = [Node(archive.node.settings) for _ in range(3)]
    barrier = threading.Barrier(3)

    def run(node: Node) -> None:
        barrier.wait()
        reports.append(audit_copies(node, SCHEDULED))
        node.close()

    threads = [threading.Thread(target=run, args=(node,)) for node in nodes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(report.good for report in reports) == 124
    told = archive.events("diaries", "fixity check")
    assert sum(event["detail"]["copies"] for event in told) == 120
    assert archive.chain("diaries").whole


def test_the_watcher_hears_of_all_bytes(archive: Archive) -> None:
    heard: list[Progress] = []
    audit_copies(archive.node, SCHEDULED, watch=heard.append)
    assert heard[-1].total == 2 * len(PAGE + OTHER)
