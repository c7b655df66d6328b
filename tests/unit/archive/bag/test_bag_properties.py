# SPDX-License-Identifier: Apache-2.0
"""Properties of every bag: what we write is valid for us and for bagit-python, and any change to it is found."""

from __future__ import annotations

import hashlib
import io
import shutil
import tarfile
import tempfile
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import bagit
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from archive.bag.contents import PayloadFile
from archive.bag.names import path_problem, twin_problems
from archive.bag.profile import load_profile
from archive.bag.validator import verify_bag
from archive.bag.writer import write_folder, write_tar

SETTINGS = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])

_component = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp"], exclude_characters="/%"),
    min_size=1,
    max_size=20,
).filter(lambda name: not name.startswith("-"))  # which APTrust does not take
_paths = (
    st.lists(_component, min_size=1, max_size=3).map("/".join).filter(lambda path: path_problem(path) is None)
)
_trees = st.dictionaries(_paths, st.binary(max_size=600), max_size=6).filter(
    lambda tree: not twin_problems(tree)
)
_values = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp"]), max_size=40)


@contextmanager
def _bag(tree: dict[str, bytes], *, tar: bool, title: str = "T") -> Iterator[Path]:
    place = Path(tempfile.mkdtemp(prefix="recto-test-"))
    try:
        payload = []
        for number, (path, data) in enumerate(tree.items()):
            source = place / str(number)
            source.write_bytes(data)
            payload.append(PayloadFile(path, source, len(data), {"sha256": hashlib.sha256(data).hexdigest()}))
        write, name = (write_tar, "bag.tar") if tar else (write_folder, "bag")
        tags = {"aptrust-info.txt": {"Title": title}} if title.strip() else {}
        profile = load_profile("aptrust" if title.strip() else "bagit")
        yield write("bag", payload, tags, place / name, profile=profile, bagging_date="2026-03-31").path
    finally:
        shutil.rmtree(place)


@SETTINGS
@given(tree=_trees, title=_values)
def test_any_tree_of_legal_names_becomes_a_bag_both_accept(tree: dict[str, bytes], title: str) -> None:
    with _bag(tree, tar=False, title=title) as bag:
        report = verify_bag(bag, profile=load_profile("bagit"))
        assert (report.errors, report.second_opinion) == ((), "valid")
        assert set(bagit.Bag(str(bag)).payload_entries()) == {f"data/{path}" for path in tree}
        if title.strip():
            assert bagit._load_tag_file(str(bag / "aptrust-info.txt"))["Title"] == title.strip()


@SETTINGS
@given(tree=_trees)
def test_any_tree_becomes_a_tar_that_both_accept(tree: dict[str, bytes]) -> None:
    with _bag(tree, tar=True) as bag:
        report = verify_bag(bag)
        assert (report.errors, report.second_opinion) == ((), "valid")


@SETTINGS
@given(tree=_trees, data=st.data())
def test_any_flipped_bit_is_found(tree: dict[str, bytes], data: st.DataObject) -> None:
    with _bag(tree, tar=False) as bag:
        files = sorted(path for path in bag.rglob("*") if path.is_file() and path.stat().st_size)
        file = data.draw(st.sampled_from(files))
        content = bytearray(file.read_bytes())
        bit = data.draw(st.integers(0, len(content) * 8 - 1))
        content[bit // 8] ^= 1 << bit % 8
        # the case of a hexadecimal digit and the separating white space carry nothing
        assume(content.lower().split() != file.read_bytes().lower().split())
        file.write_bytes(content)
        assert not verify_bag(bag, second_opinion=False).valid


@SETTINGS
@given(tree=_trees, data=st.data())
def test_any_flipped_bit_of_a_tar_is_found_unless_it_means_nothing(
    tree: dict[str, bytes], data: st.DataObject
) -> None:
    with _bag(tree, tar=True) as bag:
        before = verify_bag(bag, second_opinion=False)
        content = bytearray(bag.read_bytes())
        bit = data.draw(st.integers(0, len(content) * 8 - 1))
        content[bit // 8] ^= 1 << bit % 8
        original = bag.read_bytes()
        bag.write_bytes(content)
        report = verify_bag(bag, second_opinion=False)
        if report == before:
            same_members = _members(original) == _members(bytes(content))
            assert same_members or content.lower() == original.lower()


def _members(tar: bytes) -> list[tuple[object, ...]]:
    """What an independent reader finds in a tar: padding, checksum fields and separators mean nothing to it."""
    with tarfile.open(fileobj=io.BytesIO(tar)) as opened:
        return [
            (member.name, member.type, member.size, tar[member.offset_data :][: member.size])
            for member in opened.getmembers()
        ]


@SETTINGS
@given(tree=_trees.filter(bool), data=st.data())
def test_any_missing_extra_or_renamed_file_is_found(tree: dict[str, bytes], data: st.DataObject) -> None:
    with _bag(tree, tar=False) as bag:
        files = sorted(path for path in (bag / "data").rglob("*") if path.is_file())
        file = data.draw(st.sampled_from(files))
        change = data.draw(st.sampled_from(["missing", "extra", "renamed"]))
        if change == "missing":
            file.unlink()
        elif change == "extra":
            file.with_name("extra file").write_bytes(b"")
        else:
            file.rename(file.with_name("renamed file"))
        assume(not (bag / "data" / "extra file").is_dir())
        assert not verify_bag(bag, second_opinion=False).valid


@SETTINGS
@given(tree=_trees.filter(bool), data=st.data())
def test_any_missing_extra_renamed_or_repeated_member_of_a_tar_is_found(
    tree: dict[str, bytes], data: st.DataObject
) -> None:
    with _bag(tree, tar=True) as bag:
        with tarfile.open(bag) as tar:
            members = [(member, tar.extractfile(member)) for member in tar.getmembers()]
            files = [(member, content.read()) for member, content in members if content is not None]
        place = data.draw(st.integers(0, len(files) - 1))
        change = data.draw(st.sampled_from(["missing", "extra", "renamed", "repeated"]))
        member, content = files[place]
        if change == "missing":
            # what no manifest lists is not missed: the tag manifests themselves
            assume("/tagmanifest-" not in member.name)
            del files[place]
        elif change == "extra":
            extra = tarfile.TarInfo("bag/data/ extra")
            files.insert(place, (extra, b""))
        elif change == "renamed":
            member.name = f"{member.name} renamed"
            member.pax_headers = {}
            assume("/tagmanifest-" not in member.name)
        else:
            files.append((member, content))
        with tarfile.open(bag, "w") as tar:
            for written, text in files:
                written.size = len(text)
                tar.addfile(written, io.BytesIO(text))
        assert not verify_bag(bag, second_opinion=False).valid


@SETTINGS
@given(tree=_trees)
def test_names_come_back_from_a_file_system_that_decomposes_them(tree: dict[str, bytes]) -> None:
    with _bag(tree, tar=False) as bag:
        for path in sorted((bag / "data").rglob("*"), key=lambda path: -len(path.parts)):
            path.rename(path.with_name(unicodedata.normalize("NFD", path.name)))
        assert verify_bag(bag, profile=load_profile("bagit"), second_opinion=False).errors == ()
