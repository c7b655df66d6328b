# SPDX-License-Identifier: Apache-2.0
"""What the operator reads when files cannot be fetched: one entry for each code of archive.errors.fetching."""

from __future__ import annotations

from app.desktop.failures.wording import Wording
from app.desktop.language.marking import QT_TRANSLATE_NOOP

FETCHING: dict[str, Wording] = {
    "fetch.error": Wording(
        QT_TRANSLATE_NOOP("failures", "A file could not be fetched from its server"),
        QT_TRANSLATE_NOOP("failures", "The item waits. What has arrived is kept."),
        QT_TRANSLATE_NOOP("failures", "Try again. Look at the details if it happens again."),
        QT_TRANSLATE_NOOP("failures", "Try again"),
        "board",
        message_matters=True,
    ),
    "fetch.url_invalid": Wording(
        QT_TRANSLATE_NOOP("failures", "The address of a file cannot be used"),
        QT_TRANSLATE_NOOP("failures", "No server was asked."),
        QT_TRANSLATE_NOOP("failures", "Correct the address in the manifest. It must not hold a password."),
        QT_TRANSLATE_NOOP("failures", "Open import"),
        "importing",
        message_matters=True,
    ),
    "fetch.unreachable": Wording(
        QT_TRANSLATE_NOOP("failures", "The server with the files does not answer"),
        QT_TRANSLATE_NOOP("failures", "The item waits. What has arrived is kept."),
        QT_TRANSLATE_NOOP(
            "failures", "Nothing needs doing if the network comes back. Otherwise check the address."
        ),
        QT_TRANSLATE_NOOP("failures", "Try again"),
        "board",
        message_matters=True,
    ),
    "fetch.busy": Wording(
        QT_TRANSLATE_NOOP("failures", "The server with the files asks us to wait"),
        QT_TRANSLATE_NOOP("failures", "The item waits. What has arrived is kept."),
        QT_TRANSLATE_NOOP("failures", "Nothing needs doing. It is tried again by itself."),
        QT_TRANSLATE_NOOP("failures", "Try again"),
        "board",
        message_matters=True,
    ),
    "fetch.access_refused": Wording(
        QT_TRANSLATE_NOOP("failures", "The server does not let us read its files"),
        QT_TRANSLATE_NOOP("failures", "The item waits. What has arrived is kept."),
        QT_TRANSLATE_NOOP("failures", "Have the user, the key or the password corrected, then try again."),
        QT_TRANSLATE_NOOP("failures", "Try again"),
        "board",
        message_matters=True,
    ),
    "fetch.gone": Wording(
        QT_TRANSLATE_NOOP("failures", "A file is not on the server any more"),
        QT_TRANSLATE_NOOP("failures", "The item waits. What has arrived is kept."),
        QT_TRANSLATE_NOOP("failures", "Have the file put back on the server, then try again."),
        QT_TRANSLATE_NOOP("failures", "Try again"),
        "board",
        message_matters=True,
    ),
    "fetch.differs": Wording(
        QT_TRANSLATE_NOOP("failures", "A file from the server is not the one that the manifest names"),
        QT_TRANSLATE_NOOP("failures", "What arrived was thrown away. The item waits."),
        QT_TRANSLATE_NOOP("failures", "Ask those who run the server which of the two is right."),
        QT_TRANSLATE_NOOP("failures", "Try again"),
        "board",
        message_matters=True,
    ),
    "fetch.too_large": Wording(
        QT_TRANSLATE_NOOP("failures", "A file on the server is larger than allowed"),
        QT_TRANSLATE_NOOP("failures", "The item waits. What has arrived is kept."),
        QT_TRANSLATE_NOOP(
            "failures", "Make sure that the file is wanted, then raise the limit under Settings."
        ),
        QT_TRANSLATE_NOOP("failures", "Open settings"),
        "settings",
        message_matters=True,
    ),
    "fetch.host_not_allowed": Wording(
        QT_TRANSLATE_NOOP("failures", "Files may not be fetched from this server"),
        QT_TRANSLATE_NOOP("failures", "Nothing was sent to it."),
        QT_TRANSLATE_NOOP("failures", "If the server is to be trusted, name it under Settings."),
        QT_TRANSLATE_NOOP("failures", "Open settings"),
        "settings",
        message_matters=True,
    ),
    "fetch.host_not_trusted": Wording(
        QT_TRANSLATE_NOOP("failures", "The server cannot prove that it is the right one"),
        QT_TRANSLATE_NOOP("failures", "The connection was closed. No password went over it."),
        QT_TRANSLATE_NOOP(
            "failures", "Compare the fingerprint with those who run the server, then record it."
        ),
        QT_TRANSLATE_NOOP("failures", "Open settings"),
        "settings",
        message_matters=True,
    ),
    "fetch.answer_unusable": Wording(
        QT_TRANSLATE_NOOP("failures", "The server's answer cannot be understood"),
        QT_TRANSLATE_NOOP("failures", "The item waits. What has arrived is kept."),
        QT_TRANSLATE_NOOP("failures", "Check the addresses in the manifest."),
        QT_TRANSLATE_NOOP("failures", "Open import"),
        "importing",
        message_matters=True,
    ),
    "fetch.sftp_missing": Wording(
        QT_TRANSLATE_NOOP("failures", "SFTP is not installed here"),
        QT_TRANSLATE_NOOP("failures", "The step waits. Nothing is lost."),
        QT_TRANSLATE_NOOP("failures", "Have the part that is named below installed, then try again."),
        QT_TRANSLATE_NOOP("failures", "Try again"),
        "board",
        message_matters=True,
    ),
}
