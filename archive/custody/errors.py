# SPDX-License-Identifier: Apache-2.0
"""The states in which a history cannot be signed, or a signature cannot be checked."""

from __future__ import annotations

from archive.errors import ArchiveError, Retry


class CustodyError(ArchiveError):
    """A history cannot be signed, or a signature cannot be checked."""

    code = "custody.error"


class SigningKeyLost(CustodyError):
    """This station has signed before, but its private key is gone or damaged."""

    code = "custody.signing_key_lost"
    retry = Retry.AFTER_OPERATOR
    default_consequence = (
        "Nothing was signed. Bags that were signed before stay valid: their public key is kept."
    )
    default_remedy = "Bring the key back from its backup, or make a new one with: recto key rotate"


class SigningKeyExposed(CustodyError):
    """The private key can be read by others than its owner."""

    code = "custody.signing_key_exposed"
    retry = Retry.AFTER_OPERATOR
    default_consequence = "Nothing was signed: whoever can read the key can sign in this station's name."
    default_remedy = (
        "If somebody may have read it: recto key rotate. Otherwise take the others' rights away: chmod 600"
    )


class PublicKeyUnreadable(CustodyError):
    """A file does not hold Ed25519 public keys in PEM form."""

    code = "custody.public_key_unreadable"
    default_consequence = "The signature was not checked; nothing is known about it."
    default_remedy = "Ask the institution that made the bag for its public keys: recto key export --all"


class PublicKeyNeeded(CustodyError):
    """No public key was named, and this station has none of its own."""

    code = "custody.public_key_needed"
    default_consequence = (
        "The signature was not checked. The key inside the bag proves nothing: whoever forges a bag puts "
        "a key of their own in it."
    )
    default_remedy = "Name the institution's public key, got by another way than the bag: --key FILE"
