# SPDX-License-Identifier: Apache-2.0
"""The bucket reader at a real bucket: the same bag with other parts, told digests, and pages of keys."""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from archive.receiving.bucket_reader import Decision
from archive.registry.ingest_facts import Outcome, set_outcome
from archive.registry.institutions import Institution, add_institution
from archive.registry.receiving_tables import WorkItemRow
from archive.registry.states import State
from archive.registry.tables import BatchRow
from archive.storage.open_target import open_target
from archive.storage.target import MemoryUploadSession
from tests.integration.storage.conftest import SMALL_PART, StrictS3
from workers.node import Node
from workers.orphans import sweep_orphans
from workers.receiving.reading_buckets import read_buckets
from workers.settings import load_settings

CONTENT = os.urandom(3 * SMALL_PART + 5)


@pytest.fixture
def node(recto_home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Node]:
    monkeypatch.setenv("RECTO_RECEIVING__QUIET_SECONDS", "0")
    made = Node(load_settings())
    yield made
    made.close()


def deposit_to(node: Node, address: str) -> None:
    with node.registry.transaction() as session:
        stores = {"Standard": ("/preserved/east",)}
        add_institution(session, Institution("library", "The Library", address, stores, "Standard"))


def look(node: Node) -> list[Decision]:
    found: list[Decision] = []
    (location,) = read_buckets(node, tell=lambda _, decision: found.append(decision))
    assert location.error is None
    return found


def items(node: Node) -> list[WorkItemRow]:
    with node.registry.reading() as session:
        return list(session.scalars(select(WorkItemRow).order_by(WorkItemRow.id)))


@pytest.mark.usefixtures("small_parts")
def test_the_same_bag_sent_again_in_other_parts_is_the_same_bag(
    node: Node, moto_endpoint: str, moto_client: Any, tmp_path: Path
) -> None:
    address = f"s3://receiving/library?endpoint={moto_endpoint}"
    deposit_to(node, address)
    source, sha256 = tmp_path / "letter.tar", hashlib.sha256(CONTENT).hexdigest()
    source.write_bytes(CONTENT)
    etags = set()
    for part in (SMALL_PART, 2 * SMALL_PART):
        open_target(address).upload(
            source,
            "letter.tar",
            sha256=sha256,
            part_size=part,
            part_sha256=(),
            metadata={},
            session=MemoryUploadSession(),
        )
        (decision,) = look(node)
        etags.add(moto_client.head_object(Bucket="receiving", Key="library/letter.tar")["ETag"])
        moto_client.delete_object(Bucket="receiving", Key="library/letter.tar")
    assert len(etags) == 2
    assert (decision.decision, decision.work_item) == ("waiting or running", 1)
    (item,) = items(node)
    assert (item.bag_sha256, item.content) == (sha256, f"sha256:{sha256}")


def test_only_a_sound_digest_counts_as_told(node: Node, strict_s3: StrictS3) -> None:
    deposit_to(node, f"s3://strict?endpoint={strict_s3.endpoint}")
    place = node.place(f"s3://strict?endpoint={strict_s3.endpoint}")
    told = {"a": "", "b": "0" * 63, "c": "x" * 64, "d": "AB" * 32}
    for name, digest in told.items():
        place.replace(f"{name}.tar", b"tar", metadata={"SHA256": digest})
    look(node)
    assert [item.bag_sha256 for item in items(node)] == ["", "", "", "ab" * 32]


def test_a_bag_that_was_refused_for_a_wrong_digest_may_come_again_with_the_right_one(
    node: Node, strict_s3: StrictS3
) -> None:
    deposit_to(node, f"s3://strict?endpoint={strict_s3.endpoint}")
    place = node.place(f"s3://strict?endpoint={strict_s3.endpoint}")
    wrong, right = ({"sha256": digest} for digest in ("0" * 64, hashlib.sha256(b"tar").hexdigest()))
    place.replace("letter.tar", b"tar", metadata=wrong)
    assert [str(decision.decision) for decision in look(node)] == ["made"]
    with node.registry.transaction() as session:
        set_outcome(session, 1, Outcome.REFUSED)
    # it is about to be put aside
    assert [str(decision.decision) for decision in look(node)] == ["waiting or running"]
    with node.registry.transaction() as session:
        session.get_one(BatchRow, items(node)[0].batch).state = State.DONE
    decided = []
    for metadata in (wrong, right, right):
        place.replace("letter.tar", b"tar", metadata=metadata)
        decided += [(str(decision.decision), decision.work_item) for decision in look(node)]
    assert decided == [("refused before", 1), ("made", 2), ("waiting or running", 2)]


def test_a_scan_that_finds_nothing_new_asks_the_bucket_for_nothing_but_its_list(
    node: Node, strict_s3: StrictS3
) -> None:
    deposit_to(node, f"s3://strict?endpoint={strict_s3.endpoint}")
    place = node.place(f"s3://strict?endpoint={strict_s3.endpoint}")
    for number in range(23):
        place.replace(f"{number:02}.tar", b"tar")
    strict_s3.page_keys = 10
    assert Counter(str(decision.decision) for decision in look(node)) == {"made": 23}
    strict_s3.requests.clear()
    assert Counter(str(decision.decision) for decision in look(node)) == {"waiting or running": 23}
    assert strict_s3.requests == ["GET"] * 3


def test_a_bag_that_changes_or_goes_between_list_and_look_is_left_for_the_next_scan(
    node: Node, strict_s3: StrictS3
) -> None:
    deposit_to(node, f"s3://strict?endpoint={strict_s3.endpoint}")
    place = node.place(f"s3://strict?endpoint={strict_s3.endpoint}")
    for name in ("changes", "goes"):
        place.replace(f"{name}.tar", b"tar")

    def meddle(request: str, moment: str) -> bool:
        if request == "HEAD" and moment == "before":
            strict_s3.objects["changes.tar"].body = b"other"
            strict_s3.objects.pop("goes.tar", None)
        return False

    strict_s3.on_request = meddle
    assert [str(decision.decision) for decision in look(node)] == ["growing", "gone"]
    assert items(node) == []
    strict_s3.on_request = lambda *_: False
    assert [(decision.key, str(decision.decision)) for decision in look(node)] == [("changes.tar", "made")]


def test_uploads_that_were_killed_are_cleared_away_where_bags_are_kept_and_not_where_they_arrive(
    node: Node, strict_s3: StrictS3
) -> None:
    address = f"?endpoint={strict_s3.endpoint}"
    with node.registry.transaction() as session:
        stores = {"Standard": (f"s3://strict/kept{address}", "nameless")}
        add_institution(
            session, Institution("library", "The Library", f"s3://strict/in{address}", stores, "Standard")
        )
    for number, key in enumerate(("kept/objects/1", "in/letter.tar")):
        strict_s3.uploads[f"upload-{number}"] = {}
        strict_s3.upload_keys[f"upload-{number}"] = key
        strict_s3.initiated[f"upload-{number}"] = "2020-01-01T00:00:00.000Z"
    assert sweep_orphans(node) == 1
    assert [strict_s3.upload_keys[upload] for upload in strict_s3.uploads] == ["in/letter.tar"]
