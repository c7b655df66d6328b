# SPDX-License-Identifier: Apache-2.0
"""Credentials come from the environment, answer for what they are for, and show no password."""

from __future__ import annotations

import pytest

from hardware.credentials import Credentials, credentials_from_environment
from hardware.sane.authorization import answer


def test_a_password_is_not_shown() -> None:
    assert "sesame" not in repr(Credentials("reader", "sesame"))


def test_credentials_come_from_the_environment() -> None:
    assert credentials_from_environment({}) == ()
    assert credentials_from_environment({"SANED_PASSWORD": "x"}) == ()
    full = {"SANED_USER": "reader", "SANED_PASSWORD": "x", "SANED_RESOURCE": "host:*"}
    assert credentials_from_environment(full) == (Credentials("reader", "x", "host:*"),)


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
