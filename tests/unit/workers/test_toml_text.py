# SPDX-License-Identifier: Apache-2.0
"""Changing TOML text: what it then says, and what stays as it was."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.toml_text import append_entry, at, changed, remove, set_value, toml_value, without

FILE = """\
# The reading room's station.
# Ask M. Muster before changing anything.

station = "reading-room"   # beside the window
operator = 'M. "Max" Muster'

[ledger]
# dead workers are rare here
lease_seconds = 30   # not less
"quoted key" = [
    1, # one ] bracket
    2,
]

[storage.vault]
url = "s3://vault/bags"

[[devices.simulated]]
name = "practice"  # for new people
[[devices.simulated]]
name = "second"
features = ["folio"]

[ocr]
language = \"\"\"
deu"\"\"\"
"""
# the last value ends with a quote right before the closing three


def test_a_value_is_changed_in_its_place_and_keeps_its_comment() -> None:
    after = set_value(FILE, ("station",), "cellar")
    assert after == FILE.replace('"reading-room" ', '"cellar" ')


@pytest.mark.parametrize(
    ("key", "value", "line_before", "line"),
    [
        (("broker_url",), "redis://x", "operator = 'M. \"Max\" Muster'", 'broker_url = "redis://x"'),
        (("ledger", "max_attempts"), 4, "]", "max_attempts = 4"),
        (("storage", "vault", "region"), "eu", 'url = "s3://vault/bags"', 'region = "eu"'),
        (("devices", "simulated", 0, "sheets"), 9, 'name = "practice"  # for new people', "sheets = 9"),
        (("storage", "second one", "url"), "/b", '[storage."second one"]', 'url = "/b"'),
        (("upload", "orphan_hours"), 2.5, "[upload]", "orphan_hours = 2.5"),
    ],
)
def test_a_new_value_stands_in_its_table(key: Any, value: Any, line_before: str, line: str) -> None:
    after = set_value(FILE, key, value)
    lines = after.splitlines()
    assert lines[lines.index(line) - 1] == line_before
    assert tomllib.loads(after) == changed(tomllib.loads(FILE), key, value)
    assert [kept for kept in lines if kept in FILE.splitlines() and kept] == [
        kept for kept in FILE.splitlines() if kept
    ]


@pytest.mark.parametrize(
    "key",
    [
        ("operator",),
        ("ledger", "quoted key"),
        ("storage", "vault"),
        ("devices", "simulated", 0),
        ("ocr",),
        ("no",),
    ],
)
def test_what_is_removed_takes_nothing_else_with_it(key: Any) -> None:
    after = remove(FILE, key)
    said = tomllib.loads(after)
    assert (said | {"storage": said.get("storage", {})}) == without(tomllib.loads(FILE), key)
    assert "# Ask M. Muster before changing anything." in after


def test_an_entry_joins_the_others_of_its_array() -> None:
    after = append_entry(FILE, ("devices", "simulated"), {"name": "third", "sheets": 3})
    assert [entry["name"] for entry in tomllib.loads(after)["devices"]["simulated"]] == [
        "practice",
        "second",
        "third",
    ]
    assert after.index('"third"') < after.index("[ocr]")


@pytest.mark.parametrize(
    "text",
    [
        "devices = { simulated = [ { name = 'a' } ] }\n",
        "devices.simulated = [{ name = 'a' }]\n",
        "[devices]\nsimulated = [\n  { name = 'a' }, # the first\n]\nsane = true\n",
        "[[devices.simulated]]\nname = 'a'\n[devices.simulated.deeper]\nx = 1\n",
        "[devices]\r\nsane = true\r\n[[devices.simulated]]\r\nname = 'a'",
    ],
)
def test_every_form_of_toml_is_understood(text: str) -> None:
    for key, value in [
        (("devices", "simulated", 0, "sheets"), 3),
        (("devices", "simulated", 0, "name"), "b"),
        (("devices", "sane"), False),
        (("station",), "x"),
    ]:
        said = changed(tomllib.loads(text), key, value)  # type: ignore[arg-type]
        assert tomllib.loads(set_value(text, key, value)) == said  # type: ignore[arg-type]
    appended = append_entry(text, ("devices", "simulated"), {"name": "c"})
    assert at(tomllib.loads(appended), ("devices", "simulated"))[-1] == {"name": "c"}
    if "\r\n" in text:
        assert "\n" not in appended.replace("\r\n", "")


def test_dotted_keys_are_continued_as_they_began() -> None:
    text = "ledger.lease_seconds = 3\n"
    assert set_value(text, ("ledger", "max_attempts"), 2) == text + "ledger.max_attempts = 2\n"


def test_the_first_value_goes_below_the_files_introduction() -> None:
    assert set_value("# Ours.\n\n[ocr]\nlanguage = 'deu'\n", ("station",), "a").startswith(
        '# Ours.\n\nstation = "a"\n'
    )
    assert set_value("[ocr]\n", ("station",), "a") == 'station = "a"\n\n[ocr]\n'
    assert set_value("", ("ocr", "language"), "deu") == '[ocr]\nlanguage = "deu"\n'


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_any_text_is_read_back_as_it_was_written(text: str) -> None:
    assert tomllib.loads(f"key = {toml_value(text)}") == {"key": text}


@given(
    st.lists(
        st.tuples(st.sampled_from("ab"), st.sampled_from("xyz"), st.integers() | st.text("a#='\"[]\n")),
        max_size=8,
    )
)
def test_many_changes_say_what_they_should(changes: list[tuple[str, str, Any]]) -> None:
    text, said = FILE, tomllib.loads(FILE)
    for table, name, value in changes:
        text, said = set_value(text, (table, name), value), changed(said, (table, name), value)
    assert tomllib.loads(text) == said
