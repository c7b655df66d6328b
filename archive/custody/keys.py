# SPDX-License-Identifier: Apache-2.0
"""Ed25519 keys (RFC 8032): the one that signs, and the public ones by which signatures are checked for ever."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from archive.custody.errors import PublicKeyUnreadable

_LARGEST_KEY_FILE = 1 << 20
_PUBLIC_BLOCK = re.compile(rb"-----BEGIN PUBLIC KEY-----.+?-----END PUBLIC KEY-----", re.DOTALL)


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A key by which signatures are checked.

    Attributes:
        id: The first 16 hexadecimal digits of the SHA-256 of its DER form (SubjectPublicKeyInfo, RFC 8410).
        pem: The same form as PEM.
    """

    id: str
    pem: bytes

    @classmethod
    def of(cls, key: Ed25519PublicKey) -> PublicKey:
        """The key in our form."""
        der = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        pem = key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        return cls(hashlib.sha256(der).hexdigest()[:16], pem)

    @classmethod
    def from_pem(cls, pem: bytes) -> PublicKey:
        """Read one key.

        Raises:
            ValueError: It is damaged, or of another kind than Ed25519.
        """
        try:
            key = load_pem_public_key(pem)
        except UnsupportedAlgorithm as error:
            raise ValueError(str(error)) from error
        if not isinstance(key, Ed25519PublicKey):
            raise ValueError("it is not an Ed25519 key")  # noqa: TRY004 (the bytes are wrong, not their type)
        return cls.of(key)

    def proves(self, signature: bytes, message: bytes) -> bool:
        """Whether the owner of the private key signed exactly this message."""
        key = load_pem_public_key(self.pem)
        assert isinstance(key, Ed25519PublicKey)  # noqa: S101 (this class is made from no other)
        try:
            key.verify(signature, message)
        except InvalidSignature:
            return False
        return True


class SigningKey:
    """A private key.

    Args:
        key: What cryptography made or read.
    """

    def __init__(self, key: Ed25519PrivateKey) -> None:
        self._key = key
        self.public = PublicKey.of(key.public_key())

    @classmethod
    def generate(cls) -> SigningKey:
        """A new one, from the system's source of randomness."""
        return cls(Ed25519PrivateKey.generate())

    @classmethod
    def from_pem(cls, pem: bytes) -> SigningKey:
        """Read one.

        Raises:
            ValueError: It is damaged, encrypted, or of another kind than Ed25519.
        """
        try:
            key = load_pem_private_key(pem, password=None)
        except (TypeError, UnsupportedAlgorithm) as error:
            raise ValueError(str(error)) from error
        if not isinstance(key, Ed25519PrivateKey):
            raise ValueError("it is not an Ed25519 key")  # noqa: TRY004 (the bytes are wrong, not their type)
        return cls(key)

    def to_pem(self) -> bytes:
        """PKCS #8, not encrypted: it must serve unattended workers, and rests on the rights of its file."""
        return self._key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())

    def sign(self, message: bytes) -> bytes:
        """64 bytes, the same for the same message every time (RFC 8032, section 5.1.6)."""
        return self._key.sign(message)


def read_public_keys(path: Path) -> dict[str, PublicKey]:
    """All public keys of a PEM file, by their ids.

    Raises:
        PublicKeyUnreadable: The file cannot be read, or holds none, or something else.
    """
    try:
        with path.open("rb") as file:
            content = file.read(_LARGEST_KEY_FILE + 1)
    except OSError as error:
        raise PublicKeyUnreadable(f"The public key {path} cannot be read: {error.strerror}.") from error
    if len(content) > _LARGEST_KEY_FILE:
        raise PublicKeyUnreadable(f"{path} is far too large for public keys.")
    if b"PRIVATE KEY" in content:
        raise PublicKeyUnreadable(
            f"{path} holds a private key.",
            remedy="Give the public key instead, and never hand out the private one: recto key export",
        )
    blocks = _PUBLIC_BLOCK.findall(content)
    if not blocks:
        raise PublicKeyUnreadable(f"{path} holds no public key in PEM form.")
    try:
        keys = [PublicKey.from_pem(block) for block in blocks]
    except ValueError as error:
        raise PublicKeyUnreadable(f"{path} holds a key that cannot be used: {error}.") from error
    return {key.id: key for key in keys}
