# SPDX-License-Identifier: Apache-2.0
"""The states in which files cannot be fetched from a server."""

from __future__ import annotations

from archive.errors.base import ArchiveError, Retry


class FetchError(ArchiveError):
    """A file cannot be fetched from a server, or a server cannot be listed."""

    code = "fetch.error"
    default_consequence = "Nothing of it was taken in; what arrived before is kept and not fetched again."


class SourceUrlInvalid(FetchError):
    """The address of a source cannot be used."""

    code = "fetch.url_invalid"
    retry = Retry.NEVER
    default_consequence = "Nothing was asked of any server."
    default_remedy = "Give an address such as https://host/folder/, s3://bucket/prefix or sftp://user@host/folder, without a password in it."


class SourceUnreachable(FetchError):
    """The server does not answer, or the connection broke."""

    code = "fetch.unreachable"
    retry = Retry.AUTO
    default_consequence = "The work waits; what has arrived is kept, and fetching goes on from there."
    default_remedy = (
        "Nothing needs doing if the network comes back; otherwise check the address and the network."
    )


class SourceBusy(FetchError):
    """The server answers that it cannot serve now."""

    code = "fetch.busy"
    retry = Retry.AUTO
    default_consequence = "The work waits as long as the server asks; what has arrived is kept."
    default_remedy = "Nothing needs doing; if it stays, ask those who run the server."


class SourceRefused(FetchError):
    """The server does not let us read there."""

    code = "fetch.access_refused"
    retry = Retry.AFTER_OPERATOR
    default_remedy = "Check the user, the key or the password for that server, and that it may read there, then: recto batch retry."


class SourceGone(FetchError):
    """The server has no such file."""

    code = "fetch.gone"
    retry = Retry.AFTER_OPERATOR
    default_remedy = "Have the file put back on the server, or list the server anew, then: recto batch retry."


class SourceDiffers(FetchError):
    """What arrived is not the file that the manifest declares."""

    code = "fetch.differs"
    retry = Retry.AFTER_OPERATOR
    default_consequence = "What arrived was thrown away; nothing of it was taken in."
    default_remedy = (
        "Ask the server's owner which of the two is right; correct the manifest, or: recto batch retry."
    )


class SourceTooLarge(FetchError):
    """A file, or a list of files, is larger than the limits allow."""

    code = "fetch.too_large"
    retry = Retry.AFTER_OPERATOR
    default_remedy = "Make sure that it is what you want, then raise the limit under [fetch] in the settings."


class HostNotAllowed(FetchError):
    """The settings do not allow to fetch from this host, or a server sends us on to another."""

    code = "fetch.host_not_allowed"
    retry = Retry.AFTER_OPERATOR
    default_consequence = "Nothing was sent to that host."
    default_remedy = (
        "If the host is to be trusted, name it under [fetch] in the settings (hosts, redirect_hosts)."
    )


class HostNotTrusted(FetchError):
    """The server cannot prove that it is the one that the address names."""

    code = "fetch.host_not_trusted"
    retry = Retry.AFTER_OPERATOR
    default_consequence = "The connection was closed; no password and no file went over it."
    default_remedy = "Ask the server's owner for the fingerprint of its key, then record it in known_hosts or under [fetch] in the settings."


class AnswerUnusable(FetchError):
    """The server answers in a way that cannot be understood."""

    code = "fetch.answer_unusable"
    retry = Retry.AFTER_OPERATOR
    default_remedy = "Check that the address names a file, or a folder that the server lists."


class SftpMissing(FetchError):
    """The library for SFTP is not installed here."""

    code = "fetch.sftp_missing"
    retry = Retry.AFTER_OPERATOR
    default_remedy = "Install it with: pip install 'recto[sftp]'"
