# SPDX-License-Identifier: Apache-2.0
"""Secrets in the keyring of the user's session: keys of storage targets, passwords of broker and database.

They are read where a connection is made and nowhere else: in no settings file, no message, no log. The
library `keyring` belongs to the desktop extra. Without it, or where nothing keeps secrets (a compute
node, a session without a secret service), the environment and AWS's credential chain serve, as they do
for whatever the settings do not look for in the keyring.
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import SplitResult, quote, unquote, urlsplit

import structlog

from workers.errors import KeyringMissing, SecretsUnavailable, SettingsInvalid
from workers.redaction import holds_secret, redact, remember_secret
from workers.storage_settings import StorageTargetSettings

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

log = structlog.get_logger(__name__)

T = TypeVar("T")

ANSWER_SECONDS = 60.0
"""Longest time for the keyring: its service may ask the user for the keyring's own password first."""

BROKER, RESULTS, DATABASE = "broker", "results", "database"


@dataclass(frozen=True, slots=True)
class AccessKey:
    """What a storage service knows a client by.

    Attributes:
        access_key: The public half.
        secret_key: The secret half.
    """

    access_key: str
    secret_key: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class KeyringState:
    """Whether secrets can be kept here.

    Attributes:
        usable: Whether they can.
        name: What keeps them, for people; "" where nothing does.
        reason: Why they cannot be kept; "" where they can.
    """

    usable: bool
    name: str = ""
    reason: str = ""


def keyring_state() -> KeyringState:
    """Whether this session has a keyring; whether it is locked is seen only when a secret is asked for."""
    try:
        backend = _ask(_backend)
    except SecretsUnavailable as error:
        return KeyringState(usable=False, reason=error.message)
    return KeyringState(usable=True, name=str(backend.name))


def access_key_of(target: str) -> AccessKey | None:
    """The key that is kept for a storage target, None where none is.

    Raises:
        SecretsUnavailable: There is no keyring, or it stays locked.
    """
    text = _read(_of_target(target))
    if text is None:
        return None
    try:
        document = json.loads(text)
        key = AccessKey(str(document["access_key"]), str(document["secret_key"]))
    except (ValueError, KeyError, TypeError) as error:
        raise SecretsUnavailable(
            f"What the keyring holds for the storage target {target!r} was not written by Recto.",
            remedy="Enter the key again in the settings.",
        ) from error
    remember_secret(key.secret_key)
    return key


def keep_access_key(target: str, key: AccessKey) -> None:
    """Keep the key of a storage target, in the place of an earlier one.

    Raises:
        SecretsUnavailable: The keyring did not take it.
    """
    remember_secret(key.secret_key)
    _write(_of_target(target), json.dumps({"access_key": key.access_key, "secret_key": key.secret_key}))


def forget_access_key(target: str) -> None:
    """Keep no key for a storage target any more.

    Raises:
        SecretsUnavailable: There is no keyring, or it stays locked.
    """
    _erase(_of_target(target))


def notification_address_of(target: str) -> str | None:
    """The address that is kept for a notification target, None where none is.

    Raises:
        SecretsUnavailable: The keyring is there and cannot be asked.
    """
    address = _where_there_is_a_keyring(lambda: _read(_of_notifications(target)))
    if address is not None:
        remember_secret(address)
    return address


def keep_notification_address(target: str, address: str) -> None:
    """Keep the address of a notification target, in the place of an earlier one.

    Raises:
        SecretsUnavailable: The keyring did not take it.
    """
    remember_secret(address)
    _write(_of_notifications(target), address)


def password_of(place: str) -> str | None:
    """The password that is kept for "broker", "results" or "database", None where none is.

    Raises:
        SecretsUnavailable: There is no keyring, or it stays locked.
    """
    password = _read(place)
    if password is not None:
        remember_secret(password)
    return password


def keep_password(place: str, password: str) -> None:
    """Keep the password of "broker", "results" or "database", in the place of an earlier one.

    Raises:
        SecretsUnavailable: The keyring did not take it.
    """
    remember_secret(password)
    _write(place, password)


def forget_password(place: str) -> None:
    """Keep no password for "broker", "results" or "database" any more.

    Raises:
        SecretsUnavailable: There is no keyring, or it stays locked.
    """
    _erase(place)


def keeping_access_key(target: str, key: AccessKey) -> AbstractContextManager[None]:
    """Keep the key of a storage target; where the block fails, the earlier one again.

    Raises:
        SecretsUnavailable: The keyring did not take it.
    """
    return _keeping(_of_target(target), lambda: keep_access_key(target, key))


def keeping_password(place: str, password: str) -> AbstractContextManager[None]:
    """Keep the password of "broker", "results" or "database"; where the block fails, the earlier one again.

    Raises:
        SecretsUnavailable: The keyring did not take it.
    """
    return _keeping(place, lambda: keep_password(place, password))


def forgetting_access_key(target: str) -> AbstractContextManager[None]:
    """Keep no key for a storage target any more, once the block has gone well.

    Raises:
        SecretsUnavailable: The keyring stays locked.
    """
    return _forgetting(_of_target(target))


def forgetting_password(place: str) -> AbstractContextManager[None]:
    """Keep no password for "broker", "results" or "database" any more, once the block has gone well.

    Raises:
        SecretsUnavailable: The keyring stays locked.
    """
    return _forgetting(place)


@contextmanager
def _keeping(name: str, keep: Callable[[], None]) -> Iterator[None]:
    earlier = _read(name)
    keep()
    try:
        yield
    except BaseException:
        if earlier is None:
            _erase(name)
        else:
            _write(name, earlier)
        raise


@contextmanager
def _forgetting(name: str) -> Iterator[None]:
    # asked before: one that stays locked is told before anything is changed
    earlier = _where_there_is_a_keyring(lambda: _read(name))
    yield
    if earlier is not None:
        _erase(name)


def access_key_for(name: str, target: StorageTargetSettings) -> AccessKey | None:
    """The key to open a storage target with; None where AWS's own credential chain is to find it.

    Where no keyring is, as on a compute node that shares the station's settings, the chain has to
    serve; a keyring that is there and stays locked is told instead.

    Args:
        name: The target's name.
        target: Its settings, which say where its key is.

    Raises:
        SecretsUnavailable: The keyring is there and cannot be asked.
    """
    if target.credentials != "keyring":
        return None
    key = _where_there_is_a_keyring(lambda: access_key_of(name))
    if key is None:
        log.warning("secrets.not_in_keyring", target=name, instead="AWS credential chain")
    return key


def with_password(url: str, place: str, kept: tuple[str, ...]) -> str:
    """An address with its password from the keyring, where the settings say that it is there.

    Args:
        url: The address. A password that stands in it already stays; a file's address takes none.
        place: "broker", "results" or "database".
        kept: The places whose passwords are in the keyring (`Settings.passwords_in_keyring`).

    Raises:
        SecretsUnavailable: The keyring is there and cannot be asked.
        SettingsInvalid: It is no address.
    """
    parts = _parts_of(url)
    if place not in kept or parts.password is not None or not parts.netloc:
        return url
    password = _where_there_is_a_keyring(lambda: password_of(place))
    if password is None:
        log.warning("secrets.not_in_keyring", place=place)
        return url
    user, _, host = parts.netloc.rpartition("@")
    return parts._replace(netloc=f"{user}:{quote(password, safe='')}@{host}").geturl()


def without_password(url: str) -> tuple[str, str | None]:
    """An address as the settings file may hold it, and the password that stood in it.

    Raises:
        SettingsInvalid: It is no address, or a secret would be left in it.
    """
    parts, password = _parts_of(url), None
    if parts.password:
        user, _, host = parts.netloc.rpartition("@")
        name = user.partition(":")[0]
        password = unquote(parts.password)
        url = parts._replace(netloc=f"{name}@{host}" if name else host).geturl()
    refuse_secret(url)
    return url, password


def same_account(url: str | None, other: str | None) -> bool:
    """Whether two addresses name the same user of the same host, who has one password.

    Raises:
        SettingsInvalid: One is no address.
    """
    one, two = _parts_of(url or ""), _parts_of(other or "")
    return (one.username, one.hostname) == (two.username, two.hostname)


def refuse_secret(text: str) -> None:
    """Let no text with a secret in it get into the settings file.

    Raises:
        SettingsInvalid: There is one; it is not repeated.
    """
    if holds_secret(text):
        raise SettingsInvalid(
            "There is a password in what was entered, where it cannot be taken out.",
            consequence="It was not saved: it would stand in the settings file, for others to read.",
            remedy="A password stands before the host, as in redis://user:password@host, and its letters "
            "/ ? # @ : are written %2F %3F %23 %40 %3A. The key of a storage target has fields of its own.",
        )


def _parts_of(url: str) -> SplitResult:
    try:
        return urlsplit(url)
    except ValueError as error:
        raise SettingsInvalid(f"{redact(url)} is no address: {error}.", remedy="Mend the address.") from error


def _where_there_is_a_keyring(read: Callable[[], T | None]) -> T | None:
    try:
        return read()
    except KeyringMissing as error:
        log.warning("secrets.no_keyring", reason=error.message)
        return None


def _of_target(name: str) -> str:
    return f"storage:{name}"


def _of_notifications(name: str) -> str:
    return f"notifications:{name}"


def _service() -> str:
    """Under which name the keyring holds them: secrets of one RECTO_HOME are not those of another."""
    home = os.environ.get("RECTO_HOME")
    return f"Recto {home}" if home else "Recto"


def _read(name: str) -> str | None:
    return _ask(lambda: _backend().get_password(_service(), name))


def _write(name: str, secret: str) -> None:
    _ask(lambda: _backend().set_password(_service(), name, secret))
    # some keyrings take everything and keep nothing
    if _read(name) != secret:
        raise SecretsUnavailable("The keyring did not keep what it was given.")


def _erase(name: str) -> None:
    from keyring.errors import PasswordDeleteError

    def erase() -> None:
        backend = _backend()
        if backend.get_password(_service(), name) is None:
            return
        try:
            backend.delete_password(_service(), name)
        except PasswordDeleteError:
            # somebody else was faster
            log.debug("secrets.gone_already", name=name)

    _ask(erase)


def _backend() -> KeyringBackend:
    try:
        import keyring
        from keyring.backends import fail
    except ImportError as error:
        raise KeyringMissing(
            "The keyring library is not installed.", remedy="Install it with: pip install 'recto[desktop]'"
        ) from error
    backend = keyring.get_keyring()
    if isinstance(backend, fail.Keyring):
        raise KeyringMissing("No service that keeps secrets runs in this session.")
    # several behind one another: the first takes what is kept
    first = next(iter(getattr(backend, "backends", ())), backend)
    if type(first).__name__.startswith("Plaintext"):
        raise KeyringMissing("The only keyring of this session writes secrets into a file that can be read.")
    return backend


def _ask(question: Callable[[], T]) -> T:
    """Ask the keyring, and do not wait for ever: it may itself wait for a person who is not there."""
    answer: dict[str, Any] = {}

    def ask() -> None:
        try:
            answer["value"] = question()
        except Exception as error:  # noqa: BLE001 (told below, in the thread that asked)
            answer["error"] = error

    thread = threading.Thread(target=ask, name="keyring", daemon=True)
    thread.start()
    thread.join(ANSWER_SECONDS)
    error = answer.get("error")
    if isinstance(error, SecretsUnavailable):
        raise error
    if error is not None:
        raise _named(error) from error
    if "value" not in answer:
        raise SecretsUnavailable(f"The keyring has not answered within {ANSWER_SECONDS:.0f} seconds.")
    value: T = answer["value"]
    return value


def _named(error: Exception) -> SecretsUnavailable:
    """What a keyring raises, in our words; backends raise errors of their bus and of their own as well."""
    if type(error).__name__ == "KeyringLocked":
        return SecretsUnavailable("The keyring is locked.")
    reason = str(error).strip().rstrip(".") or type(error).__name__
    return SecretsUnavailable(f"The keyring refused: {reason}.")
