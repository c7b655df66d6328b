# SPDX-License-Identifier: Apache-2.0
"""Credentials come from the environment, answer for what they are for, and show no password."""

from __future__ import annotations

from pathlib import Path

import pytest

from hardware.credentials import Credentials, credentials_from_environment, credentials_from_file
from hardware.sane.authorization import answer


def test_a_password_is_not_shown() -> None:
    assert "sesame" not in repr(Credentials("reader", "sesame"))


def test_credentials_come_from_the_environment() -> None:
    assert credentials_from_environment({}) == ()
    assert credentials_from_environment({"SANED_PASSWORD": "x"}) == ()
    full = {"SANED_USER": "reader", "SANED_PASSWORD": "x", "SANED_RESOURCE": "host:*"}
    assert credentials_from_environment(full) == (Credentials("reader", "x", "host:*"),)


def written(tmp_path: Path, text: str, mode: int = 0o600) -> Path:
    file = tmp_path / "pass"
    file.write_text(text)
    file.chmod(mode)
    return file


def test_credentials_come_from_a_file_of_scanimages_form(tmp_path: Path) -> None:
    file = written(tmp_path, "# of the attic\nreader:x:net:attic:*\n\nother:y\nthird::z\n")
    assert credentials_from_file(file) == (
        Credentials("reader", "x", "net:attic:*"),
        Credentials("other", "y", "*"),
        Credentials("third", "", "z"),
    )


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o666, 0o610])
def test_a_file_that_others_may_read_is_refused_with_what_to_do(tmp_path: Path, mode: int) -> None:
    file = written(tmp_path, "reader:sesame:x\n", mode)
    with pytest.raises(ValueError, match="chmod 600"):
        credentials_from_file(file)


@pytest.mark.parametrize("line", [":sesame:x", f"reader:{'sesame' * 40}:x", ":sesame"])
def test_a_line_that_is_none_is_named_and_not_shown(tmp_path: Path, line: str) -> None:
    file = written(tmp_path, f"reader:x\n{line}\n")
    with pytest.raises(ValueError, match="line 2 of") as refused:
        credentials_from_file(file)
    assert "sesame" not in str(refused.value)


def test_only_the_file_that_somebody_named_must_be_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert credentials_from_file() == ()
    with pytest.raises(FileNotFoundError):
        credentials_from_file(tmp_path / "pass")
    (tmp_path / ".sane").mkdir()
    written(tmp_path / ".sane", "reader:x:y\n")
    assert credentials_from_file() == (Credentials("reader", "x", "y"),)


@pytest.mark.parametrize(("user", "password"), [("", "x"), ("x" * 128, ""), ("x", "é" * 64)])
def test_what_does_not_fit_is_refused_without_being_shown(user: str, password: str) -> None:
    with pytest.raises(ValueError, match="A user name has") as caught:
        Credentials(user, password)
    assert not password or password not in str(caught.value)


def test_the_first_that_is_for_a_resource_answers() -> None:
    known = (Credentials("a", "1", "host:epson2"), Credentials("b", "2", "host:*"))
    assert answer(known, "host:epson2") == ("a", "1")
    assert answer(known, "host:test") == ("b", "2")
    assert answer(known, "elsewhere:test") is None


def test_a_salt_is_answered_with_the_digest_that_rfc_1321_gives() -> None:
    # MD5("message digest") of RFC 1321, appendix A.5
    assert answer((Credentials("a", "digest"),), "host:test$MD5$message ") == (
        "a",
        "$MD5$f96b697d7cb7938d525a2f31aaf161d0",
    )
