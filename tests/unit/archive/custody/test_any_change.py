# SPDX-License-Identifier: Apache-2.0
"""Any single change to what was signed is found, and an archivist without Recto comes to the same verdict."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from archive.bag.manifest_lines import format_manifest
from archive.custody.key_folder import KeyFolder
from archive.custody.keys import PublicKey
from archive.custody.statement import PUBLIC_KEY_PATH
from archive.custody.verification import verify_custody
from tests.unit.archive.custody.conftest import EVENTS, Bag, Sealed

Files = dict[str, bytes]


@pytest.fixture(scope="module")
def genuine(sealed: Sealed, tmp_path_factory: pytest.TempPathFactory) -> tuple[Files, dict[str, PublicKey]]:
    """The files of a sealed bag, and the key that proves it."""
    folder = tmp_path_factory.mktemp("genuine")
    keys = KeyFolder(folder / "keys")
    bag = sealed.bag(sealed.by(keys), folder)
    files = {path.relative_to(bag).as_posix(): path.read_bytes() for path in bag.rglob("*") if path.is_file()}
    return files, keys.public_keys()


def _signed(files: Files) -> list[str]:
    return sorted(path for path in files if path.startswith(("data/", "metadata/")))


def _flip(files: Files, draw: Callable[..., Any]) -> None:
    path = draw(st.sampled_from(_signed(files)))
    content = bytearray(files[path])
    bit = draw(st.integers(0, len(content) * 8 - 1))
    content[bit // 8] ^= 1 << bit % 8
    files[path] = bytes(content)


def _cut(files: Files, draw: Callable[..., Any]) -> None:
    path = draw(st.sampled_from(_signed(files)))
    files[path] = files[path][: draw(st.integers(0, len(files[path]) - 1))]


def _lengthen(files: Files, draw: Callable[..., Any]) -> None:
    files[draw(st.sampled_from(_signed(files)))] += draw(st.binary(min_size=1, max_size=9))


def _remove(files: Files, draw: Callable[..., Any]) -> None:
    del files[draw(st.sampled_from(_signed(files)))]


def _rename(files: Files, draw: Callable[..., Any]) -> None:
    path = draw(st.sampled_from(_signed(files)))
    files[f"{path}.bak"] = files.pop(path)


def _add(files: Files, draw: Callable[..., Any]) -> None:
    files[draw(st.sampled_from(["data/", "data/masters/", "metadata/"])) + "new"] = draw(
        st.binary(max_size=9)
    )


def _swap(files: Files, draw: Callable[..., Any]) -> None:
    one, other = draw(st.lists(st.sampled_from(_signed(files)), min_size=2, max_size=2, unique=True))
    files[one], files[other] = files[other], files[one]


def _change_events(files: Files, draw: Callable[..., Any]) -> None:
    lines = files[EVENTS].splitlines(keepends=True)
    place, other = (draw(st.integers(0, len(lines) - 1)) for _ in range(2))
    how = draw(st.sampled_from(["remove", "repeat", "move", "truncate"]))
    if how == "remove":
        del lines[place]
    elif how == "repeat":
        lines.insert(other, lines[place])
    elif how == "move":
        lines.insert(other, lines.pop(place))
    else:
        del lines[place:]
    files[EVENTS] = b"".join(lines)


def _redo_manifests(files: Files) -> None:
    """What a forger does as well: every manifest fits the changed files."""
    payload = ((path, hashlib.sha256(files[path]).hexdigest()) for path in files if path.startswith("data/"))
    files["manifest-sha256.txt"] = format_manifest(payload)


CHANGES = [_flip, _cut, _lengthen, _remove, _rename, _add, _swap, _change_events]


def _laid_out(files: Files) -> Iterator[Path]:
    place = Path(tempfile.mkdtemp(prefix="recto-test-"))
    for path, content in files.items():
        (place / path).parent.mkdir(parents=True, exist_ok=True)
        (place / path).write_bytes(content)
    try:
        yield place
    finally:
        shutil.rmtree(place)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data(), redo=st.booleans())
def test_any_single_change_is_found_though_the_manifests_are_made_to_fit(
    genuine: tuple[Files, dict[str, PublicKey]], data: st.DataObject, *, redo: bool
) -> None:
    original, keys = genuine
    files = dict(original)
    data.draw(st.sampled_from(CHANGES))(files, data.draw)
    assume(files != original)
    if files.get(PUBLIC_KEY_PATH) != original[PUBLIC_KEY_PATH]:
        # line ends and white space of a PEM carry nothing
        assume(not _same_key(files.get(PUBLIC_KEY_PATH, b""), original[PUBLIC_KEY_PATH]))
    if redo:
        _redo_manifests(files)
    for place in _laid_out(files):
        assert not verify_custody(place, keys).whole


def _same_key(one: bytes, other: bytes) -> bool:
    try:
        return PublicKey.from_pem(one) == PublicKey.from_pem(other)
    except ValueError:
        return False


def test_a_key_in_the_bag_that_is_not_the_signer_s_is_told(bag: Bag) -> None:
    (bag.path / PUBLIC_KEY_PATH).unlink()
    assert bag.problems() == "metadata/custody-key.pem is not the key that signed."


def _canonical(document: object) -> bytes:
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _root(hashes: list[bytes]) -> bytes:
    while len(hashes) > 1:
        pairs = [hashes[place : place + 2] for place in range(0, len(hashes), 2)]
        hashes = [
            hashlib.sha256(b"\x01" + b"".join(pair)).digest() if len(pair) > 1 else pair[0] for pair in pairs
        ]
    return hashes[0]


def _manifest(bag: Path, folder: str, without: tuple[str, ...] = ()) -> str:
    files = sorted(path for path in (bag / folder).rglob("*") if path.is_file() and path.name not in without)
    lines = [
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(bag).as_posix()}\n"
        for path in files
    ]
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def test_the_steps_that_the_documentation_gives_prove_a_bag_without_recto(bag: Bag, keys: KeyFolder) -> None:
    statement = json.loads((bag.path / "metadata/custody.json").read_bytes())
    signature = (bag.path / "metadata/custody.sig").read_bytes()
    public: Any = load_pem_public_key(keys.signing_key().public.pem)
    public.verify(signature, (bag.path / "metadata/custody.json").read_bytes())
    bodies, digests = [], []
    for line in (bag.path / "metadata/events.jsonl").read_bytes().splitlines():
        event = json.loads(line)
        digests.append(event.pop("sha256"))
        bodies.append(event)
    assert [hashlib.sha256(_canonical(body)).hexdigest() for body in bodies] == digests
    leaves = [hashlib.sha256(b"\x00" + _canonical(body)).digest() for body in bodies]
    assert _root(leaves).hex() == statement["events_root"]
    assert (len(bodies), digests[-1]) == (statement["events"], statement["chain_head"])
    for before, digest, body in zip(bodies, digests, bodies[1:], strict=False):
        if body["sequence"] == before["sequence"] + 1:
            assert body["previous"] == digest
    assert _manifest(bag.path, "data") == statement["payload_manifest_sha256"]
    seal = ("custody.json", "custody.sig", "custody-key.pem")
    assert _manifest(bag.path, "metadata", seal) == statement["metadata_manifest_sha256"]
