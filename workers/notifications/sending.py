# SPDX-License-Identifier: Apache-2.0
"""Sending one message by Apprise, whose addresses are secrets and never leave this module in a text."""

from __future__ import annotations

import logging
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote, urlsplit

from archive.notification_kinds import Severity
from workers.errors import NotificationNotSent, SettingsInvalid
from workers.notification_settings import NotificationTargetSettings
from workers.notifications.causes import causes_in, is_detail
from workers.notifications.templates import Message
from workers.redaction import HIDDEN, SHORTEST, redact, remember_secret
from workers.secrets import notification_address_of

if TYPE_CHECKING:
    from apprise import NotifyBase

LONG_PIECE = 16
"""Letters from which a piece of an address is taken for a token, and out of all texts of this process."""

SERVICE_SECONDS = 30.0
"""Longest time for a service to take a message."""

_LOGGER = "apprise"


class Address:
    """An address that is given to Apprise and shown to nobody.

    Args:
        url: As Apprise writes it.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._pieces = _pieces(url)
        remember_secret(url)
        for piece in self._pieces:
            if len(piece) >= LONG_PIECE:
                remember_secret(piece)

    def __repr__(self) -> str:
        return f"Address({self.service!r})"

    @property
    def service(self) -> str:
        """What kind of service it is: the word before "://"."""
        scheme = self._url.partition("://")[0].lower()
        return scheme if re.fullmatch(r"[a-z0-9]+", scheme) else "unknown"

    def reveal(self) -> str:
        """The address itself, for Apprise only."""
        return self._url

    def scrub(self, text: str) -> str:
        """A text without any piece of the address."""
        for piece in sorted(self._pieces, key=len, reverse=True):
            text = text.replace(piece, HIDDEN)
        return redact(text)


def address_of(name: str, target: NotificationTargetSettings) -> Address:
    """Where messages of a target go.

    Raises:
        SettingsInvalid: It has no address.
        SecretsUnavailable: The keyring is there and cannot be asked.
    """
    url = target.url.get_secret_value() if target.url is not None else notification_address_of(name)
    if not url:
        raise SettingsInvalid(
            f"The keyring holds no address for the notification target {name!r}.",
            consequence="Its messages wait.",
            remedy=f"Keep one with: recto notify keep {name}",
        )
    return Address(url)


def require_usable(name: str, address: Address) -> None:
    """Refuse an address that Apprise cannot use.

    Raises:
        SettingsInvalid: It cannot.
    """
    _service_of(name, address)


def send(name: str, address: Address, message: Message, severity: Severity) -> None:
    """Send a message to one target, and wait until it was taken.

    Raises:
        NotificationNotSent: It was not.
        SettingsInvalid: The address cannot be used.
    """
    from apprise import Apprise, NotifyFormat, NotifyType

    service = _service_of(name, address)
    kinds = {
        Severity.INFO: NotifyType.INFO,
        Severity.WARNING: NotifyType.WARNING,
        Severity.FAILURE: NotifyType.FAILURE,
    }
    sender = Apprise(asset=service.asset)
    sender.add(service)
    with _what_apprise_says(logging.DEBUG) as said:
        try:
            taken = bool(
                sender.notify(
                    title=message.title,
                    body=message.body,
                    notify_type=kinds[severity],
                    body_format=NotifyFormat.TEXT,
                    # it sends in threads of its own, and tells of them here
                    log_callback=lambda entry, _service: said.hear(entry.level, entry.message),
                    log_level=logging.DEBUG,
                )
            )
        except Exception as error:  # noqa: BLE001 (175 plug-ins raise what they like; told below, without the address)
            said.lines.append(f"{type(error).__name__}: {error}")
            taken = False
    if not taken:
        reason = address.scrub(said.reason() or "the service refused")
        raise NotificationNotSent(
            f"The target {name!r} ({address.service}) did not take the message: {reason}."
        )


def _service_of(name: str, address: Address) -> NotifyBase:
    from apprise import Apprise, AppriseAsset

    asset = AppriseAsset(
        app_id="Recto",
        app_desc="Recto",
        app_url="",
        # nothing is kept on disk, fetched from elsewhere, or filled in from what stands in a message
        storage_mode="memory",
        image_url_mask="",
        image_url_logo="",
        allow_templates=False,
        async_mode=False,
        service_timeout=SERVICE_SECONDS,
    )
    with _what_apprise_says() as said:
        try:
            service = Apprise.instantiate(address.reveal(), asset=asset, suppress_exceptions=False)
        except Exception as error:  # noqa: BLE001 (likewise)
            said.lines.append(str(error))
            service = None
    if service is None:
        # what Apprise says of an address it cannot read may be the address
        reason = address.scrub(said.reason())
        raise SettingsInvalid(
            f"Apprise cannot use the address of the notification target {name!r} ({address.service}): {reason}.",
            consequence="Its messages wait.",
            remedy="Compare it with the service's page on https://github.com/caronc/apprise/wiki.",
        ) from None
    return service


class _Said:
    """What Apprise says: its warnings, and what lies behind them."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self._details: list[str] = []

    def hear(self, level: str, line: str) -> None:
        """Keep a line of its log where it is one of these."""
        if logging.getLevelNamesMapping().get(level, logging.NOTSET) >= logging.WARNING:
            self.lines.append(line.rstrip(". "))
        elif is_detail(line):
            self._details.append(line)

    def reason(self) -> str:
        """Warnings and causes; warnings may hold pieces of the address."""
        causes = causes_in([*self._details, *self.lines])
        return "; ".join(dict.fromkeys([*self.lines, *causes])).rstrip(". ")


class _Listener(logging.Handler):
    """Hears what Apprise says in one thread."""

    def __init__(self, said: _Said, level: int) -> None:
        super().__init__(level)
        self._said = said
        self._thread = threading.get_ident()

    def emit(self, record: logging.LogRecord) -> None:
        if record.thread == self._thread:
            self._said.hear(record.levelname, record.getMessage())


@contextmanager
def _what_apprise_says(level: int = logging.WARNING) -> Iterator[_Said]:
    """What Apprise says, kept from the log: in its debug lines addresses and messages stand whole."""
    said = _Said()
    logger, listener = logging.getLogger(_LOGGER), _Listener(said, level)
    logger.propagate = False
    logger.setLevel(level)
    logger.addHandler(listener)
    try:
        yield said
    finally:
        logger.removeHandler(listener)
        logger.setLevel(logging.WARNING)


def _pieces(url: str) -> frozenset[str]:
    """What may be secret in an address: whole, user, password, parts of the path, values behind the question mark."""
    found: set[Any] = {url}
    try:
        parts = urlsplit(url)
        found |= {parts.username, parts.password, *parts.path.split("/"), parts.netloc, parts.fragment}
        found |= {value for _, value in parse_qsl(parts.query)}
        if "." not in (parts.hostname or "") and parts.hostname != "localhost":
            # the first token of many services stands where others have a host
            found |= {parts.netloc.rpartition("@")[2], parts.hostname}
    except ValueError:
        found |= set(re.split(r"[/:@?&=]+", url.partition("://")[2]))
    pieces = {piece for piece in found if piece}
    return frozenset(
        piece for piece in pieces | {unquote(piece) for piece in pieces} if len(piece) >= SHORTEST
    )
