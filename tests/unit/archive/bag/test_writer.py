# SPDX-License-Identifier: Apache-2.0
"""Writing bags: the golden bytes, one pass, and nothing left when anything goes wrong."""

from __future__ import annotations

import hashlib
import subprocess
import tarfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from archive.bag.contents import PayloadFile, TagFile
from archive.bag.profile import BagProfile, load_profile
from archive.bag.writer import WrittenBag, write_folder, write_tar
from archive.errors import (
    BagContentsRefused,
    BagExists,
    BagTagsInvalid,
    BagUnwritable,
    PayloadChanged,
    PayloadMissing,
)
from archive.progress import Progress

BagMaker = Callable[..., WrittenBag]
PayloadMaker = Callable[[Mapping[str, bytes]], list[PayloadFile]]

SMALL = {"a.txt": b"alpha\n", "sub/b%.txt": b"beta\n"}


def _left(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def _untar(tar: Path, into: Path) -> Path:
    into.mkdir()
    subprocess.run(["/bin/tar", "-xf", tar, "-C", into], check=True)
    return into / tar.stem


def test_the_golden_bag(tar_bag: BagMaker, tmp_path: Path) -> None:
    tags = {"aptrust-info.txt": {"Title": "A letter"}, "bag-info.txt": {"Bagging-Software": "Recto test"}}
    events = TagFile("metadata/events.jsonl", b"{}\n")
    bag = _untar(tar_bag(SMALL, tags=tags, tag_files=[events]).path, tmp_path / "out")
    assert {
        path.relative_to(bag).as_posix(): path.read_text() for path in bag.rglob("*") if path.is_file()
    } == {
        "bagit.txt": "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n",
        "bag-info.txt": (
            "Bag-Size: 11 B\n"
            "BagIt-Profile-Identifier: https://raw.githubusercontent.com/APTrust/preservation-services/master/"
            "profiles/aptrust-v2.3.json\n"
            "Bagging-Date: 2026-03-31\n"
            "Bagging-Software: Recto test\n"
            "Payload-Oxum: 11.2\n"
        ),
        "aptrust-info.txt": "Access: Institution\nStorage-Option: Standard\nTitle: A letter\n",
        "data/a.txt": "alpha\n",
        "data/sub/b%.txt": "beta\n",
        "metadata/events.jsonl": "{}\n",
        "manifest-md5.txt": _manifest("md5", SMALL),
        "manifest-sha256.txt": _manifest("sha256", SMALL),
        "tagmanifest-md5.txt": _tag_manifest("md5", bag),
        "tagmanifest-sha256.txt": _tag_manifest("sha256", bag),
    }


def _manifest(algorithm: str, content: dict[str, bytes]) -> str:
    return "".join(
        f"{hashlib.new(algorithm, data).hexdigest()}  data/{path.replace('%', '%25')}\n"
        for path, data in content.items()
    )


def _tag_manifest(algorithm: str, bag: Path) -> str:
    names = ["aptrust-info.txt", "bag-info.txt", "bagit.txt", "manifest-md5.txt", "manifest-sha256.txt"]
    names.append("metadata/events.jsonl")
    return "".join(
        f"{hashlib.new(algorithm, (bag / name).read_bytes()).hexdigest()}  {name}\n" for name in names
    )


def test_the_golden_tar_is_the_same_on_every_machine(tar_bag: BagMaker) -> None:
    written = tar_bag(
        SMALL, tags={"aptrust-info.txt": {"Title": "T"}, "bag-info.txt": {"Bagging-Software": "x"}}
    )
    assert written.sha256 == GOLDEN_TAR_SHA256


GOLDEN_TAR_SHA256 = "932265060f507409e0894330c8a116a29cd12156edb372e84d0fb17a130b2002"


def test_every_fact_about_the_written_tar_is_true(tar_bag: BagMaker) -> None:
    written = tar_bag(part_size=4096)
    data = written.path.read_bytes()
    parts = [data[start : start + 4096] for start in range(0, len(data), 4096)]
    assert written.size == len(data)
    assert written.sha256 == hashlib.sha256(data).hexdigest()
    assert written.part_sha256 == tuple(hashlib.sha256(part).hexdigest() for part in parts)
    assert (written.payload_files, written.payload_bytes) == (4, 7332)
    with tarfile.open(written.path) as tar:
        seal = tar.extractfile("letter_1/tagmanifest-sha256.txt")
        assert seal is not None
        assert written.tag_manifest_sha256 == hashlib.sha256(seal.read()).hexdigest()


def test_members_are_sorted_and_carry_nothing_of_this_machine(tar_bag: BagMaker) -> None:
    with tarfile.open(tar_bag().path) as tar:
        members = tar.getmembers()
    assert {(m.uid, m.gid, m.uname, m.gname, m.mtime) for m in members} == {(0, 0, "", "", 1774915200)}
    assert {m.mode for m in members if m.isfile()} == {0o644}
    payload = [m.name for m in members if m.name.startswith("letter_1/data/")]
    assert payload == sorted(payload)


def test_equal_pages_in_another_order_give_equal_bytes(
    payload_of: PayloadMaker, aptrust: BagProfile, tmp_path: Path
) -> None:
    payload = payload_of({"b": b"2", "a": b"1", "ü": b"3"})
    tags = {"aptrust-info.txt": {"Title": "T"}}
    written = [
        write_tar("x", files, tags, tmp_path / place / "x.tar", profile=aptrust, bagging_date="2026-03-31")
        for place, files in (("one", payload), ("two", payload[::-1]))
    ]
    assert written[0].path.read_bytes() == written[1].path.read_bytes()


def test_long_and_foreign_names_survive_the_system_tar(tar_bag: BagMaker, tmp_path: Path) -> None:
    content = {f"{'långt namn ' * 9}x/{'y' * 120}.tif": b"1", "漢字.txt": b"2"}
    bag = _untar(tar_bag(content).path, tmp_path / "out")
    assert {p.relative_to(bag / "data").as_posix() for p in (bag / "data").rglob("*") if p.is_file()} == set(
        content
    )


def test_an_existing_identical_tar_is_a_success_and_is_not_rewritten(tar_bag: BagMaker) -> None:
    first = tar_bag()
    before = first.path.stat()
    assert tar_bag() == first
    after = first.path.stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


@pytest.mark.parametrize("spoil", [b"", b"something else", None])
def test_an_existing_different_tar_is_left_as_it_is(tar_bag: BagMaker, spoil: bytes | None) -> None:
    path = tar_bag().path
    there = path.read_bytes() + b"\0" if spoil is None else spoil
    path.write_bytes(there)
    with pytest.raises(BagExists):
        tar_bag()
    assert path.read_bytes() == there
    assert _left(path.parent) == ["letter_1.tar"]


@pytest.mark.parametrize(("write", "name"), [(write_tar, "x.tar"), (write_folder, "x")])
def test_a_file_where_a_folder_should_be_is_not_taken_for_the_bag(
    write: Callable[..., WrittenBag], name: str, tmp_path: Path
) -> None:
    (tmp_path / "out").touch()
    for folder in (tmp_path / "out", tmp_path / "out" / "of"):
        with pytest.raises(BagUnwritable, match="Not a directory"):
            write("x", [], {}, folder / name, profile=load_profile("bagit"), bagging_date="2026-03-31")


def test_the_folder_form_has_the_same_files_as_the_tar(
    tar_bag: BagMaker, folder_bag: BagMaker, tmp_path: Path
) -> None:
    unpacked = _untar(tar_bag().path, tmp_path / "out")
    folder = folder_bag()
    subprocess.run(["/usr/bin/diff", "-r", unpacked, folder.path], check=True)
    assert folder.tag_manifest_sha256 == tar_bag().tag_manifest_sha256
    assert folder.size == sum(p.stat().st_size for p in folder.path.rglob("*") if p.is_file())


def test_an_existing_folder_is_accepted_only_when_identical(folder_bag: BagMaker) -> None:
    first = folder_bag()
    assert folder_bag() == first
    (first.path / "extra.txt").write_text("x")
    with pytest.raises(BagExists):
        folder_bag()
    (first.path / "extra.txt").unlink()
    (first.path / "data" / "ocr" / "0001.txt").write_text("edited")
    with pytest.raises(BagExists):
        folder_bag()
    assert _left(first.path.parent) == ["letter_1"]


@pytest.mark.parametrize("form", ["tar", "folder"])
def test_a_page_that_changed_since_capture_stops_the_bag(
    form: str, tmp_path: Path, payload_of: PayloadMaker, aptrust: BagProfile
) -> None:
    (page,) = payload_of({"0001.tif": b"captured"})
    page.source.write_bytes(b"CAPTURED")
    write, place = (write_tar, "x.tar") if form == "tar" else (write_folder, "x")
    with pytest.raises(PayloadChanged) as caught:
        write(
            "x",
            [page],
            {"aptrust-info.txt": {"Title": "T"}},
            tmp_path / "bags" / place,
            profile=aptrust,
            bagging_date="2026-03-31",
        )
    assert caught.value.facts["path"] == "data/0001.tif"
    assert _left(tmp_path / "bags") == []


def _write_one(page: PayloadFile, profile: BagProfile, folder: Path) -> dict[str, bytes]:
    """Bag one file; the bag's manifests by name."""
    tags = {"aptrust-info.txt": {"Title": "T"}} if profile.name.startswith("aptrust") else {}
    written = write_tar("x", [page], tags, folder / "x.tar", profile=profile, bagging_date="2026-03-31")
    bag = _untar(written.path, folder / "out")
    return {path.name: path.read_bytes() for path in bag.glob("manifest-*.txt")}


@pytest.mark.parametrize("size", [1, 200_000])
@pytest.mark.parametrize(
    "wrong",
    [
        {"sha256": "00" * 32},
        {"sha256": "00" * 32, "md5": ""},
        {"sha512": "00" * 64},
        {"md5": "00" * 16},
        {"md5": "00" * 16, "sha1": "00" * 20},
        # what has not the form of a digest is never taken over
        {"sha256": None, "md5": "no digest"},
        {"sha256": None, "md5": "ab"},
    ],
)
def test_what_was_recorded_is_held_against_the_bytes(
    size: int, wrong: dict[str, str | None], payload_of: PayloadMaker, aptrust: BagProfile, tmp_path: Path
) -> None:
    (page,) = payload_of({"a": b"x" * size})
    recorded = {name: digest or page.digests[name] for name, digest in wrong.items()}
    with pytest.raises(PayloadChanged) as caught:
        _write_one(replace(page, digests=recorded), aptrust, tmp_path)
    assert caught.value.facts["path"] == "data/a"
    assert _left(tmp_path) == ["captured"]


@pytest.mark.parametrize("size", [1, 200_000])
def test_one_strong_digest_proves_a_file_and_the_others_recorded_are_taken_over(
    size: int, payload_of: PayloadMaker, tmp_path: Path
) -> None:
    (page,) = payload_of({"a": b"x" * size})
    told = {**page.digests, "md5": "AB" * 16, "sha512": "cd" * 64}
    manifests = _write_one(replace(page, digests=told), load_profile("bagit"), tmp_path)
    assert manifests == {
        "manifest-md5.txt": b"ab" * 16 + b"  data/a\n",
        "manifest-sha256.txt": page.digests["sha256"].encode() + b"  data/a\n",
        "manifest-sha512.txt": b"cd" * 64 + b"  data/a\n",
    }


def test_small_and_large_files_stand_in_the_manifests_in_order(
    payload_of: PayloadMaker, tmp_path: Path
) -> None:
    content = {f"{number:02d}": b"%d" % number * (300_000 if number % 3 else 5) for number in range(20)}
    bare = [replace(file, digests={}) for file in payload_of(content)]
    written = write_tar(
        "x", bare, {}, tmp_path / "x.tar", profile=load_profile("bagit"), bagging_date="2026-03-31"
    )
    bag = _untar(written.path, tmp_path / "out")
    assert (bag / "manifest-sha256.txt").read_text() == _manifest("sha256", content)


def test_a_source_replaced_by_a_link_while_writing_is_not_followed(tar_bag: BagMaker, tmp_path: Path) -> None:
    def swap(progress: Progress) -> None:
        if progress.done == 0:
            page = tmp_path / "captured" / "ocr" / "0001.txt"
            page.unlink()
            page.symlink_to("/etc/hostname")

    with pytest.raises(PayloadMissing):
        tar_bag(progress=swap)
    assert _left(tmp_path / "bags") == []


class Cancelled(Exception):
    """The listener wants no more."""


@pytest.mark.parametrize("form", ["tar_bag", "folder_bag"])
@pytest.mark.parametrize("at_the_end", [False, True])
def test_a_cancelled_bag_leaves_nothing(
    form: str, *, at_the_end: bool, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    def cancel(progress: Progress) -> None:
        if not at_the_end or progress.done == progress.total:
            raise Cancelled

    with pytest.raises(Cancelled):
        request.getfixturevalue(form)(progress=cancel)
    assert _left(tmp_path / "bags") == []


def test_progress_starts_at_nothing_and_ends_at_all_payload_bytes(tar_bag: BagMaker) -> None:
    seen: list[Progress] = []
    tar_bag(progress=seen.append)
    assert (seen[0].done, seen[-1].done, seen[-1].total) == (0, 7332, 7332)


def test_tags_the_profile_refuses_stop_the_bag_before_it_begins(tar_bag: BagMaker, tmp_path: Path) -> None:
    with pytest.raises(BagTagsInvalid) as caught:
        tar_bag(tags={"aptrust-info.txt": {"Access": "Everybody"}})
    assert len(caught.value.facts["findings"]) == 2
    assert not (tmp_path / "bags").exists()


@pytest.mark.parametrize(
    "info", [{"Payload-Oxum": "1.1"}, {"bagging-date": "1999-01-01"}, {"A": "x", "a": "y"}, {"A": "\0"}]
)
def test_computed_doubled_and_broken_tags_are_refused(tar_bag: BagMaker, info: dict[str, str]) -> None:
    with pytest.raises(BagTagsInvalid):
        tar_bag(tags={"aptrust-info.txt": {"Title": "T"}, "bag-info.txt": info})


def test_a_bagging_date_must_be_a_date(tar_bag: BagMaker) -> None:
    with pytest.raises(BagTagsInvalid):
        tar_bag(bagging_date="yesterday")


def test_the_tar_must_be_named_like_the_bag(tar_bag: BagMaker, tmp_path: Path) -> None:
    with pytest.raises(BagContentsRefused):
        tar_bag(destination=tmp_path / "other.tar")


def test_a_required_digest_that_capture_did_not_take_is_taken_while_copying(
    payload_of: PayloadMaker, aptrust: BagProfile, tmp_path: Path
) -> None:
    (page,) = payload_of({"a": b"x"})
    page = PayloadFile(page.path, page.source, page.size, {"sha256": page.digests["sha256"]})
    written = write_tar(
        "x",
        [page],
        {"aptrust-info.txt": {"Title": "T"}},
        tmp_path / "x.tar",
        profile=aptrust,
        bagging_date="2026-03-31",
    )
    with tarfile.open(written.path) as tar:
        manifest = tar.extractfile("x/manifest-md5.txt")
        assert manifest is not None
        assert manifest.read() == b"9dd4e461268c8034f5c8564e155c67a6  data/a\n"


def test_a_tag_file_may_come_from_disk(tar_bag: BagMaker, tmp_path: Path) -> None:
    premis = tmp_path / "premis.xml"
    premis.write_bytes(b"<premis/>")
    with tarfile.open(tar_bag(tag_files=[TagFile("metadata/premis.xml", source=premis)]).path) as tar:
        member = tar.extractfile("letter_1/metadata/premis.xml")
        assert member is not None
        assert member.read() == b"<premis/>"
