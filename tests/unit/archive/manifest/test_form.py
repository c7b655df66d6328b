# SPDX-License-Identifier: Apache-2.0
"""A manifest filled in as a form: checked by the rules for files, and the same after it was saved and read."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive.errors import ManifestExists
from archive.manifest.form import ITEM_COLUMNS, ManifestForm, check_form, save_form
from archive.manifest.pasted_rows import pasted_items
from archive.manifest.reader import read_manifest

BATCH = {
    "id": "letters",
    "institution": "=Library",
    "scanner_id": "simulated:flatbed",
    "scanner_model": "Flatbed",
    "resolution_dpi": "300",
    "color_profile": "sRGB",
}


def item(**values: str) -> tuple[str, ...]:
    return tuple(values.get(name, "") for name in ITEM_COLUMNS)


FORM = ManifestForm(
    BATCH,
    {"language": "deu"},
    {"Access": "Restricted", "Description": ""},
    (
        item(id="0012", title="Grüße; an, Anna", pages="2"),
        item(),
        item(id="B", title="-5", language="eng", pages="3"),
    ),
)


@pytest.mark.parametrize("suffix", [".csv", ".xlsx", ".yaml"])
def test_a_form_saved_and_read_is_the_manifest_that_was_checked(tmp_path: Path, suffix: str) -> None:
    checked = check_form(FORM, tmp_path)
    assert checked.problems == ()
    path = tmp_path / f"m{suffix}"
    digest = save_form(FORM, path, manifest=checked.manifest)
    reading = read_manifest(path)
    assert reading.problems == ()
    assert reading.manifest == checked.manifest
    assert reading.sha256 == digest
    assert reading.manifest is not None
    assert [(each.id, each.language) for each in reading.manifest.items] == [("0012", "deu"), ("B", "eng")]


def test_problems_are_told_where_they_were_filled_in(tmp_path: Path) -> None:
    wrong = (
        FORM.with_batch("resolution_dpi", "9").with_tag("Access", "Public").with_for_all("language", "German")
    )
    wrong = wrong.with_cell(0, 2, "0").with_cell(2, 5, "engl").with_batch("institution", "")
    checked = check_form(wrong, tmp_path)
    assert set(checked.by_field) == {"resolution_dpi", "tag.Access", "language", "institution"}
    assert set(checked.by_cell) == {(0, 2), (2, 5)}
    assert checked.manifest is None
    assert checked.errors == 6


def test_a_form_without_items_says_so(tmp_path: Path) -> None:
    checked = check_form(ManifestForm(BATCH), tmp_path)
    assert [problem.code for problem in checked.by_field[""]] == ["no-items"]


def test_an_empty_form_asks_for_what_every_manifest_needs(tmp_path: Path) -> None:
    checked = check_form(ManifestForm(items=(item(id="A"),)), tmp_path)
    needed = {"id", "institution", "scanner_model", "resolution_dpi", "color_profile"}
    assert needed <= set(checked.by_field)
    assert {problem.code for name in needed for problem in checked.by_field[name]} == {"required"}


def test_an_unfinished_form_is_kept_as_a_sheet_and_another_file_is_not_replaced(tmp_path: Path) -> None:
    path = tmp_path / "m.csv"
    wrong = FORM.with_cell(0, 2, "many")
    digest = save_form(wrong, path)
    with pytest.raises(ManifestExists):
        save_form(FORM, path)
    assert save_form(FORM, path, replaces=digest) != digest
    path.write_text("somebody else's")
    with pytest.raises(ManifestExists):
        save_form(FORM, path, replaces=digest)
    assert path.read_text() == "somebody else's"
    save_form(FORM, path, replaces="")
    assert read_manifest(path).valid


def test_items_are_added_and_taken_out_by_their_number() -> None:
    form = FORM.with_cell(3, 0, "D").with_items(1, [item(id="X")])
    assert [each[0] for each in form.items] == ["0012", "X", "", "B", "D"]
    assert [each[0] for each in form.without_items([0, 2]).items] == ["X", "B", "D"]


def test_pasted_rows_go_where_their_header_says() -> None:
    assert pasted_items("Title\tShelf\tID\nLetter\t7\tA\n\t\t\n") == [item(id="A", title="Letter")]
    assert pasted_items("A\tLetter\nB\tCard\t3\tWeber\n") == [
        item(id="A", title="Letter"),
        item(id="B", title="Card", pages="3", creator="Weber"),
    ]
    assert pasted_items(" \n") == []
