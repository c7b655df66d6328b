# SPDX-License-Identifier: Apache-2.0
"""Ways to break a bag, and members of tars that are made to do harm, each with the rule that must tell of it."""

from __future__ import annotations

import hashlib
import io
import os
import subprocess
import tarfile
from collections.abc import Callable
from pathlib import Path

Damage = Callable[[Path], None]


def seal(bag: Path) -> None:
    """Write the tag manifests again, so that only the damage under test is there."""
    for manifest in bag.glob("tagmanifest-*.txt"):
        algorithm = manifest.stem.removeprefix("tagmanifest-")
        names = sorted(p.name for p in bag.glob("*.txt") if not p.name.startswith("tagmanifest-"))
        lines = [
            f"{hashlib.new(algorithm, (bag / name).read_bytes()).hexdigest()}  {name}\n" for name in names
        ]
        manifest.write_text("".join(lines))


def unpack(bag: Path, folder: Path) -> None:
    """Unpack a sound tar by the program of that name: Debian 12's Python has no safe way to do it."""
    folder.mkdir(parents=True, exist_ok=True)
    subprocess.run(["/bin/tar", "--extract", f"--file={bag}", f"--directory={folder}"], check=True)


def tar_of(bag: Path, place: Path) -> Path:
    """The folder of a bag as a tar."""
    tar_path = place / f"{bag.name}.tar"
    with tarfile.open(tar_path, "w", format=tarfile.PAX_FORMAT) as tar:
        tar.add(bag, arcname=bag.name)
    return tar_path


def flip(bag: Path) -> None:
    """Turn a bit of a page."""
    page = bag / "data" / "masters" / "0001.tif"
    data = bytearray(page.read_bytes())
    data[100] ^= 1
    page.write_bytes(data)


def _unlist_in_one(bag: Path) -> None:
    manifest = bag / "manifest-sha256.txt"
    manifest.write_text(
        "".join(line for line in manifest.read_text().splitlines(keepends=True) if "0001.tif" not in line)
    )
    seal(bag)


def _false_oxum(bag: Path) -> None:
    info = bag / "bag-info.txt"
    info.write_text(info.read_text().replace("7332.4", "7332.5"))
    seal(bag)


def _no_bagit(bag: Path) -> None:
    (bag / "bagit.txt").unlink()
    seal(bag)


def _rubbish_line(bag: Path) -> None:
    with (bag / "manifest-md5.txt").open("a") as manifest:
        manifest.write("what is this\n")
    seal(bag)


def _listed_twice(bag: Path) -> None:
    manifest = bag / "manifest-md5.txt"
    manifest.write_text(manifest.read_text() + manifest.read_text().splitlines(keepends=True)[0])
    seal(bag)


def _traversal(bag: Path) -> None:
    (bag.parent / f"{bag.name}-secret").mkdir()
    (bag.parent / f"{bag.name}-secret" / "s").write_bytes(b"s")
    with (bag / "manifest-md5.txt").open("a") as manifest:
        manifest.write(f"{'0' * 32}  ../{bag.name}-secret/s\n")
    seal(bag)


def _outside_data(bag: Path) -> None:
    digest = hashlib.md5((bag / "bagit.txt").read_bytes(), usedforsecurity=False).hexdigest()
    with (bag / "manifest-md5.txt").open("a") as manifest:
        manifest.write(f"{digest}  bagit.txt\n")
    seal(bag)


def _no_data(bag: Path) -> None:
    (bag / "data").rename(bag.parent / "gone")


def _no_manifest(bag: Path) -> None:
    for manifest in bag.glob("manifest-*.txt"):
        manifest.unlink()
    seal(bag)


def _unlisted_manifest(bag: Path) -> None:
    seal = bag / "tagmanifest-md5.txt"
    seal.write_text(
        "".join(line for line in seal.read_text().splitlines(keepends=True) if "manifest-sha256" not in line)
    )
    other = bag / "tagmanifest-sha256.txt"
    other.unlink()


DAMAGES: list[tuple[Damage, tuple[str, str]]] = [
    (flip, ("file-changed", "data/masters/0001.tif")),
    (lambda bag: (bag / "data/empty.txt").unlink(), ("file-missing", "data/empty.txt")),
    (lambda bag: (bag / "data/new.tif").touch(), ("file-unexpected", "data/new.tif")),
    (lambda bag: (bag / "data/ocr").rename(bag / "data/text"), ("file-unexpected", "data/text/0001.txt")),
    (lambda bag: (bag / "aptrust-info.txt").unlink(), ("file-missing", "aptrust-info.txt")),
    (lambda bag: (bag / "bag-info.txt").write_text("A: b\n") and None, ("file-changed", "bag-info.txt")),
    (lambda bag: (bag / "manifest-md5.txt").unlink(), ("profile-manifest", "manifest-md5.txt")),
    (
        lambda bag: (bag / "fetch.txt").write_text("http://x/y - data/z\n") and None,
        ("profile-fetch", "fetch.txt"),
    ),
    (lambda bag: (bag / "data/-x").touch(), ("profile-name", "data/-x")),
    (lambda bag: (bag / "data/link").symlink_to("/etc/hostname"), ("link", "data/link")),
    (lambda bag: os.mkfifo(bag / "data/pipe"), ("special-file", "data/pipe")),
    (_unlist_in_one, ("manifest-incomplete", "data/masters/0001.tif")),
    (_false_oxum, ("payload-oxum", "bag-info.txt")),
    (_no_bagit, ("bagit-txt", "bagit.txt")),
    (_rubbish_line, ("manifest-form", "manifest-md5.txt")),
    (_listed_twice, ("manifest-duplicate", "data/empty.txt")),
    (_traversal, ("unsafe-path", "../letter_1-secret/s")),
    (_outside_data, ("manifest-form", "bagit.txt")),
    (_no_data, ("payload-folder", "data")),
    (_no_manifest, ("manifest-needed", "")),
    (_unlisted_manifest, ("tag-file-unlisted", "manifest-sha256.txt")),
]


def tar_member(name: str, kind: bytes = tarfile.REGTYPE, **facts: object) -> tarfile.TarInfo:
    """The header of a member."""
    member = tarfile.TarInfo(name)
    member.type = kind
    for attribute, value in facts.items():
        setattr(member, attribute, value)
    return member


def add_members(path: Path, *members: tarfile.TarInfo) -> Path:
    """Append members to a tar, filled with zeros."""
    with tarfile.open(path, "a") as tar:
        for member in members:
            tar.addfile(member, io.BytesIO(bytes(member.size)))
    return path


HOSTILE_MEMBERS: list[tuple[tarfile.TarInfo, str]] = [
    (tar_member("../escaped", size=3), "unsafe-path"),
    (tar_member("letter_1/data/../../escaped", size=3), "unsafe-path"),
    (tar_member("/var/escaped", size=3), "unsafe-path"),
    (tar_member("letter_1/data//masters/0001.tif", size=3), "unsafe-path"),
    (tar_member("letter_1/./bagit.txt", size=3), "unsafe-path"),
    (tar_member("C:/escaped", size=3), "unsafe-path"),
    (tar_member("~/escaped", size=3), "unsafe-path"),
    (tar_member("letter_1/data/link", tarfile.SYMTYPE, linkname="/etc/passwd"), "link"),
    (tar_member("letter_1/data/hard", tarfile.LNKTYPE, linkname="letter_1/bagit.txt"), "link"),
    (tar_member("letter_1/data/pipe", tarfile.FIFOTYPE), "special-file"),
    (tar_member("letter_1/data/disk", tarfile.BLKTYPE, devmajor=8), "special-file"),
    (tar_member("letter_1/data/tty", tarfile.CHRTYPE, devmajor=5), "special-file"),
    (tar_member("letter_1/data/ocr/0001.txt", size=3), "duplicate-member"),
    (tar_member("letter_1/bagit.txt", size=3), "duplicate-member"),
    (tar_member("other_top/data/x", size=3), "top-folder"),
    (tar_member("beside", size=3), "top-folder"),
    (tar_member("letter_1", size=3), "top-folder"),
]
"""Members that would escape or hide."""

LYING_HEADERS: list[tuple[dict[str, str], str]] = [
    ({"path": "../escaped"}, "unsafe-path"),
    ({"path": "letter_1/bagit.txt"}, "duplicate-member"),
    ({"path": "letter_1/data/\0x"}, "unsafe-path"),
    ({"path": "elsewhere/x"}, "top-folder"),
    ({"size": "99999999"}, "tar-damaged"),
    ({"size": "-1"}, "tar-damaged"),
    ({"size": "many"}, "file-unexpected"),
    ({"GNU.sparse.major": "1", "GNU.sparse.minor": "0", "GNU.sparse.name": "x"}, "tar-damaged"),
]
"""Extended headers of a member that lie."""

LONG_NAMES = [
    "letter_1/" + "long/" * 40 + "../" * 60 + "escaped",
    "/" + "root/" * 40 + "x",
    "letter_1/data/" + "\udcff" * 200,
]
"""Names that lead out of the bag or are no UTF-8, too long for a plain header."""
