# SPDX-License-Identifier: Apache-2.0
"""Keys are made once, kept private, rotated without loss, and told from everything that is none."""

from __future__ import annotations

import stat
import threading
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    PublicFormat,
)

from archive.custody.errors import CustodyError, PublicKeyUnreadable, SigningKeyExposed, SigningKeyLost
from archive.custody.key_folder import SIGNING_KEY, KeyFolder
from archive.custody.keys import PublicKey, SigningKey, read_public_keys


def test_the_first_key_is_made_once_and_readable_by_its_owner_alone(keys: KeyFolder) -> None:
    assert keys.current() is None
    first = keys.signing_key()
    assert keys.signing_key().public == first.public
    assert stat.S_IMODE((keys.folder / SIGNING_KEY).stat().st_mode) == 0o600
    assert stat.S_IMODE(keys.folder.stat().st_mode) == 0o700
    assert not [path for path in keys.folder.iterdir() if path.name.endswith(".part")]


def test_looking_at_keys_makes_none(keys: KeyFolder) -> None:
    assert keys.public_keys() == {}
    assert not keys.folder.exists()


def test_workers_that_start_at_once_agree_on_one_key(keys: KeyFolder) -> None:
    made: list[str] = []
    barrier = threading.Barrier(8)

    def start() -> None:
        barrier.wait()
        made.append(KeyFolder(keys.folder).signing_key().public.id)

    threads = [threading.Thread(target=start) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 8
    assert set(made) == set(keys.public_keys())
    assert len(set(made)) == 1


def test_the_id_is_the_digest_that_anybody_can_take_of_the_der_form() -> None:
    import hashlib

    private = ed25519.Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
    der = private.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    assert PublicKey.of(private.public_key()).id == hashlib.sha256(der).hexdigest()[:16]


def test_a_signature_is_the_one_of_rfc_8032() -> None:
    # RFC 8032, section 7.1, test 2
    secret = bytes.fromhex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb")
    key = SigningKey(ed25519.Ed25519PrivateKey.from_private_bytes(secret))
    signature = key.sign(b"\x72")
    assert signature.hex() == (
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
    )
    assert key.public.proves(signature, b"\x72")
    assert not key.public.proves(signature, b"\x73")
    assert not key.public.proves(signature[:-1], b"\x72")


def test_rotation_changes_the_signing_key_and_keeps_every_public_one(keys: KeyFolder) -> None:
    first = keys.signing_key()
    second, third = keys.rotate(), keys.rotate()
    assert keys.signing_key().public == third.public
    assert set(keys.public_keys()) == {first.public.id, second.public.id, third.public.id}
    assert keys.public_keys()[first.public.id].proves(first.sign(b"old"), b"old")
    assert stat.S_IMODE((keys.folder / SIGNING_KEY).stat().st_mode) == 0o600


def test_a_lost_key_is_not_silently_replaced(keys: KeyFolder) -> None:
    first = keys.signing_key()
    (keys.folder / SIGNING_KEY).unlink()
    with pytest.raises(SigningKeyLost, match="is gone"):
        keys.signing_key()
    second = keys.rotate()
    assert keys.signing_key().public == second.public
    assert first.public.id in keys.public_keys()


def damaged(_pem: bytes) -> bytes:
    return b"rubbish"


def cut_off(pem: bytes) -> bytes:
    return pem[:60]


def encrypted(pem: bytes) -> bytes:
    key = ed25519.Ed25519PrivateKey.generate()
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"secret"))


def empty(_pem: bytes) -> bytes:
    return b""


@pytest.mark.parametrize("damage", [damaged, cut_off, encrypted, empty])
def test_a_damaged_key_signs_nothing(keys: KeyFolder, damage: object) -> None:
    keys.signing_key()
    private = keys.folder / SIGNING_KEY
    assert callable(damage)
    private.write_bytes(damage(private.read_bytes()))
    with pytest.raises(SigningKeyLost, match="is damaged"):
        keys.signing_key()


@pytest.mark.parametrize("rights", [0o640, 0o604, 0o620])
def test_a_key_that_others_can_touch_signs_nothing(keys: KeyFolder, rights: int) -> None:
    keys.signing_key()
    (keys.folder / SIGNING_KEY).chmod(rights)
    with pytest.raises(SigningKeyExposed):
        keys.signing_key()


def test_a_first_key_whose_public_half_a_crash_kept_from_disk_gets_it_before_it_signs(
    keys: KeyFolder,
) -> None:
    first = keys.signing_key()
    (keys.folder / f"{first.public.id}.pub.pem").unlink()
    again = keys.signing_key()
    assert set(keys.public_keys()) == {again.public.id} == {first.public.id}


def test_a_folder_that_cannot_be_made_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(CustodyError, match=r"cannot be (read|written)"):
        KeyFolder(tmp_path / "file" / "keys").signing_key()


def test_several_public_keys_may_stand_in_one_file(tmp_path: Path) -> None:
    made = [SigningKey.generate().public for _ in range(3)]
    file = tmp_path / "keys.pem"
    file.write_bytes(b"our keys\n" + b"\n".join(key.pem for key in made))
    assert set(read_public_keys(file)) == {key.id for key in made}


def other_kind() -> bytes:
    key = ec.generate_private_key(ec.SECP256R1()).public_key()
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "no public key"),
        (b"\xff" * 100, "no public key"),
        (b"-----BEGIN PUBLIC KEY-----\nrubbish\n-----END PUBLIC KEY-----\n", "cannot be used"),
        (other_kind(), "not an Ed25519 key"),
        (SigningKey.generate().to_pem(), "holds a private key"),
        (bytes(2 << 20), "too large"),
    ],
    ids=["empty", "binary", "rubbish", "other-kind", "private", "huge"],
)
def test_what_is_no_public_key_is_refused(tmp_path: Path, content: bytes, message: str) -> None:
    file = tmp_path / "key.pem"
    file.write_bytes(content)
    with pytest.raises(PublicKeyUnreadable, match=message):
        read_public_keys(file)


def test_a_public_key_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(PublicKeyUnreadable, match=r"nowhere\.pem"):
        read_public_keys(tmp_path / "nowhere.pem")
