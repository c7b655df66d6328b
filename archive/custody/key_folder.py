# SPDX-License-Identifier: Apache-2.0
"""The keys of one station: one private key that signs now, and the public halves of all that ever signed."""

from __future__ import annotations

import os
import stat
import tempfile
from pathlib import Path

from archive.custody.errors import CustodyError, SigningKeyExposed, SigningKeyLost
from archive.custody.keys import PublicKey, SigningKey, read_public_keys
from archive.durable import sync_directory, write_durably

SIGNING_KEY = "signing-key.pem"
"""The private key's file, readable by its owner only."""

_PUBLIC = ".pub.pem"
_RIGHTS_OF_OTHERS = stat.S_IRWXG | stat.S_IRWXO


class KeyFolder:
    """A folder of keys, made at the first signature.

    The public half of a private key is kept before that key signs anything, so no signature is ever
    without its key.

    Args:
        folder: Where the keys lie; it need not exist.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._private = folder / SIGNING_KEY

    def public_keys(self) -> dict[str, PublicKey]:
        """All public keys, also those that sign no more, by their ids.

        Raises:
            PublicKeyUnreadable: One of them is damaged.
        """
        keys: dict[str, PublicKey] = {}
        for path in sorted(self.folder.glob(f"*{_PUBLIC}")):
            keys |= read_public_keys(path)
        return keys

    def current(self) -> SigningKey | None:
        """The key that signs now; None when no key was ever made here.

        Raises:
            SigningKeyLost: One was made, but is gone or damaged.
            SigningKeyExposed: Others may read it.
        """
        # looked for first: whoever makes a first key writes its public half last
        signed_before = any(self.folder.glob(f"*{_PUBLIC}"))
        try:
            with self._private.open("rb") as file:
                rights = os.fstat(file.fileno()).st_mode
                pem = file.read()
        except FileNotFoundError:
            if signed_before:
                raise SigningKeyLost(f"The signing key {self._private} is gone.") from None
            return None
        except OSError as error:
            raise CustodyError(
                f"The signing key {self._private} cannot be read: {error.strerror}."
            ) from error
        if rights & _RIGHTS_OF_OTHERS:
            raise SigningKeyExposed(f"The signing key {self._private} can be read by others than its owner.")
        try:
            return SigningKey.from_pem(pem)
        except ValueError as error:
            raise SigningKeyLost(f"The signing key {self._private} is damaged: {error}.") from error

    def signing_key(self) -> SigningKey:
        """The key that signs now, made at first use.

        Raises:
            SigningKeyLost, SigningKeyExposed: As `current`.
            CustodyError: The folder cannot be written.
        """
        key = self.current()
        try:
            if key is None:
                key = self._first_key()
            self._keep_public(key.public)
        except OSError as error:
            raise self._unwritable(error) from error
        return key

    def rotate(self) -> SigningKey:
        """Make a new signing key in place of the one there is, which is destroyed; its public half is kept.

        Also the way out of a lost or damaged key.

        Raises:
            CustodyError: The folder cannot be written; the key is the one it was.
        """
        key = SigningKey.generate()
        try:
            self._keep_public(key.public)
            self._write_private(key, overwrite=True)
        except OSError as error:
            raise self._unwritable(error) from error
        return key

    def _first_key(self) -> SigningKey:
        key = SigningKey.generate()
        try:
            self._write_private(key, overwrite=False)
        except FileExistsError:
            # another process was first; its key is the station's
            return self.signing_key()
        return key

    def _keep_public(self, key: PublicKey) -> None:
        path = self.folder / f"{key.id}{_PUBLIC}"
        self._make_folder()
        if not path.is_file():
            write_durably(path, key.pem)

    def _write_private(self, key: SigningKey, *, overwrite: bool) -> None:
        self._make_folder()
        # mkstemp gives rights to the owner alone, from the first moment
        descriptor, name = tempfile.mkstemp(prefix=f".{SIGNING_KEY}.", suffix=".part", dir=self.folder)
        temporary = Path(name)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(key.to_pem())
                file.flush()
                os.fsync(file.fileno())
            if overwrite:
                temporary.replace(self._private)
            else:
                self._private.hardlink_to(temporary)
            sync_directory(self.folder)
        finally:
            temporary.unlink(missing_ok=True)

    def _make_folder(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)

    def _unwritable(self, error: OSError) -> CustodyError:
        return CustodyError(
            f"The key folder {self.folder} cannot be written: {error.strerror}.",
            remedy="Make room or allow writing there, then try again.",
        )
