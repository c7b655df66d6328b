# SPDX-License-Identifier: Apache-2.0
"""Files of one name are one page where one was made from the other."""

from __future__ import annotations

from pathlib import Path

import pytest

from hardware.folder.shots import counts, shots


def pages(*names: str) -> set[tuple[str, str, tuple[str, ...]]]:
    made = shots(Path(name) for name in names)
    assert len(made) == len(set(made))
    return {
        (shot.image.name, shot.raw.name if shot.raw else "", tuple(other.name for other in shot.others))
        for shot in made
    }


def test_images_and_raw_files_of_other_names_are_a_page_each() -> None:
    assert pages("1.tif", "2.dng", "3.jpg") == {("1.tif", "", ()), ("2.dng", "", ()), ("3.jpg", "", ())}


def test_a_raw_file_beside_a_lossless_image_is_its_original() -> None:
    assert pages("IMG_1.NEF", "img_1.tif") == {("img_1.tif", "IMG_1.NEF", ())}


def test_a_cameras_jpeg_beside_its_raw_file_is_passed_over() -> None:
    assert pages("1.cr3", "1.JPG") == {("1.cr3", "", ("1.JPG",))}


def test_nothing_is_passed_over_where_it_is_not_clear_what_was_made_from_what() -> None:
    assert pages("1.dng", "1.nef", "1.jpg") == {("1.dng", "", ()), ("1.nef", "", ()), ("1.jpg", "", ())}
    assert pages("1.tif", "1.jpg") == {("1.tif", "", ()), ("1.jpg", "", ())}
    assert pages("1.dng", "1.tif", "1.png", "1.jpg") == {
        ("1.tif", "1.dng", ()),
        ("1.png", "1.dng", ()),
        ("1.jpg", "", ()),
    }


@pytest.mark.parametrize("name", ["1.tif", "1.TIFF", "1.jpeg", "1.PNG", "1.dng", "1.CR2", "1.arw"])
def test_images_and_raw_files_count(name: str) -> None:
    assert counts(Path(name))


@pytest.mark.parametrize("name", [".1.tif", "1.xmp", "1.tif.part", "tif", "1.pdf", "Thumbs.db"])
def test_hidden_and_other_files_do_not(name: str) -> None:
    assert not counts(Path(name))
