# SPDX-License-Identifier: Apache-2.0
"""What single values of a manifest may be: names, dates, languages, numbers, addresses."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from archive.manifest.dates import edtf_like, is_edtf
from archive.manifest.languages import doubt, legal_language
from archive.manifest.model import Manifest, ManifestItem
from archive.manifest.names import legal_id, same_name_key
from archive.manifest.problems import Code, Refused

BATCH = {
    "id": "B",
    "institution": "L",
    "scanner_model": "X",
    "resolution_dpi": 300,
    "color_profile": "sRGB",
    "scanner_id": "sane:test:0",
}


def item(**facts: Any) -> ManifestItem:
    return ManifestItem(**{"id": "A", "title": "T", "pages": 1, **facts})


def batch(**facts: Any) -> Manifest:
    return Manifest(**{**BATCH, "items": (item(),), **facts})


@pytest.mark.parametrize(
    "name",
    [
        "A-1",
        "0012",
        "Ms. germ. fol. 12",
        "ünïcödé",
        "日本",
        "a" * 200,
        "COM10",
        "console",
        "#1",
        "(x) [y] & z",
    ],
)
def test_ordinary_names_are_legal_ids(name: str) -> None:
    assert legal_id(name) == name


@pytest.mark.parametrize(
    "name",
    [
        "a/b", "a\\b", "a:b", "a*", "a?", 'a"b', "<a>", "a|b", "-a", ".", "..", ".hidden", "a.", "a ", "a\tb", "a\nb",
        "a\x7f", "a\u2028b", "CON", "con.txt", "Lpt1", "nul", "COM¹", "a\u200bb", "a\u00a0b", "a\u202fb", "a\u202eb",
        "a" * 201, "ü" * 101,
    ],
)  # fmt: skip
def test_names_that_some_system_cannot_take_are_refused(name: str) -> None:
    with pytest.raises(Refused) as refusal:
        legal_id(name)
    assert refusal.value.code == Code.NAME_ILLEGAL
    assert refusal.value.message.isprintable()


def test_a_name_with_several_faults_is_told_all_of_them() -> None:
    with pytest.raises(Refused) as refusal:
        legal_id("-a/b.")
    assert refusal.value.message.count(" it ") == 3


@pytest.mark.parametrize(
    ("one", "other"),
    [("abc", "ABC"), ("straße", "STRASSE"), ("é", "e\u0301"), ("É", "e\u0301"), ("Å", "\u212b"), ("ﬁ", "FI")],
)
def test_names_that_a_file_system_may_confuse_share_a_key(one: str, other: str) -> None:
    assert same_name_key(one) == same_name_key(other)


def test_different_names_have_different_keys() -> None:
    assert len({same_name_key(name) for name in ("a", "b", "ä", "a1", "a-1", "\u0430")}) == 6


@pytest.mark.parametrize(
    "text",
    [
        "1915", "1915-03", "1915-03-02", "1915~", "1915?", "1915%", "1915-03~", "19XX", "191X", "1915-XX", "1915-XX-XX",
        "1915-03-XX", "1914/1918", "1914-08/1918-11-11", "1914/..", "../1918", "1914/", "/1918", "1915-21", "-0044",
        "1916-02-29", "2000-02-29", "191X-02-29", "1914~/1918?",
    ],
)  # fmt: skip
def test_edtf_dates_are_known(text: str) -> None:
    assert is_edtf(text)


@pytest.mark.parametrize(
    "text",
    [
        "15", "1915-13", "1915-00", "1915-02-29", "1900-02-29", "1915-04-31", "1915-3-2", "02.03.1915", "1915/3", "c. 1915",
        "/", "../..", "", "1914/1918/1920", "1915-XX-02", "March 1915", "1915-21-01", "20260403", "\uff11\uff19\uff11\uff15",
    ],
)  # fmt: skip
def test_other_dates_are_not(text: str) -> None:
    assert not is_edtf(text)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("2.3.1915", "1915-03-02"),
        ("02. 03. 1915", "1915-03-02"),
        ("ca. 1915", "1915~"),
        ("um 1915", "1915~"),
        ("1914-1918", "1914/1918"),
        ("1914 – 1918", "1914/1918"),  # noqa: RUF001
        ("31.2.1915", None),
        ("2/3/1915", None),
    ],
)
def test_the_date_that_is_meant_is_proposed_where_it_is_plain(text: str, meant: Any) -> None:
    assert edtf_like(text) == meant


@pytest.mark.parametrize(
    "text",
    [
        "eng",
        "deu+fra",
        "Fraktur",
        "script/Fraktur",
        "chi_sim",
        "deu_latf",
        "frk",
        "chi_tra_vert",
        "grc",
        "osd",
        "Latin",
    ],
)
def test_iso_codes_and_tesseract_models_are_languages(text: str) -> None:
    assert legal_language(text) == text
    assert doubt(text) is None


@pytest.mark.parametrize(
    ("text", "remedy"),
    [
        ("en", "eng"),
        ("de-DE", "deu"),
        ("en_US", "eng"),
        ("German", "deu"),
        ("deutsch", "deu"),
        ("de, fr", "deu+fra"),
        ("deu/fra", "deu+fra"),
        ("DEU", "deu"),
        ("fraktur", "Fraktur"),
        ("no", "nor"),
        ("deu+", "deu"),
        ("Klingon", "eng or deu+fra"),
        ("../../etc/passwd", "eng or deu+fra"),
        ("-l", "eng or deu+fra"),
        ("+", "eng or deu+fra"),
    ],
)
def test_other_words_for_a_language_are_refused_with_the_code(text: str, remedy: str) -> None:
    with pytest.raises(Refused) as refusal:
        legal_language(text)
    assert refusal.value.code == Code.LANGUAGE_FORM
    assert remedy in refusal.value.remedy


@pytest.mark.parametrize(("text", "word"), [("ger", "deu"), ("eng+fre", "fra"), ("frak2021_1.069", "model")])
def test_doubtful_languages_are_legal_but_doubted(text: str, word: str) -> None:
    assert legal_language(text) == text
    assert word in doubt(text)[1]


@pytest.mark.parametrize("dpi", [50, 300, 4800])
def test_resolutions_of_scanners_are_taken(dpi: int) -> None:
    assert batch(resolution_dpi=dpi).resolution_dpi == dpi


@pytest.mark.parametrize("dpi", [-300, 0, 49, 4801, 300_000])
def test_impossible_resolutions_are_refused(dpi: int) -> None:
    with pytest.raises(ValidationError, match="dots per inch"):
        batch(resolution_dpi=dpi)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("srgb", "sRGB"),
        ("Adobe RGB", "AdobeRGB"),
        ("ECI-RGB v2", "eciRGBv2"),
        ("Gray", "gray"),
        ("BITONAL", "bitonal"),
    ],
)
def test_colour_profiles_are_known_however_they_are_spelt(written: str, meant: Any) -> None:
    assert batch(color_profile=written).color_profile == meant


@pytest.mark.parametrize(
    ("written", "meant"), [("sRBG", "sRGB"), ("grey", "gray"), ("adobe", "AdobeRGB"), ("CMYK", "sRGB, ")]
)
def test_other_colour_profiles_are_refused_with_the_nearest(written: str, meant: Any) -> None:
    with pytest.raises(ValidationError, match=meant):
        batch(color_profile=written)


@pytest.mark.parametrize("pages", [0, -1, 100_001, 10**12])
def test_absurd_numbers_of_pages_are_refused(pages: int) -> None:
    with pytest.raises(ValidationError, match="cannot have"):
        item(pages=pages)


@pytest.mark.parametrize("scanner", ["test:0", "sane:", "sane", "usb:x", "http://x", "Sane:test:0"])
def test_what_is_no_device_id_is_refused(scanner: str) -> None:
    with pytest.raises(ValidationError, match="recto devices"):
        batch(scanner_id=scanner)


@pytest.mark.parametrize(
    "scanner", ["sane:epson2:libusb:001:004", "simulated:sheet feeder", "folder:/srv/hot"]
)
def test_device_ids_of_every_backend_are_taken(scanner: str) -> None:
    assert batch(scanner_id=scanner).scanner_id == scanner


@pytest.mark.parametrize(
    "storage",
    [
        "attic",
        "s3://bucket/prefix",
        "file:///srv/archive",
        "https://s3.example.org/bucket",
        "/srv/archive",
        "aptrust.demo",
    ],
)
def test_storage_targets_are_names_or_urls(storage: str) -> None:
    assert batch(storage=(storage,)).storage == (storage,)


@pytest.mark.parametrize(
    "storage",
    [
        "s3://key:secret@bucket/x",
        "https://x.org/b?X-Amz-Signature=abc",
        "s3://b?aws_secret_access_key=k",
        "s3://b?token=1",
    ],
)
def test_secrets_in_storage_urls_are_refused_and_not_repeated(storage: str) -> None:
    with pytest.raises(ValidationError, match="keyring") as refusal:
        batch(storage=(storage,))
    cause = refusal.value.errors()[0]["ctx"]["error"]
    assert cause.code == Code.STORAGE_SECRET
    assert storage not in cause.message


@pytest.mark.parametrize("storage", ["two words", "", "a|b", "s3://[x"])
def test_what_is_no_storage_target_is_refused(storage: str) -> None:
    with pytest.raises(ValidationError):
        batch(storage=(storage,))


@pytest.mark.parametrize("name", ["Access", "Storage-Option", "Contact Name", "Größe"])
def test_labels_of_bags_are_tags(name: str) -> None:
    assert item(tags={name: "x"}).tags == {name: "x"}


@pytest.mark.parametrize("name", ["a:b", "", "a\nb", "Payload-Oxum", "bag-size"])
def test_names_that_a_tag_file_cannot_carry_are_refused(name: str) -> None:
    with pytest.raises(ValidationError):
        item(tags={name: "x"})


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 2**31, -(2**31) - 1, 1e300])
def test_settings_beyond_a_sane_word_are_refused(value: float) -> None:
    with pytest.raises(ValidationError):
        item(settings={"brightness": value})


def test_whole_settings_are_integers_and_booleans_stay_booleans() -> None:
    settings = item(settings={"a": 300.0, "b": True, "c": -0.0, "d": 0.5, "e": "1"}).settings
    assert settings == {"a": 300, "b": True, "c": 0, "d": 0.5, "e": "1"}
    assert [type(value) for value in settings.values()] == [int, bool, int, float, str]


@pytest.mark.parametrize(
    "path",
    ["/etc/passwd", "../x.tif", "a/../../x.tif", "a/..", "C:\\x.tif", "C:x.tif", "\\\\server\\x", "a\\b.tif", "~/x.tif", "file:///x", "-x.tif", "a/-x.tif", "a\nb.tif", "a|b.tif", "x" * 256],
)  # fmt: skip
def test_paths_that_leave_the_folder_or_cannot_be_payload_are_refused(path: str) -> None:
    with pytest.raises(ValidationError):
        item(pages=None, file_paths=(path,))


def test_an_item_has_pages_or_files_never_both_or_neither() -> None:
    with pytest.raises(ValidationError, match="both"):
        item(file_paths=("a.tif",))
    with pytest.raises(ValidationError, match="neither"):
        item(pages=None)


def test_the_model_itself_refuses_ids_that_collide_and_items_without_scanner() -> None:
    with pytest.raises(ValidationError, match="same bag"):
        batch(items=(item(), item(id="a")))
    with pytest.raises(ValidationError, match="scanner_id"):
        batch(scanner_id=None)
    assert batch(scanner_id=None, items=(item(scanner_id="sane:test:0"),)).items


def test_what_an_item_says_goes_over_what_the_batch_says() -> None:
    one = item(settings={"mode": "Gray"}, tags={"Access": "Restricted"}, scanner_id="sane:test:1")
    whole = batch(
        settings={"mode": "Color", "depth": 8},
        tags={"Access": "Institution", "Storage-Option": "Standard"},
        items=(one,),
    )
    assert whole.settings_of(one) == {"mode": "Gray", "depth": 8}
    assert whole.tags_of(one) == {"Access": "Restricted", "Storage-Option": "Standard"}
    assert whole.scanner_of(one) == "sane:test:1"


def test_manifests_are_frozen_and_refuse_unknown_facts() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        batch().id = "other"
    with pytest.raises(ValidationError, match="not permitted"):
        batch(colour="red")
